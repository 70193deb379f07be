package dev.mlops4j.monitoring;

import java.time.Instant;

/**
 * Why a model is to be trained again.
 *
 * @param id the same when it runs again because a process died: work that finds its id done need
 *     not be done again
 * @param alert the alert that led to it
 * @param triggeredAt when, by the workspace's clock
 */
public record RetrainingTrigger(String id, Alert alert, Instant triggeredAt) {}
