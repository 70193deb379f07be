package dev.mlops4j.monitoring;

import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/** A ledger that holds nothing, for tests of what writes to one. */
abstract class StubLedger implements Ledger {

  @Override
  public long predictionCount() {
    return 0;
  }

  @Override
  public OptionalLong nextRequestAt(long fromMicros) {
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
  public void scanNanos(long fromMicros, long toMicros, LongConsumer visitor) {}

  @Override
  public void scanLogged(long fromMicros, long toMicros, LoggedVisitor visitor) {}

  @Override
  public long failures(long fromMicros, long toMicros) {
    return 0;
  }

  @Override
  public SortedMap<Long, Long> changes(long lengthMicros) {
    return new TreeMap<>();
  }

  @Override
  public long erase(Collection<String> ids) {
    return 0;
  }

  @Override
  public long eraseStartingWith(String prefix) {
    return 0;
  }

  @Override
  public long removeBefore(long micros) {
    return 0;
  }
}
