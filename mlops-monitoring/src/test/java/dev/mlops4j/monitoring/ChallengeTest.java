package dev.mlops4j.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.evaluation.Evaluation;
import dev.mlops4j.model.Model;
import dev.mlops4j.model.ModelLoaders;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.StoredPackage;
import dev.mlops4j.profile.ProfileSeries;
import dev.mlops4j.registry.Gate;
import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.registry.Stage;
import dev.mlops4j.tracking.Run;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChallengeTest {

  private static final String MODEL = TestData.MODEL;
  private static final ModelLoaders LOADERS = ModelLoaders.of(new TestData.ConstantLoader());
  private static final ProfileSeries REFERENCE = TestData.byWeek(1);

  /** Three of ten are late: a model that says 0.3 is the best. */
  private static final boolean[] LATE = {
    true, true, true, false, false, false, false, false, false, false
  };

  @TempDir Path directory;

  private final List<@Nullable ModelVersion> judged = new ArrayList<>();
  private Workspace workspace;
  private Registry registry;
  private Tracking tracking;

  @BeforeEach
  void open() {
    workspace = Workspace.open(directory.resolve("workspace"));
    registry = Registry.in(workspace);
    tracking = Tracking.in(workspace);
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  private Challenge challenge() {
    return Challenge.of(registry, MODEL, "log_loss", this::judge).loadedBy(LOADERS);
  }

  private Evaluation judge(@Nullable ModelVersion champion, Model model) {
    judged.add(champion);
    double[] scores = new double[LATE.length];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = model.predict(new double[2])[0];
    }
    return Evaluation.binary(scores, LATE);
  }

  private static ModelPackage predicting(double share) {
    return TestData.modelPackage(REFERENCE, share);
  }

  private ChallengeResult register(Challenge challenge, double share) {
    try (Run run = tracking.start(MODEL)) {
      return challenge.register(run, predicting(share));
    }
  }

  private ModelVersion champion(double share) {
    ModelVersion version = register(challenge(), share).challenger();
    return registry
        .promote(version)
        .to(Stage.PRODUCTION)
        .expectingAnything()
        .because("by a person")
        .commit();
  }

  @Test
  void aBetterOneIsRegisteredWithTheComparisonAndLeftToAPerson() {
    ModelVersion champion = champion(0.5);
    judged.clear();

    ChallengeResult result = register(challenge(), 0.3);

    assertThat(result.better()).isTrue();
    assertThat(result.promoted()).isFalse();
    assertThat(result.refusals()).isEmpty();
    assertThat(result.champion()).isEqualTo(champion);
    assertThat(result.championScore()).isEqualTo(Math.log(2));
    assertThat(result).asString().contains("better, to be promoted by a person");
    assertThat(registry.production(MODEL)).isEqualTo(champion);
    assertThat(judged).containsExactly(null, champion);
    var facts = registry.details(result.challenger()).facts();
    assertThat(facts.metrics())
        .containsEntry("log_loss", result.score())
        .containsEntry("champion_log_loss", Math.log(2));
    assertThat(facts.params())
        .containsEntry(Challenge.AGAINST, "1")
        .containsEntry(Challenge.VERDICT, "better");
  }

  @Test
  void oneThatIsNotBetterIsRegisteredAsSuchAndNeverPromoted() {
    champion(0.3);

    ChallengeResult result = register(challenge().promotingIfBetter(), 0.4);

    assertThat(result.better()).isFalse();
    assertThat(result.promoted()).isFalse();
    assertThat(result).asString().contains("not better, registered only");
    assertThat(registry.details(result.challenger()).facts().params())
        .containsEntry(Challenge.VERDICT, "not better");
    assertThat(result.challenger().stage()).isEqualTo(Stage.NONE);
  }

  @Test
  void oneThatIsAsGoodIsNotBetterAndAMarginAsksForMore() {
    champion(0.4);
    assertThat(register(challenge(), 0.4).better()).isFalse();
    assertThat(register(challenge().byMoreThan(0.1), 0.3).better()).isFalse();
    assertThat(register(challenge().byMoreThan(0.001), 0.3).better()).isTrue();
    assertThatThrownBy(() -> challenge().byMoreThan(Double.NaN))
        .isInstanceOf(MonitorConfigurationException.class);
  }

  @Test
  void aBetterOneIsPromotedByAPolicyIfItPassesTheGates() {
    champion(0.5);
    Gate closed = Gate.of("audit", candidate -> Optional.of("asked for an audit, found none"));

    ChallengeResult refused = register(challenge().promotingIfBetter(closed), 0.31);
    assertThat(refused.promoted()).isFalse();
    assertThat(refused.refusals()).singleElement().asString().contains("audit");
    assertThat(refused).asString().contains("better, not promoted");

    ChallengeResult promoted = register(challenge().promotingIfBetter(), 0.3);
    assertThat(promoted.promoted()).isTrue();
    assertThat(promoted.challenger().isSameAs(registry.production(MODEL))).isTrue();
    assertThat(registry.history(MODEL).get(registry.history(MODEL).size() - 1).reason())
        .isEqualTo(promoted.comparison());
  }

  @Test
  void theFirstVersionIsPromotedOnlyByAPolicy() {
    ChallengeResult left = register(challenge(), 0.5);
    assertThat(left.better()).isTrue();
    assertThat(left.champion()).isNull();
    assertThat(registry.production(MODEL)).isNull();
    assertThat(register(challenge().promotingIfBetter(), 0.4).promoted()).isTrue();
  }

  @Test
  void anotherPromotionMeanwhileLeavesItToAPerson() {
    champion(0.5);
    ModelVersion other = register(challenge(), 0.45).challenger();
    Gate meanwhile =
        Gate.of(
            "meanwhile",
            candidate -> {
              if (!other.isSameAs(registry.production(MODEL))) {
                registry
                    .promote(other)
                    .to(Stage.PRODUCTION)
                    .expectingAnything()
                    .because("by hand")
                    .commit();
              }
              return Optional.empty();
            });

    ChallengeResult result = register(challenge().promotingIfBetter(meanwhile), 0.3);

    assertThat(result.promoted()).isFalse();
    assertThat(result.refusals()).hasSize(1);
    assertThat(other.isSameAs(registry.production(MODEL))).isTrue();
  }

  @Test
  void theSameRunAgainGivesTheVersionThatItHas() {
    champion(0.5);
    Challenge challenge = challenge().promotingIfBetter();
    try (Run run = tracking.start(MODEL)) {
      ChallengeResult first = challenge.register(run, predicting(0.3));
      ChallengeResult again = challenge.register(run, predicting(0.3));

      assertThat(first.promoted()).isTrue();
      assertThat(again.promoted()).isTrue();
      assertThat(again.challenger().isSameAs(first.challenger())).isTrue();
      assertThat(registry.versions(MODEL)).hasSize(2);
    }
  }

  @Test
  void aScoreThatIsNoNumberIsNotBetterAndAnyNumberIsBetterThanIt() {
    Challenge ofNone =
        Challenge.of(registry, MODEL, "auc", (champion, model) -> auc(false))
            .loadedBy(LOADERS)
            .promotingIfBetter();
    ChallengeResult first = register(ofNone, 0.3);
    assertThat(first.better()).isFalse();
    assertThat(first.promoted()).isFalse();
    assertThat(first).asString().contains("NaN, the first version; not better");
    registry
        .promote(first.challenger())
        .to(Stage.PRODUCTION)
        .expectingAnything()
        .because("by a person")
        .commit();
    assertThat(register(ofNone, 0.31).better()).isFalse();

    Challenge ofChallenger =
        Challenge.of(registry, MODEL, "auc", (champion, model) -> auc(champion == null))
            .loadedBy(LOADERS)
            .byMoreThan(0.1)
            .promotingIfBetter();
    ChallengeResult better = register(ofChallenger, 0.32);

    assertThat(better.better()).isTrue();
    assertThat(better.promoted()).isTrue();
    assertThat(better.score()).isEqualTo(0.5);
    assertThat(better.championScore()).isNaN();
  }

  /** That of data of one class is no number. */
  private static Evaluation auc(boolean hasBoth) {
    return Evaluation.binary(new double[LATE.length], hasBoth ? LATE : new boolean[LATE.length]);
  }

  @Test
  void aRunThatIsComparedAgainIsComparedWithTheChampionOfTheFirstTime() {
    ModelVersion first = champion(0.5);
    Challenge challenge = challenge().promotingIfBetter();
    try (Run run = tracking.start(MODEL)) {
      challenge.compare(run, predicting(0.3));
      champion(0.29);
      ChallengeResult again = challenge.settle(challenge.compare(run, predicting(0.3)));

      assertThat(again.champion()).isNotNull();
      assertThat(first.isSameAs(again.champion())).isTrue();
      assertThat(again.championScore()).isEqualTo(Math.log(2));
      assertThat(again.better()).isTrue();
      assertThat(again.promoted()).isFalse();
      assertThat(again.refusals()).hasSize(1);
    }
  }

  @Test
  void settlingAgainDoesNotPromoteWhatWasRolledBack() {
    ModelVersion champion = champion(0.5);
    Challenge challenge = challenge().promotingIfBetter();
    StoredPackage compared;
    try (Run run = tracking.start(MODEL)) {
      compared = challenge.compare(run, predicting(0.3));
      assertThat(registry.versions(MODEL)).as("nothing is registered yet").hasSize(1);
    }
    assertThat(challenge.settle(compared).promoted()).isTrue();
    registry.rollback(MODEL, "it was too slow");

    ChallengeResult again = challenge.settle(compared);

    assertThat(again.promoted()).as("it was").isTrue();
    assertThat(champion.isSameAs(registry.production(MODEL))).isTrue();
    assertThat(registry.versions(MODEL)).hasSize(2);
  }

  @Test
  void whatWasRegisteredWithoutAComparisonIsRefused() {
    StoredPackage stored;
    try (Run run = tracking.start(MODEL)) {
      stored = run.log(predicting(0.3));
    }
    registry.register(MODEL, stored);
    assertThatThrownBy(() -> challenge().settle(stored))
        .isInstanceOf(MonitoringException.class)
        .hasMessageContaining("compare a package before");
  }

  @Test
  void aMetricThatSaysTooLittleOrIsNotThereIsRefused() {
    assertThatThrownBy(() -> Challenge.of(registry, MODEL, "gain", this::judge))
        .isInstanceOf(MonitorConfigurationException.class)
        .hasMessageContaining("gain");
    Challenge regression = Challenge.of(registry, MODEL, "rmse", this::judge).loadedBy(LOADERS);
    assertThatThrownBy(() -> register(regression, 0.3))
        .isInstanceOf(MonitorConfigurationException.class)
        .hasMessageContaining("the evaluation has auc, log_loss");
    assertThat(registry.models()).isEmpty();
  }
}
