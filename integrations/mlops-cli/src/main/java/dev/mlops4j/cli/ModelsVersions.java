package dev.mlops4j.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.workspace.Workspace;
import java.time.temporal.ChronoUnit;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The versions of a model. */
@Command(
    name = "versions",
    mixinStandardHelpOptions = true,
    description = "Lists the versions of a model with their stages.")
final class ModelsVersions extends WorkspaceCommand {

  @Parameters(paramLabel = "MODEL", description = "The model's name.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String model;

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    List<ModelVersion> versions = Registry.in(opened).versions(model);
    if (printer.isJson()) {
      ArrayNode json = Json.array();
      versions.forEach(version -> json.add(Json.version(version)));
      printer.json(json);
    } else {
      printer.table(table(versions));
    }
    return ExitCode.DONE;
  }

  static Table table(List<ModelVersion> versions) {
    Table table =
        new Table()
            .number("version")
            .words("stage")
            .words("registered")
            .words("format")
            .words("features")
            .words("run")
            .words("package");
    for (ModelVersion version : versions) {
      table.row(
          version.number(),
          version.stage(),
          version.registeredAt().truncatedTo(ChronoUnit.SECONDS),
          version.format(),
          version.featureSet(),
          version.runId(),
          version.packageDigest().shortHex());
    }
    return table;
  }
}
