package dev.mlops4j.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops4j.tracking.Lifecycle;
import dev.mlops4j.tracking.RunPage;
import dev.mlops4j.tracking.RunSearch;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The runs that fulfil a filter. */
@Command(
    name = "search",
    mixinStandardHelpOptions = true,
    description =
        "Finds runs by a filter in the language of MLflow's searches, with OR, NOT and"
            + " parentheses.",
    footer = {
      "",
      "Examples:",
      "  mlops runs search \"metrics.auc > 0.8 and params.depth = '6'\" --order-by \"metrics.auc"
          + " desc\"",
      "  mlops runs search \"tags.team = 'ml' or status = 'FAILED'\" -e flights -e coffee",
      "  mlops runs search --deleted"
    })
final class RunsSearch extends WorkspaceCommand {

  private static final int DEFAULT_LIMIT = 20;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILTER",
      description = "Such as \"metrics.auc > 0.8 and params.depth = '6'\"; all runs unless given.")
  private @Nullable String filter;

  @Option(
      names = "--order-by",
      paramLabel = "KEYS",
      description = "Such as \"metrics.auc desc, start_time\" (default: the newest first).")
  private @Nullable String orderBy;

  @Option(
      names = "--limit",
      defaultValue = "" + DEFAULT_LIMIT,
      paramLabel = "RUNS",
      description = "At most so many, 1000 at most (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Option(
      names = "--after",
      paramLabel = "CURSOR",
      description = "Goes on where the page ended that said so.")
  private @Nullable String after;

  @Option(
      names = {"-e", "--experiment"},
      paramLabel = "NAME",
      description = "Only runs of this experiment, or of one of these if given again.")
  private List<String> experiments = List.of();

  @Option(names = "--deleted", description = "Looks at deleted runs instead of the others.")
  private boolean deleted;

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    Runs.checkLimit(limit);
    Tracking tracking = Tracking.in(opened);
    RunSearch search =
        experiments.isEmpty() ? tracking.searchAll() : Runs.searchIn(tracking, experiments);
    if (filter != null) {
      search = search.where(filter);
    }
    if (orderBy != null) {
      search = search.orderBy(orderBy);
    }
    if (deleted) {
      search = search.lifecycle(Lifecycle.DELETED);
    }
    print(search.limit(limit).after(after).page(), printer);
    return ExitCode.DONE;
  }

  private static void print(RunPage page, Printer printer) {
    if (printer.isJson()) {
      ObjectNode json = Json.object();
      ArrayNode runs = json.putArray("runs");
      page.runs().forEach(run -> runs.add(Json.run(run)));
      json.put("next", page.next());
      printer.json(json);
      return;
    }
    if (page.runs().isEmpty()) {
      printer.line("no runs");
      return;
    }
    printer.table(RunTable.of(page.runs()));
    if (page.next() != null) {
      printer.line("there are more: --after " + page.next());
    }
  }
}
