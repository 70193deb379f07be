package dev.mlops4j.feature;

import java.time.Instant;
import java.time.InstantSource;

/** A clock that a test sets. */
final class MutableClock implements InstantSource {

  private volatile Instant now;

  MutableClock(Instant now) {
    this.now = now;
  }

  void set(Instant to) {
    now = to;
  }

  @Override
  public Instant instant() {
    return now;
  }
}
