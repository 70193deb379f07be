package dev.mlops4j.cli;

import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.workspace.Workspace;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Deletes a version. */
@Command(
    name = "delete",
    mixinStandardHelpOptions = true,
    description =
        "Deletes a version that is not in use. Its history stays, its number is not given again.")
final class ModelsDelete extends WorkspaceCommand {

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private ActorOption actor;

  @Parameters(index = "0", paramLabel = "MODEL", description = "The model's name.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String model;

  @Parameters(index = "1", paramLabel = "VERSION", description = "The version's number.")
  private int version;

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    Registry registry = actor.registry(opened);
    ModelVersion deleted = registry.version(model, version);
    registry.delete(deleted).because(actor.reason()).commit();
    if (printer.isJson()) {
      printer.json(Json.version(deleted));
    } else {
      printer.line(deleted.label() + " is deleted");
    }
    return ExitCode.DONE;
  }
}
