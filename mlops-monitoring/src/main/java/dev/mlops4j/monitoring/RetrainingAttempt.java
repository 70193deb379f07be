package dev.mlops4j.monitoring;

import org.jspecify.annotations.Nullable;

/**
 * One process's attempt at a retraining.
 *
 * @param token the fencing token: greater than that of every attempt at it before
 * @param earlierRun the tracked run that an earlier attempt named, or null
 */
record RetrainingAttempt(RetrainingTrigger trigger, long token, @Nullable String earlierRun) {

  String id() {
    return trigger.id();
  }
}
