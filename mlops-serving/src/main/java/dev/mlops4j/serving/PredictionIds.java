package dev.mlops4j.serving;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/** Ids that no other predictor gives: 64 random bits of the predictor's own, and a count. */
final class PredictionIds {

  private final String prefix = HexFormat.of().toHexDigits(new SecureRandom().nextLong()) + "-";
  private final AtomicLong count = new AtomicLong();

  /** Refuses what stores would give back as other text. */
  static void check(String id) {
    for (int i = 0; i < id.length(); i++) {
      if (Character.isSurrogate(id.charAt(i))) {
        if (i + 1 == id.length() || !Character.isSurrogatePair(id.charAt(i), id.charAt(i + 1))) {
          throw new IllegalArgumentException(
              "the id of a prediction is no Unicode text: it has half of a surrogate pair at index "
                  + i);
        }
        i++;
      }
    }
  }

  String next() {
    // Each prediction has one: this way of the same text leaves the least garbage.
    return prefix.concat(Long.toString(count.getAndIncrement()));
  }
}
