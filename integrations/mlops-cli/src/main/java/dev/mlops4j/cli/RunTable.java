package dev.mlops4j.cli;

import dev.mlops4j.tracking.RunRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Runs as a table, a line each. */
final class RunTable {

  private static final int SHORT_ID = 8;

  /** More would make a run many lines; runs show has them all. */
  private static final int MOST_METRICS = 4;

  private RunTable() {}

  static Table of(List<RunRecord> runs) {
    Table table =
        new Table()
            .words("run")
            .words("name")
            .words("status")
            .words("metrics")
            .words("started")
            .words("took")
            .words("experiment");
    for (RunRecord run : runs) {
      table.row(
          shortId(run),
          run.name(),
          run.deletedAt() == null ? run.status() : run.status() + ", deleted",
          metrics(run),
          run.startedAt().truncatedTo(ChronoUnit.SECONDS),
          took(run),
          run.experiment());
    }
    return table;
  }

  /** As much of the id as people read. */
  static String shortId(RunRecord run) {
    return run.id().substring(0, Math.min(SHORT_ID, run.id().length()));
  }

  private static String metrics(RunRecord run) {
    String shown =
        run.metrics().values().stream()
            .limit(MOST_METRICS)
            .map(point -> point.key() + " " + String.format(Locale.ROOT, "%.4g", point.value()))
            .collect(Collectors.joining(", "));
    int more = run.metrics().size() - MOST_METRICS;
    return more > 0 ? shown + " and " + more + " more" : shown;
  }

  private static String took(RunRecord run) {
    Instant ended = run.endedAt();
    return ended == null
        ? ""
        : Duration.between(run.startedAt(), ended).truncatedTo(ChronoUnit.SECONDS).toSeconds()
            + " s";
  }
}
