package dev.mlops4j.examples.flights;

import java.time.Instant;
import java.time.InstantSource;

/** The clock of the year that is replayed: it says what it was set to. */
final class ReplayClock implements InstantSource {

  private volatile Instant now;

  ReplayClock(Instant now) {
    this.now = now;
  }

  void set(Instant instant) {
    this.now = instant;
  }

  @Override
  public Instant instant() {
    return now;
  }
}
