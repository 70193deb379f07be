package dev.mlops4j.serving;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/** Ids that no other predictor gives: 64 random bits of the predictor's own, and a count. */
final class PredictionIds {

  private final String prefix = HexFormat.of().toHexDigits(new SecureRandom().nextLong()) + "-";
  private final AtomicLong count = new AtomicLong();

  String next() {
    return prefix + Long.toHexString(count.getAndIncrement());
  }
}
