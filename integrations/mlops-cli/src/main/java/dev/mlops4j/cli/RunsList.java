package dev.mlops4j.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.mlops4j.tracking.RunPage;
import dev.mlops4j.tracking.RunSearch;
import dev.mlops4j.tracking.RunStatus;
import dev.mlops4j.tracking.SearchField;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The runs of a workspace. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Lists runs, the newest first.",
    footer = {"", "Example:", "  mlops runs list flights --status FAILED --limit 50"})
final class RunsList extends WorkspaceCommand {

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
      description = "At most so many, 1000 at most (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    Runs.checkLimit(limit);
    Tracking tracking = Tracking.in(opened);
    RunSearch search =
        experiment == null ? tracking.searchAll() : Runs.searchIn(tracking, List.of(experiment));
    if (status != null) {
      search = search.where(SearchField.status().is(status));
    }
    RunPage page = search.limit(limit).page();
    if (printer.isJson()) {
      ArrayNode json = Json.array();
      page.runs().forEach(run -> json.add(Json.run(run)));
      printer.json(json);
      return ExitCode.DONE;
    }
    if (page.runs().isEmpty()) {
      printer.line("no runs");
      return ExitCode.DONE;
    }
    printer.table(RunTable.of(page.runs()));
    if (page.next() != null) {
      printer.line("there are more; --limit shows more, runs search goes through all");
    }
    return ExitCode.DONE;
  }
}
