package dev.mlops4j.monitoring;

import java.util.List;
import java.util.OptionalLong;

/** A ledger that holds nothing, for tests of what writes to one. */
abstract class StubLedger implements Ledger {

  @Override
  public long predictionCount() {
    return 0;
  }

  @Override
  public OptionalLong nextAskedAt(long fromMicros) {
    return OptionalLong.empty();
  }

  @Override
  public OptionalLong lastAskedAt() {
    return OptionalLong.empty();
  }

  @Override
  public long outcomesWithoutPrediction() {
    return 0;
  }

  @Override
  public boolean asked(long fromMicros, long toMicros) {
    return false;
  }

  @Override
  public List<VersionCount> versions(long fromMicros, long toMicros) {
    return List.of();
  }

  @Override
  public void scan(long fromMicros, long toMicros, Visitor visitor) {}

  @Override
  public void scanLogged(long fromMicros, long toMicros, LoggedVisitor visitor) {}
}
