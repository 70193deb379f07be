package dev.mlops4j.serving;

/**
 * A version that could not be loaded. What was wrong may pass (a disk, a package that is restored),
 * so it is tried again: after one look, then two, four, and so on up to {@link #MAX_LOOKS}, as
 * loading may be dear. Used by one thread at a time.
 */
final class Refusal {

  static final int MAX_LOOKS = 64;

  private final int version;
  private final String reason;
  private final int pause;
  private int looks;

  Refusal(int version, String reason) {
    this(version, reason, 1);
  }

  private Refusal(int version, String reason, int pause) {
    this.version = version;
    this.reason = reason;
    this.pause = pause;
  }

  boolean isOf(int other) {
    return version == other;
  }

  String reason() {
    return reason;
  }

  /** Whether it is time to try again; to be asked once a look. */
  boolean isDue() {
    looks++;
    return looks > pause;
  }

  /** The refusal of the same version after another try. */
  Refusal again(String newReason) {
    return new Refusal(version, newReason, Math.min(2 * pause, MAX_LOOKS));
  }
}
