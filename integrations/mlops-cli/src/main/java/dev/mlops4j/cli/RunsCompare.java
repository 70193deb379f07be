package dev.mlops4j.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.mlops4j.tracking.RunComparison;
import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs side by side. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    description =
        "Shows in what runs differ: params, metrics, datasets, models, tags, code, environment.")
final class RunsCompare extends WorkspaceCommand {

  @Parameters(
      arity = "2..*",
      paramLabel = "RUN",
      description = "The runs' ids, or the beginnings of them.")
  private List<String> ids = List.of();

  @Option(names = "--all", description = "Shows what is the same, too.")
  private boolean all;

  @Option(names = "--markdown", description = "Answers with a table of Markdown.")
  private boolean markdown;

  @Option(
      names = "--html",
      paramLabel = "FILE.html",
      description = "Writes one page with a table and charts of the metrics, in place of the file.")
  private @Nullable Path html;

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    Tracking tracking = Tracking.in(opened);
    RunRecord[] runs = ids.stream().map(id -> Runs.find(tracking, id)).toArray(RunRecord[]::new);
    RunComparison whole = tracking.compare(runs);
    RunComparison comparison = all ? whole : whole.differences();
    if (html != null) {
      HtmlFile.write(html, whole.toHtml());
      printer.line(runs.length + " runs compared in " + html);
    } else if (printer.isJson()) {
      printer.json(json(comparison.rows()));
    } else if (markdown) {
      printer.text(comparison.toMarkdown());
    } else {
      printer.text(comparison.toText(printer.width()));
    }
    return ExitCode.DONE;
  }

  private static ArrayNode json(List<RunComparison.Row> rows) {
    ArrayNode json = Json.array();
    for (RunComparison.Row row : rows) {
      ArrayNode values =
          json.addObject()
              .put("section", row.section().name())
              .put("key", row.key())
              .putArray("values");
      row.values().forEach(values::add);
    }
    return json;
  }
}
