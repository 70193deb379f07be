package dev.mlops4j.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.evaluation.Better;
import dev.mlops4j.feature.TrainingSet;
import dev.mlops4j.model.ModelLoaders;
import dev.mlops4j.model.StoredPackage;
import dev.mlops4j.registry.Gates;
import dev.mlops4j.registry.HistoryEntry;
import dev.mlops4j.registry.ModelInfo;
import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.NothingToRollBackToException;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.registry.ServingState;
import dev.mlops4j.registry.Stage;
import dev.mlops4j.registry.StageConflictException;
import dev.mlops4j.registry.StageWatch;
import dev.mlops4j.registry.VersionComparison;
import dev.mlops4j.registry.VersionComparison.Row;
import dev.mlops4j.tracking.Run;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.tribuo.TribuoLogisticRegression;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the code of docs/registry.md. */
final class RegistryGuideTest {

  @TempDir Path directory;

  @Test
  void versionsArePromotedAndRolledBack() {
    try (Workspace workspace = Workspace.open(directory.resolve("workspace"))) {
      Registry registry = Registry.in(workspace);
      StoredPackage stored = trained(workspace, 5);
      StoredPackage other = trained(workspace, 50);

      // region register
      ModelVersion first = registry.register("coffee", stored); // version 1, Stage.NONE
      ModelVersion same = registry.register("coffee", stored); // the same package and run: 1 again
      ModelVersion second = registry.register("coffee", other); // version 2
      // endregion
      assertThat(same).isEqualTo(first);

      // region promote
      registry
          .promote(first)
          .to(Stage.PRODUCTION)
          .expecting(null) // nothing is in production yet, else StageConflictException
          .because("the first model there is")
          .commit();
      registry
          .promote(second)
          .to(Stage.PRODUCTION)
          .expecting(first) // the one it was compared with; it is archived
          .because("log loss 0.31 against 0.44")
          .by("ann")
          .commit();
      // endregion
      assertThatThrownBy(
              () ->
                  registry
                      .promote(first)
                      .to(Stage.PRODUCTION)
                      .expecting(null)
                      .because("late")
                      .commit())
          .isInstanceOf(StageConflictException.class);
      Instant before = Instant.now();

      // region rollback
      ModelVersion serves = registry.rollback("coffee", "sold nothing on Friday"); // version 1
      // endregion
      assertThat(serves.number()).isOne();
      assertThatThrownBy(() -> registry.rollback("coffee", "further"))
          .isInstanceOf(NothingToRollBackToException.class);

      // region history
      List<HistoryEntry> history = registry.history("coffee"); // who, when, why, from, to
      history.forEach(entry -> System.out.println(entry.describe()));
      ModelVersion then = registry.productionAt("coffee", before); // what served at that instant
      ModelVersion now = registry.production("coffee");
      // endregion
      assertThat(history).hasSize(5);
      assertThat(then).isNotNull().extracting(ModelVersion::number).isEqualTo(2);
      assertThat(now).isNotNull().extracting(ModelVersion::number).isEqualTo(1);

      // region alias
      registry
          .alias("coffee", "weekend")
          .to(second)
          .expecting(null)
          .because("better on Sundays")
          .commit();
      ModelVersion weekend = registry.aliased("coffee", "weekend");
      // endregion
      assertThat(weekend.isSameAs(second)).isTrue();
    }
  }

  @Test
  void versionsAreGuardedComparedWatchedAndMoved() {
    try (Workspace workspace = Workspace.open(directory.resolve("workspace"));
        Workspace productionWorkspace = Workspace.open(directory.resolve("production"))) {
      Registry registry = Registry.in(workspace);
      ModelVersion first = registry.register("coffee", trained(workspace, 5));
      ModelVersion second = registry.register("coffee", trained(workspace, 50));

      // region describe
      registry.describe("coffee").description("Is a coffee sold?").owner("bar").commit();
      ModelInfo info = registry.model("coffee");
      // endregion
      assertThat(info.owner()).isEqualTo("bar");

      // region gates
      Registry guarded =
          registry
              .withGates(
                  Gates.goldenRows(ModelLoaders.discovered()),
                  Gates.sizeAtMost(10_000_000),
                  Gates.metricNoWorse("log_loss", Better.LOWER, 0.001, "training"))
              .actingAs(() -> "ann"); // a service asks its login
      guarded
          .promote(first)
          .to(Stage.PRODUCTION)
          .expecting(null)
          .because("the first there is")
          .commit(); // or GatesFailedException with all that failed
      // endregion

      // region override
      guarded
          .promote(second)
          .to(Stage.PRODUCTION)
          .expecting(first)
          .because("the old one burns")
          .through(Gates.sizeAtMost(10)) // one gate more, for this promotion
          .overridingGates("measured by hand, see ticket 17")
          .commit();
      // endregion
      assertThat(registry.history("coffee").get(2).describe()).contains("ticket 17");

      ModelVersion third = registry.register("coffee", trained(workspace, 60));
      // region require
      registry.requireGates("coffee", "golden rows", "size").because("release policy").commit();
      registry
          .promote(third)
          .to(Stage.PRODUCTION)
          .expecting(second)
          .because("trained for longer")
          .through(Gates.goldenRows(ModelLoaders.discovered()), Gates.sizeAtMost(10_000_000))
          .commit(); // without one of them: GatesFailedException, through any registry
      // endregion
      assertThat(registry.rollback("coffee", "too bitter").isSameAs(second)).isTrue();
      registry.delete(third).because("too bitter").commit();

      // region explain
      VersionComparison comparison = registry.explain(first, second);
      System.out.println(comparison.toText(100)); // or toMarkdown(), or differences()
      // endregion
      assertThat(comparison.differences()).extracting(Row::key).contains("epochs");

      // region serving
      ServingState serving = registry.serving("coffee");
      System.out.println(serving.toText()); // a line a live predictor
      boolean settled = serving.isSettled(); // all have loaded what they follow
      // endregion
      assertThat(settled).isTrue();

      // region watch
      try (StageWatch watch =
          registry.watch(
              "coffee",
              Stage.PRODUCTION,
              Duration.ofSeconds(1),
              move -> System.out.println(move.from() + " -> " + move.to()))) {
        registry.rollback("coffee", "bitter"); // is told within a second, in every process
      }
      // endregion

      // region delete
      registry.delete(second).because("trained on the wrong month").commit();
      // endregion
      assertThat(registry.versions("coffee")).hasSize(1);

      Path file = directory.resolve("coffee.zip");
      // region move
      registry.exportTo(file, List.of(first));
      Registry elsewhere = Registry.in(productionWorkspace);
      List<ModelVersion> imported = elsewhere.importFrom(file); // in stage NONE
      // endregion
      assertThat(imported).singleElement().extracting(ModelVersion::stage).isEqualTo(Stage.NONE);
    }
  }

  private static StoredPackage trained(Workspace workspace, int epochs) {
    TrainingSet training = Coffees.training();
    try (Run run = Tracking.in(workspace).start("coffee")) {
      var model = TribuoLogisticRegression.classifier().epochs(epochs).train(training, run);
      return run.log(model.packaged(training));
    }
  }
}
