package dev.mlops4j;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A SHA-256 digest, the name by which datasets, artifacts and feature definitions are known.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record Digest(String hex) implements Comparable<Digest> {

  private static final int HEX_LENGTH = 64;
  private static final int SHORT_LENGTH = 12;

  /**
   * Checks the form.
   *
   * @throws IllegalArgumentException if {@code hex} is not 64 lower-case hexadecimal digits
   */
  public Digest {
    if (!isHex(hex)) {
      throw new IllegalArgumentException(
          "a digest is 64 lower-case hexadecimal digits, found \"" + hex + "\"");
    }
  }

  /** Whether a text is what a digest is made of: 64 lower-case hexadecimal digits. */
  public static boolean isHex(String text) {
    boolean isHex = text.length() == HEX_LENGTH;
    for (int i = 0; isHex && i < HEX_LENGTH; i++) {
      isHex = isLowerHex(text.charAt(i));
    }
    return isHex;
  }

  /** The digest of these bytes. */
  public static Digest of(byte[] bytes) {
    return finish(sha256(), bytes);
  }

  /** The digest of this text in UTF-8. */
  public static Digest of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Ends the computation that {@code messageDigest}, made by {@link #sha256()}, was fed. */
  public static Digest of(MessageDigest messageDigest) {
    return new Digest(HexFormat.of().formatHex(messageDigest.digest()));
  }

  /** A new SHA-256 computation, for what comes in pieces. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The first twelve digits, for people. */
  public String shortHex() {
    return hex.substring(0, SHORT_LENGTH);
  }

  // Those that a record has by itself take the JVM 20 ms to link, in every service that starts.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Digest digest && digest.hex.equals(hex);
  }

  @Override
  public int hashCode() {
    return hex.hashCode();
  }

  @Override
  public int compareTo(Digest other) {
    return hex.compareTo(other.hex);
  }

  @Override
  public String toString() {
    return hex;
  }

  private static Digest finish(MessageDigest messageDigest, byte[] bytes) {
    messageDigest.update(bytes);
    return of(messageDigest);
  }

  private static boolean isLowerHex(int c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  }
}
