package dev.mlops4j.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.mlops4j.tracking.RunComparison;
import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs side by side. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    description = "Shows in what runs differ: params, metrics, datasets, tags, environment.")
final class RunsCompare extends WorkspaceCommand {

  @Parameters(
      arity = "2..*",
      paramLabel = "RUN",
      description = "The runs' ids, or the beginnings of them.")
  private List<String> ids = List.of();

  @Option(names = "--all", description = "Shows what is the same, too.")
  private boolean all;

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    Tracking tracking = Tracking.in(opened);
    List<RunRecord> runs = ids.stream().map(id -> Runs.find(tracking, id)).toList();
    RunComparison comparison = RunComparison.of(runs);
    List<RunComparison.Row> rows = all ? comparison.rows() : comparison.differences().rows();
    if (printer.isJson()) {
      printer.json(json(rows));
      return ExitCode.DONE;
    }
    Table table = new Table().words("").words("");
    runs.forEach(run -> table.words(run.name()));
    table.row(cells("run", "status", runs.stream().map(run -> run.status().name()).toList()));
    table.row(
        cells("run", "started", runs.stream().map(run -> run.startedAt().toString()).toList()));
    rows.forEach(
        row ->
            table.row(
                cells(row.section().name().toLowerCase(Locale.ROOT), row.key(), row.values())));
    printer.table(table);
    return ExitCode.DONE;
  }

  private static @Nullable Object[] cells(
      String section, String key, List<? extends @Nullable String> values) {
    List<@Nullable Object> cells = new ArrayList<>();
    cells.add(section);
    cells.add(key);
    for (String value : values) {
      cells.add(value == null ? "-" : value);
    }
    return cells.toArray();
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
