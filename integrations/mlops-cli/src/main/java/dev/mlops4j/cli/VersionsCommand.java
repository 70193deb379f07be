package dev.mlops4j.cli;

import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.workspace.Workspace;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The versions of a model. */
@Command(
    name = "versions",
    mixinStandardHelpOptions = true,
    description = "Lists the versions of a model with their stages.")
final class VersionsCommand implements Callable<Integer> {

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private WorkspaceOption workspace;

  @Parameters(paramLabel = "MODEL", description = "The model's name.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String model;

  @Override
  public Integer call() {
    try (Workspace opened = workspace.open()) {
      for (ModelVersion version : Registry.in(opened).versions(model)) {
        spec.commandLine()
            .getOut()
            .printf(
                "%d %s %s registered %s%n",
                version.number(), version.stage(), version.format(), version.registeredAt());
      }
      spec.commandLine().getOut().flush();
    }
    return 0;
  }
}
