package dev.mlops4j.cli;

import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Promotion;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.registry.Stage;
import dev.mlops4j.workspace.Workspace;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Brings a version into a stage. */
@Command(
    name = "promote",
    mixinStandardHelpOptions = true,
    description =
        "Brings a version into a stage; the version it displaces from PRODUCTION is archived.")
final class PromoteCommand implements Callable<Integer> {

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private WorkspaceOption workspace;

  @Parameters(index = "0", paramLabel = "MODEL", description = "The model's name.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String model;

  @Parameters(index = "1", paramLabel = "VERSION", description = "The version's number.")
  private int version;

  @Option(names = "--to", required = true, description = "One of ${COMPLETION-CANDIDATES}.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Stage stage;

  @Option(
      names = {"-m", "--because"},
      required = true,
      description = "Why, for the history.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String reason;

  @Option(
      names = "--expecting",
      paramLabel = "VERSION",
      description =
          "Only if this version is in the stage now, 0 for none; anything may be unless given.")
  private @Nullable Integer expected;

  @Option(
      names = "--force",
      description = "Even if a live predictor of the stage cannot load the version.")
  private boolean force;

  @Override
  public Integer call() {
    try (Workspace opened = workspace.open()) {
      Registry registry = Registry.in(opened);
      Promotion promotion =
          registry.promote(registry.version(model, version)).to(stage).because(reason);
      if (expected == null) {
        promotion.expectingAnything();
      } else {
        promotion.expecting(expected == 0 ? null : registry.version(model, expected));
      }
      if (force) {
        promotion.force();
      }
      ModelVersion promoted = promotion.commit();
      spec.commandLine().getOut().printf("%s is in %s%n", promoted.label(), promoted.stage());
      spec.commandLine().getOut().flush();
    }
    return 0;
  }
}
