package dev.mlops4j.monitoring;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a model is to be trained again, and on what.
 *
 * @param id the same when it runs again because a process died: work that finds its id done need
 *     not be done again
 * @param why what called for it, each in words
 * @param cause the alert that led to it, or null; also null if it runs again after a process died
 *     and the ledger does not have the alert
 * @param triggeredAt when, by the workspace's clock; what becomes known later is not to be used
 * @param from from when on rows are to be trained on, as {@link RetrainingBuilder#window} says;
 *     {@link Instant#EPOCH} if it does not
 */
public record RetrainingTrigger(
    String id, List<String> why, @Nullable Alert cause, Instant triggeredAt, Instant from) {

  /** Copies the words. */
  public RetrainingTrigger {
    why = List.copyOf(why);
  }

  /** The alert that led to it, if one did. */
  public Optional<Alert> alert() {
    return Optional.ofNullable(cause);
  }
}
