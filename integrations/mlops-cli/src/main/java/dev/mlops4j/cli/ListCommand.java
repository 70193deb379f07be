package dev.mlops4j.cli;

import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.workspace.Workspace;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The models of a workspace. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Lists the models, how many versions they have, and which one is in PRODUCTION.")
final class ListCommand implements Callable<Integer> {

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private WorkspaceOption workspace;

  @Override
  public Integer call() {
    try (Workspace opened = workspace.open()) {
      Registry registry = Registry.in(opened);
      for (String model : registry.models()) {
        ModelVersion production = registry.production(model);
        spec.commandLine()
            .getOut()
            .printf(
                "%s: %d versions, %s%n",
                model,
                registry.versions(model).size(),
                production == null
                    ? "none in PRODUCTION"
                    : "version " + production.number() + " in PRODUCTION");
      }
      spec.commandLine().getOut().flush();
    }
    return 0;
  }
}
