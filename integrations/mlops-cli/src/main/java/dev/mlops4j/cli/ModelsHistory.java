package dev.mlops4j.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.mlops4j.registry.AliasChange;
import dev.mlops4j.registry.GateRequirement;
import dev.mlops4j.registry.HistoryEntry;
import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.registry.StageChange;
import dev.mlops4j.registry.VersionDeletion;
import dev.mlops4j.workspace.Workspace;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Who changed what, when and why. */
@Command(
    name = "history",
    mixinStandardHelpOptions = true,
    description =
        "Lists all changes of a model: when, what, by whom, why, which checks were asked, and what"
            + " was overridden.")
final class ModelsHistory extends WorkspaceCommand {

  @Parameters(paramLabel = "MODEL", description = "The model's name.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String model;

  @Option(
      names = "--at",
      paramLabel = "INSTANT",
      description = "Only says which version was in PRODUCTION then, such as 2026-01-31T12:00:00Z.")
  private @Nullable String at;

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    Registry registry = Registry.in(opened);
    if (at != null) {
      productionAt(registry, instant(at), printer);
      return ExitCode.DONE;
    }
    List<HistoryEntry> entries = registry.history(model);
    if (printer.isJson()) {
      ArrayNode json = Json.array();
      entries.forEach(entry -> json.add(Json.entry(entry)));
      printer.json(json);
    } else if (entries.isEmpty()) {
      printer.line("nothing was changed yet");
    } else {
      Table table = new Table().words("at").words("change").words("by").words("reason");
      for (HistoryEntry entry : entries) {
        table.row(
            entry.at().truncatedTo(ChronoUnit.SECONDS), change(entry), entry.by(), reason(entry));
      }
      printer.table(table);
    }
    return ExitCode.DONE;
  }

  private void productionAt(Registry registry, Instant instant, Printer printer) {
    ModelVersion version = registry.productionAt(model, instant);
    if (printer.isJson()) {
      printer.json(
          Json.object()
              .put("at", instant.toString())
              .put("production", version == null ? null : (Integer) version.number()));
    } else {
      printer.line(version == null ? "none" : version.label());
    }
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "--at takes an instant such as 2026-01-31T12:00:00Z, found " + text, e);
    }
  }

  private static String change(HistoryEntry entry) {
    if (entry instanceof StageChange change) {
      return "version "
          + change.version()
          + " "
          + change.from()
          + " -> "
          + change.to()
          + (change.cause() == StageChange.Cause.ROLLBACK ? " (rollback)" : "");
    }
    if (entry instanceof AliasChange change) {
      return "alias " + change.alias() + " " + shown(change.from()) + " -> " + shown(change.to());
    }
    if (entry instanceof GateRequirement requirement) {
      return "required gates: "
          + (requirement.gates().isEmpty() ? "none" : String.join(", ", requirement.gates()));
    }
    VersionDeletion deletion = (VersionDeletion) entry;
    return "version " + deletion.version() + " " + deletion.from() + " -> deleted";
  }

  private static String reason(HistoryEntry entry) {
    return entry instanceof StageChange change ? entry.reason() + change.checks() : entry.reason();
  }

  private static String shown(@Nullable Integer version) {
    return version == null ? "nothing" : "version " + version;
  }
}
