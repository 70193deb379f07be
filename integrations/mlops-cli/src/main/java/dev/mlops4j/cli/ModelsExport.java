package dev.mlops4j.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Writes versions to an archive. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description =
        "Writes versions with their packages to one archive file, for models import in another"
            + " workspace.")
final class ModelsExport extends WorkspaceCommand {

  @Parameters(index = "0", paramLabel = "MODEL", description = "The model's name.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String model;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "VERSION",
      description = "The versions' numbers; all there are unless given.")
  private List<Integer> numbers = List.of();

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private ArchiveOption archive;

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    Path file = archive.free();
    Registry registry = Registry.in(opened);
    List<ModelVersion> versions = new ArrayList<>();
    for (int number : numbers) {
      versions.add(registry.version(model, number));
    }
    if (numbers.isEmpty()) {
      versions.addAll(registry.versions(model));
    }
    registry.exportTo(file, versions);
    if (printer.isJson()) {
      ArrayNode json = Json.array();
      versions.forEach(version -> json.add(Json.version(version)));
      printer.json(json);
    } else {
      printer.line(
          versions.stream().map(ModelVersion::label).collect(Collectors.joining(", "))
              + " written to "
              + file);
    }
    return ExitCode.DONE;
  }
}
