package dev.mlops4j.monitoring;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** What a ledger can hold. */
final class Recordable {

  /** In characters and, encoded as UTF-8, in bytes: what an index of PostgreSQL can hold. */
  static final int MAX_ID_LENGTH = 1_024;

  static final int MAX_DOUBLES = 100_000;

  /** The moments that can be recorded: the years 1 to 9999. */
  static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

  static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  private Recordable() {}

  /** Whether it is without half of a surrogate pair, which would be stored as a question mark. */
  static boolean isText(String string) {
    for (int i = 0; i < string.length(); i++) {
      int point = string.codePointAt(i);
      if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
        return false;
      }
      i += Character.charCount(point) - 1;
    }
    return true;
  }

  /** Whether it is not too long. */
  static boolean isId(String id) {
    return id.length() <= MAX_ID_LENGTH / 3 || bytes(id) <= MAX_ID_LENGTH;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  static boolean isMoment(Instant at) {
    return !at.isBefore(EARLIEST) && !at.isAfter(LATEST);
  }

  /** Refuses an outcome that a ledger cannot hold. */
  static void checkOutcome(Ledger ledger, String predictionId, String text, Instant knownAt) {
    if (!isId(predictionId)) {
      throw new MonitoringException(
          "the id of a prediction has at most "
              + MAX_ID_LENGTH
              + " bytes in UTF-8, found "
              + bytes(predictionId));
    }
    if (!isMoment(knownAt)) {
      throw new MonitoringException(
          "an outcome is known at a moment of the years 1 to 9999, found " + knownAt);
    }
    if (!isText(predictionId) || !isText(text)) {
      throw new MonitoringException(
          "the "
              + (isText(predictionId) ? "value of an outcome" : "id of a prediction")
              + " is no Unicode text: it has half of a surrogate pair, and could not be read back"
              + " as it was");
    }
    if (!ledger.holds(predictionId) || !ledger.holds(text)) {
      throw new MonitoringException(
          "the id of a prediction or the value of its outcome has the character U+0000 in it, which"
              + " the workspace's database cannot hold; leave it out");
    }
  }
}
