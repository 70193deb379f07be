package dev.mlops4j.cli;

import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.registry.Rollback;
import dev.mlops4j.workspace.Workspace;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings the version back that served before. */
@Command(
    name = "rollback",
    mixinStandardHelpOptions = true,
    description = "Brings the version back into PRODUCTION that served before the present one.")
final class ModelsRollback extends WorkspaceCommand {

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private ActorOption actor;

  @Parameters(paramLabel = "MODEL", description = "The model's name.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String model;

  @Option(
      names = "--expecting",
      paramLabel = "VERSION",
      description =
          "Only if this version is in PRODUCTION now, 0 for none; anything may be unless given.")
  private @Nullable Integer expected;

  @Option(
      names = "--force",
      description = "Even if a live predictor cannot load that version; the history says which.")
  private boolean force;

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    Registry registry = actor.registry(opened);
    Rollback rollback = registry.rollback(model).because(actor.reason());
    if (expected != null) {
      rollback.expecting(expected == 0 ? null : registry.version(model, expected));
    }
    if (force) {
      rollback.force();
    }
    ModelVersion back = rollback.commit();
    if (printer.isJson()) {
      printer.json(Json.version(back));
    } else {
      printer.line(back.label() + " is in " + back.stage());
    }
    return ExitCode.DONE;
  }
}
