package dev.mlops4j.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.RunStatus;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The runs of a workspace. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Lists runs, the newest first.")
final class RunsList extends WorkspaceCommand {

  private static final int SHORT_ID = 8;
  private static final int DEFAULT_LIMIT = 20;

  @Parameters(
      arity = "0..1",
      paramLabel = "EXPERIMENT",
      description = "Only those of this experiment.")
  private @Nullable String experiment;

  @Option(names = "--status", description = "Only those that stand so: ${COMPLETION-CANDIDATES}.")
  private @Nullable RunStatus status;

  @Option(
      names = "--limit",
      defaultValue = "" + DEFAULT_LIMIT,
      paramLabel = "RUNS",
      description = "At most so many (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    if (limit < 1) {
      throw new IllegalArgumentException("--limit takes 1 or more, found " + limit);
    }
    Tracking tracking = Tracking.in(opened);
    List<String> experiments = experiments(tracking);
    List<RunRecord> all =
        experiments.stream()
            .flatMap(each -> tracking.runs(each).stream())
            .filter(run -> status == null || run.status() == status)
            .sorted(Comparator.comparing(RunRecord::startedAt).reversed())
            .toList();
    List<RunRecord> shown = all.subList(0, Math.min(limit, all.size()));
    if (printer.isJson()) {
      ArrayNode json = Json.array();
      shown.forEach(run -> json.add(Json.run(run)));
      printer.json(json);
      return ExitCode.DONE;
    }
    if (shown.isEmpty()) {
      printer.line("no runs");
      return ExitCode.DONE;
    }
    printer.table(table(shown));
    if (all.size() > shown.size()) {
      printer.line((all.size() - shown.size()) + " more; --limit shows more");
    }
    return ExitCode.DONE;
  }

  private List<String> experiments(Tracking tracking) {
    List<String> known = tracking.experiments();
    if (experiment == null) {
      return known;
    }
    if (!known.contains(experiment)) {
      throw new CommandException(
          ExitCode.NOT_FOUND,
          "there is no experiment \"" + experiment + "\", only " + known + "; name one of these");
    }
    return List.of(experiment);
  }

  private static Table table(List<RunRecord> runs) {
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
          run.id().substring(0, Math.min(SHORT_ID, run.id().length())),
          run.name(),
          run.status(),
          metrics(run),
          run.startedAt().truncatedTo(ChronoUnit.SECONDS),
          took(run),
          run.experiment());
    }
    return table;
  }

  private static String metrics(RunRecord run) {
    return run.metrics().values().stream()
        .map(point -> point.key() + " " + String.format(Locale.ROOT, "%.4g", point.value()))
        .collect(Collectors.joining(", "));
  }

  private static String took(RunRecord run) {
    Instant ended = run.endedAt();
    return ended == null
        ? ""
        : Duration.between(run.startedAt(), ended).truncatedTo(ChronoUnit.SECONDS).toSeconds()
            + " s";
  }
}
