package dev.mlops4j.cli;

import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.workspace.Workspace;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Brings the version back that served before. */
@Command(
    name = "rollback",
    mixinStandardHelpOptions = true,
    description = "Brings the version back into PRODUCTION that served before the present one.")
final class RollbackCommand implements Callable<Integer> {

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private WorkspaceOption workspace;

  @Parameters(paramLabel = "MODEL", description = "The model's name.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String model;

  @Option(
      names = {"-m", "--because"},
      required = true,
      description = "Why, for the history.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String reason;

  @Override
  public Integer call() {
    try (Workspace opened = workspace.open()) {
      ModelVersion back = Registry.in(opened).rollback(model, reason);
      spec.commandLine().getOut().printf("%s is in %s%n", back.label(), back.stage());
      spec.commandLine().getOut().flush();
    }
    return 0;
  }
}
