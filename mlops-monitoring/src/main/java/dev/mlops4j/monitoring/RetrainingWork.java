package dev.mlops4j.monitoring;

/** What a retraining does, with what it needs to be done by one process at a time. */
@FunctionalInterface
interface RetrainingWork {

  /**
   * Does it.
   *
   * @return in a sentence what came of it
   * @throws InterruptedException if that happened while it waited
   */
  String run(RetrainingLease lease) throws InterruptedException;
}
