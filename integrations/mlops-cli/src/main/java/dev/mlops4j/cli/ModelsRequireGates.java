package dev.mlops4j.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.workspace.Workspace;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Says which gates a promotion to PRODUCTION must ask. */
@Command(
    name = "require-gates",
    mixinStandardHelpOptions = true,
    description =
        "Says which checks every promotion of a model to PRODUCTION must ask from now on, in place"
            + " of those before; none lifts them.")
final class ModelsRequireGates extends WorkspaceCommand {

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private ActorOption actor;

  @Parameters(index = "0", paramLabel = "MODEL", description = "The model's name.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String model;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "GATE",
      description =
          "Their names: \"golden rows\" for --golden-rows of models promote, size for --max-bytes,"
              + " the metric for the others; or of gates that only a program has.")
  private List<String> gates = List.of();

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    Registry registry = actor.registry(opened);
    registry.requireGates(model, gates.toArray(String[]::new)).because(actor.reason()).commit();
    List<String> required = registry.requiredGates(model);
    if (printer.isJson()) {
      ObjectNode json = Json.object().put("model", model);
      json.set("requiredGates", Json.array(required));
      printer.json(json);
    } else {
      printer.line(
          model + " requires " + (required.isEmpty() ? "no gate" : String.join(", ", required)));
    }
    return ExitCode.DONE;
  }
}
