package dev.mlops4j.cli;

import dev.mlops4j.evaluation.Better;
import dev.mlops4j.model.ModelLoaders;
import dev.mlops4j.registry.Gates;
import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Promotion;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.registry.Stage;
import dev.mlops4j.workspace.Workspace;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings a version into a stage. */
@Command(
    name = "promote",
    mixinStandardHelpOptions = true,
    description =
        "Brings a version into a stage, if it passes the checks asked for; the version it displaces"
            + " from PRODUCTION is archived.")
final class ModelsPromote extends WorkspaceCommand {

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private ActorOption actor;

  @Parameters(index = "0", paramLabel = "MODEL", description = "The model's name.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String model;

  @Parameters(index = "1", paramLabel = "VERSION", description = "The version's number.")
  private int version;

  @Option(names = "--to", required = true, description = "One of ${COMPLETION-CANDIDATES}.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Stage stage;

  @Option(
      names = "--expecting",
      paramLabel = "VERSION",
      description =
          "Only if this version is in the stage now, 0 for none; anything may be unless given.")
  private @Nullable Integer expected;

  @Option(
      names = "--force",
      description =
          "Even if a live predictor of the stage cannot load the version; the history says which.")
  private boolean force;

  @Option(
      names = "--golden-rows",
      description = "Check: the model loads, and predicts its golden rows as at training.")
  private boolean goldenRows;

  @Option(
      names = "--max-bytes",
      paramLabel = "BYTES",
      description = "Check: the package has at most so many bytes.")
  private @Nullable Long maxBytes;

  @Option(
      names = "--min",
      paramLabel = "METRIC=VALUE",
      description = "Check: a metric recorded at registration is at least this; repeatable.")
  private Map<String, Double> least = Map.of();

  @Option(
      names = "--max",
      paramLabel = "METRIC=VALUE",
      description = "Check: a metric recorded at registration is at most this; repeatable.")
  private Map<String, Double> most = Map.of();

  @Option(
      names = "--not-below",
      paramLabel = "METRIC",
      description =
          "Check: a recorded metric is not below that of the version in the stage, on the same data;"
              + " repeatable.")
  private List<String> notBelow = List.of();

  @Option(
      names = "--not-above",
      paramLabel = "METRIC",
      description =
          "Check: a recorded metric is not above that of the version in the stage, on the same data;"
              + " repeatable.")
  private List<String> notAbove = List.of();

  @Option(
      names = "--data",
      defaultValue = "test",
      paramLabel = "ROLE",
      description = "In which role the runs logged that data (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String role;

  @Option(
      names = "--override",
      paramLabel = "REASON",
      description = "Even if checks fail; the history says which, and this reason.")
  private @Nullable String override;

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    Registry registry = actor.registry(opened);
    Promotion promotion =
        registry.promote(registry.version(model, version)).to(stage).because(actor.reason());
    if (expected == null) {
      promotion.expectingAnything();
    } else {
      promotion.expecting(expected == 0 ? null : registry.version(model, expected));
    }
    addChecks(promotion);
    if (force) {
      promotion.force();
    }
    if (override != null) {
      promotion.overridingGates(override);
    }
    ModelVersion promoted = promotion.commit();
    if (printer.isJson()) {
      printer.json(Json.version(promoted));
    } else {
      printer.line(promoted.label() + " is in " + promoted.stage());
    }
    return ExitCode.DONE;
  }

  private void addChecks(Promotion promotion) {
    if (goldenRows) {
      promotion.through(Gates.goldenRows(ModelLoaders.discovered()));
    }
    if (maxBytes != null) {
      promotion.through(Gates.sizeAtMost(maxBytes));
    }
    least.forEach((metric, value) -> promotion.through(Gates.metricAtLeast(metric, value)));
    most.forEach((metric, value) -> promotion.through(Gates.metricAtMost(metric, value)));
    notBelow.forEach(
        metric -> promotion.through(Gates.metricNoWorse(metric, Better.HIGHER, 0, role)));
    notAbove.forEach(
        metric -> promotion.through(Gates.metricNoWorse(metric, Better.LOWER, 0, role)));
  }
}
