package dev.mlops4j.monitoring;

import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells sinks of retrainings that fail again. */
final class RetrainingFailures {

  private static final Logger LOG = LoggerFactory.getLogger(Retraining.class);

  private final String model;
  private final List<AlertSink> sinks;

  RetrainingFailures(String model, List<AlertSink> sinks) {
    this.model = model;
    this.sinks = List.copyOf(sinks);
  }

  /** Tells of the last retraining, if it failed and the one before had too. */
  void tell(List<RetrainingRecord> past) {
    int failures = RetrainingPolicy.failuresInARow(past);
    if (failures < 2) {
      return;
    }
    Alert alert = alert(past.subList(past.size() - failures, past.size()));
    for (AlertSink sink : sinks) {
      try {
        if (alert.repeated()) {
          sink.repeated(alert);
        } else {
          sink.alert(alert);
        }
      } catch (RuntimeException e) {
        LOG.error("an alert could not be delivered: {}", alert, e);
      }
    }
  }

  /** One alert for all failures in a row, which is repeated by the third. */
  private Alert alert(List<RetrainingRecord> failed) {
    RetrainingRecord first = failed.get(0);
    RetrainingRecord second = failed.get(1);
    RetrainingRecord last = failed.get(failed.size() - 1);
    Instant now = last.endedAt().orElse(last.triggeredAt());
    String words =
        "its retraining failed "
            + failed.size()
            + " times in a row, the last time with: "
            + last.result().orElse("");
    Verdict verdict =
        Verdict.untested(
            "retraining", AlertKind.RETRAINING, Verdict.Status.ALERT, failed.size(), 0, 0, words);
    return new Alert(
        "failed-" + first.id(),
        model,
        0,
        List.of(),
        AlertKind.RETRAINING,
        "retraining",
        first.triggeredAt(),
        now,
        second.endedAt().orElse(now),
        failed.size() - 2,
        verdict,
        now);
  }
}
