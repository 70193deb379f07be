package dev.mlops4j.registry;

import static dev.mlops4j.registry.Fixture.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.mlops4j.Digest;
import dev.mlops4j.evaluation.Better;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.model.ModelLoaders;
import dev.mlops4j.model.RunFacts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatesTest {

  private static final ModelLoaders LOADERS = ModelLoaders.of(new ConstantModel.Loader(0));
  private static final Gate NEVER = Gate.of("never", candidate -> Optional.of("asked, found"));

  @TempDir Path directory;
  private Fixture fixture;
  private Registry registry;

  @BeforeEach
  void open() {
    fixture = new Fixture(directory);
    registry = fixture.registry;
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void allThatFailIsReportedAtOnceAndNothingChanges() {
    ModelVersion version = version(1, 0.7, "a");
    Gate throwing =
        Gate.of(
            "broken",
            candidate -> {
              throw new IllegalStateException("no holdout");
            });
    try (Follower follower =
        registry.follow(
            "checkout", MODEL, Stage.PRODUCTION, new Capabilities(null, Set.of("onnx")))) {
      GatesFailedException failed =
          catchThrowableOfType(
              GatesFailedException.class,
              () ->
                  promotion(registry.withGates(Gates.sizeAtMost(10), throwing), version)
                      .through(NEVER, Gates.metricAtLeast("auc", 0.8))
                      .commit());
      assertThat(failed.failures())
          .extracting(GatesFailedException.Failure::gate)
          .containsExactly("size", "broken", "never", "auc", "followers");
      assertThat(failed)
          .hasMessageContaining("flight-delay version 1 cannot go to PRODUCTION")
          .hasMessageContaining("size: asked for at most 10 bytes, found ")
          .hasMessageContaining("broken: no holdout")
          .hasMessageContaining("auc: asked for at least 0.8, found 0.7")
          .hasMessageContaining("\"checkout\"");
      assertThat(failed.model()).isEqualTo(MODEL);
      assertThat(failed.number()).isEqualTo(1);
      assertThat(follower.poll()).isNull();
    }
    assertThat(registry.history(MODEL)).isEmpty();
  }

  @Test
  void anOverrideIsRecordedWithWhatFailed() {
    ModelVersion version = version(1, 0.7, "a");
    promotion(registry.withGates(NEVER, Gates.sizeAtMost(1_000_000)), version)
        .overridingGates("the old one\nburns")
        .commit();
    assertThat(registry.history(MODEL))
        .singleElement()
        .isInstanceOfSatisfying(
            StageChange.class,
            change ->
                assertThat(change.overridden())
                    .containsExactly(
                        "never: asked, found", "reason of the override: the old one burns"));
    assertThat(registry.history(MODEL).get(0).describe())
        .endsWith("(overriding: never: asked, found; reason of the override: the old one burns)");
  }

  @Test
  void anOverrideOfGatesDoesNotForceAFollowerAndAForceIsRecorded() {
    ModelVersion version = version(1, 0.7, "a");
    try (Follower follower =
        registry.follow(
            "checkout", MODEL, Stage.PRODUCTION, new Capabilities(null, Set.of("onnx")))) {
      assertThatThrownBy(
              () -> promotion(registry, version).through(NEVER).overridingGates("x").commit())
          .isInstanceOf(FollowerCannotLoadException.class);
      assertThatThrownBy(() -> promotion(registry, version).through(NEVER).force().commit())
          .isInstanceOf(GatesFailedException.class)
          .hasMessageNotContaining("checkout");
      promotion(registry, version).force().commit();
      assertThat(((StageChange) registry.history(MODEL).get(0)).overridden())
          .singleElement()
          .asString()
          .startsWith("followers: follower \"checkout\"");
      assertThat(follower.follower().name()).isEqualTo("checkout");
    }
  }

  @Test
  void whatPassesIsPromotedWithNothingOverriddenAlsoIfAnOverrideWasStated() {
    promotion(registry.withGates(Gates.sizeAtMost(1_000_000)), version(1, 0.7, "a"))
        .overridingGates("just in case")
        .commit();
    assertThat(((StageChange) registry.history(MODEL).get(0)).overridden()).isEmpty();
  }

  @Test
  void theGatesOfARegistryStandBeforeProductionAlone() {
    ModelVersion version = version(1, 0.7, "a");
    Registry guarded = registry.withGates(NEVER);
    guarded.promote(version).to(Stage.STAGING).because("x").commit();
    assertThatThrownBy(() -> promotion(guarded, version).commit())
        .isInstanceOf(GatesFailedException.class);
    assertThatThrownBy(
            () -> guarded.promote(version).to(Stage.ARCHIVED).because("x").through(NEVER).commit())
        .isInstanceOf(GatesFailedException.class);
    promotion(guarded.withGates(), version).commit();
    promotion(registry, version(2, 0.7, "a")).commit();
    assertThat(guarded.rollback(MODEL, "quick").number()).isEqualTo(1);
  }

  @Test
  void goldenRowsAreReplayedAndThereIsOneAtLeast() {
    Gate gate = Gates.goldenRows(LOADERS);
    ModelVersion version = version(1, 0.7, "a");
    assertThat(gate.whyNot(candidate(version, null))).isEmpty();
    Gate drifting = Gates.goldenRows(ModelLoaders.of(new ConstantModel.Loader(0.5)));
    assertThatThrownBy(() -> promotion(registry, version).through(drifting).commit())
        .isInstanceOf(GatesFailedException.class)
        .hasMessageContaining("golden rows: ");
    Trained without = new Trained(Trained.on("wind").signature(), List.of(), 0);
    ModelVersion bare =
        registry.register(
            MODEL, without.stored(fixture.workspace.artifacts(), 3, "run-b", RunFacts.NONE));
    assertThat(gate.whyNot(candidate(bare, null)).orElseThrow()).contains("the package has none");
  }

  @Test
  void aRecordedMetricIsComparedWithABoundAndANaNDoesNotPass() {
    Candidate candidate = candidate(version(1, 0.7, "a"), null);
    assertThat(Gates.metricAtLeast("auc", 0.7).whyNot(candidate)).isEmpty();
    assertThat(Gates.metricAtLeast("auc", 0.71).whyNot(candidate)).isPresent();
    assertThat(Gates.metricAtMost("auc", 0.7).whyNot(candidate)).isEmpty();
    assertThat(Gates.metricAtMost("auc", 0.69).whyNot(candidate)).isPresent();
    assertThat(Gates.metricAtMost("loss", 1).whyNot(candidate).orElseThrow())
        .isEqualTo("asked for at most 1.0, found none recorded");
    Candidate undefined = candidate(version(2, Double.NaN, "a"), null);
    assertThat(Gates.metricAtLeast("auc", 0).whyNot(undefined)).isPresent();
    assertThat(Gates.metricAtMost("auc", 1).whyNot(undefined)).isPresent();
  }

  @Test
  void aRecordedMetricIsComparedWithTheChampionsOnTheSameDataOnly() {
    ModelVersion champion = version(1, 0.75, "a");
    Gate gate = Gates.metricNoWorse("auc", Better.HIGHER, 0.01, "test");
    assertThat(gate.whyNot(candidate(champion, null))).isEmpty();
    assertThat(gate.whyNot(candidate(version(2, 0.745, "a"), champion))).isEmpty();
    assertThat(gate.whyNot(candidate(version(3, 0.9, "a"), champion))).isEmpty();
    assertThat(gate.whyNot(candidate(version(4, 0.73, "a"), champion)).orElseThrow())
        .isEqualTo(
            "asked for 0.75 of flight-delay version 1 (higher is better, within 0.01), found 0.73");
    assertThat(gate.whyNot(candidate(version(5, 0.9, "b"), champion)).orElseThrow())
        .contains("on the same data of role test");
    assertThat(gate.whyNot(candidate(version(6, Double.NaN, "a"), champion))).isPresent();
    ModelVersion undefined = version(9, Double.NaN, "a");
    assertThat(gate.whyNot(candidate(version(10, Double.NaN, "a"), undefined))).isPresent();
    Gate lower = Gates.metricNoWorse("auc", Better.LOWER, 0, "test");
    assertThat(lower.whyNot(candidate(version(7, 0.74, "a"), champion))).isEmpty();
    assertThat(lower.whyNot(candidate(version(8, 0.76, "a"), champion))).isPresent();
  }

  @Test
  void aScoreIsMeasuredOnTheCallersDataForBoth() {
    AtomicInteger scored = new AtomicInteger();
    Gate gate =
        Gates.scoreNoWorse(
            "error",
            Better.LOWER,
            0,
            (version, model) -> {
              scored.incrementAndGet();
              return Math.abs(model.predict(new double[model.signature().width()])[0] - 5);
            },
            LOADERS);
    ModelVersion near = version(4, 0.7, "a");
    ModelVersion far = version(8, 0.7, "a");
    assertThat(gate.whyNot(candidate(near, null))).isEmpty();
    assertThat(scored).hasValue(0);
    assertThat(gate.whyNot(candidate(near, far))).isEmpty();
    assertThat(gate.whyNot(candidate(far, near)).orElseThrow())
        .isEqualTo("asked for 1.0 of flight-delay version 1 (lower is better), found 3.0");
    assertThat(scored).hasValue(4);
  }

  @Test
  void aLatencyIsThe99thPercentileAfterAWarmUp() {
    Candidate candidate = candidate(version(1, 0.7, "a"), null);
    AtomicLong asked = new AtomicLong();
    AtomicLong now = new AtomicLong();
    // Every prediction takes 10, every 50th 1000, one and those of the warm-up a million.
    LongSupplier clock =
        () -> {
          long call = asked.getAndIncrement();
          long prediction = call / 2;
          if (call % 2 == 1) {
            now.addAndGet(
                prediction < 2_000 || prediction == 3_001
                    ? 1_000_000
                    : prediction % 50 == 0 ? 1_000 : 10);
          }
          return now.get();
        };
    assertThat(Gates.latencyAtMost(Duration.ofNanos(1_000), LOADERS, clock).whyNot(candidate))
        .isEmpty();
    asked.set(0);
    assertThat(
            Gates.latencyAtMost(Duration.ofNanos(999), LOADERS, clock)
                .whyNot(candidate)
                .orElseThrow())
        .contains("found PT0.000001S");
  }

  @Test
  void theSignatureIsThatOfTheChampionUpToTheOrderOfTheInputs() {
    ModelVersion champion = trained(1, "wind", "hour");
    Gate gate = Gates.sameSignature();
    assertThat(gate.whyNot(candidate(champion, null))).isEmpty();
    assertThat(gate.whyNot(candidate(trained(2, "hour", "wind"), champion))).isEmpty();
    assertThat(gate.whyNot(candidate(trained(3, "wind", "rain"), champion)).orElseThrow())
        .isEqualTo(
            "asked for [hour NUMERIC, wind NUMERIC, -> delay REGRESSION] of flight-delay version 1,"
                + " found [rain NUMERIC, wind NUMERIC, -> delay REGRESSION]");
  }

  @Test
  void limitsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> Gates.sizeAtMost(0)).hasMessageContaining("sizeAtMost");
    assertThatThrownBy(() -> Gates.latencyAtMost(Duration.ZERO, LOADERS))
        .hasMessageContaining("latencyAtMost");
    double[] infinite = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
    for (double wrong : infinite) {
      refuses("metricAtLeast", wrong, () -> Gates.metricAtLeast("auc", wrong));
      refuses("metricAtMost", wrong, () -> Gates.metricAtMost("auc", wrong));
    }
    for (double wrong : new double[] {Double.NaN, Double.POSITIVE_INFINITY, -0.001}) {
      refuses(
          "metricNoWorse", wrong, () -> Gates.metricNoWorse("auc", Better.HIGHER, wrong, "test"));
      refuses(
          "scoreNoWorse",
          wrong,
          () -> Gates.scoreNoWorse("auc", Better.HIGHER, wrong, (version, model) -> 0, LOADERS));
    }
    assertThat(Gates.metricNoWorse("auc", Better.HIGHER, 0, "test")).isNotNull();
  }

  private static void refuses(String setting, double value, ThrowingCallable gate) {
    assertThatThrownBy(gate)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(setting)
        .hasMessageContaining("found " + value);
  }

  private Candidate candidate(ModelVersion version, ModelVersion champion) {
    return new Candidate(registry, version, Stage.PRODUCTION, champion);
  }

  private ModelVersion trained(double value, String... inputs) {
    return registry.register(
        MODEL,
        Trained.on(inputs)
            .stored(fixture.workspace.artifacts(), value, "run-" + value, RunFacts.NONE));
  }

  private static Promotion promotion(Registry through, ModelVersion version) {
    return through.promote(version).to(Stage.PRODUCTION).expectingAnything().because("better");
  }

  /** A version that predicts a value, with an AUC that its run measured on test data. */
  private ModelVersion version(double value, double auc, String testData) {
    RunFacts facts =
        new RunFacts(
            Map.of(),
            Map.of("auc", auc),
            List.of(new DatasetReference("flights", "test", Digest.of(testData), 10)));
    return registry.register(
        MODEL,
        Trained.on("wind").stored(fixture.workspace.artifacts(), value, "run-" + value, facts));
  }
}
