package dev.mlops4j.registry;

import static dev.mlops4j.registry.Fixture.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromotionTest {

  private static final Duration DAY = Duration.ofDays(1);

  @TempDir Path directory;
  private Fixture fixture;
  private Registry registry;
  private ModelVersion first;
  private ModelVersion second;

  @BeforeEach
  void open() {
    fixture = new Fixture(directory);
    registry = fixture.registry;
    first = fixture.version(10);
    second = fixture.version(11);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void nothingServesUntilSomethingIsPromoted() {
    assertThat(registry.production(MODEL)).isNull();
    assertThat(registry.history(MODEL)).isEmpty();
    assertThat(registry.changeCount(MODEL)).isZero();
  }

  @Test
  void promotingToProductionArchivesTheOneThatServed() {
    promote(first, null);
    ModelVersion promoted = promote(second, first);

    assertThat(promoted.stage()).isEqualTo(Stage.PRODUCTION);
    assertThat(registry.production(MODEL)).isEqualTo(promoted);
    assertThat(registry.version(MODEL, 1).stage()).isEqualTo(Stage.ARCHIVED);
  }

  @Test
  void theHistorySaysWhoWhenWhyFromAndTo() {
    registry
        .promote(first)
        .to(Stage.PRODUCTION)
        .expecting(null)
        .because("the first")
        .by("ann")
        .commit();
    Instant start = fixture.clock.instant();
    fixture.clock.advance(DAY);
    registry
        .promote(second)
        .to(Stage.PRODUCTION)
        .expecting(first)
        .because("better")
        .by("bob")
        .commit();

    StageChange.Cause cause = StageChange.Cause.PROMOTION;
    Instant later = start.plus(DAY);
    assertThat(registry.history(MODEL))
        .containsExactly(
            new StageChange(
                MODEL,
                1,
                1,
                Stage.NONE,
                Stage.PRODUCTION,
                cause,
                start,
                "ann",
                "the first",
                List.of(),
                List.of()),
            new StageChange(
                MODEL, 2, 1, Stage.PRODUCTION, Stage.ARCHIVED, cause, later, "bob", "better"),
            new StageChange(
                MODEL,
                3,
                2,
                Stage.NONE,
                Stage.PRODUCTION,
                cause,
                later,
                "bob",
                "better",
                List.of(),
                List.of()));
    assertThat(registry.changeCount(MODEL)).isEqualTo(3);
  }

  @Test
  void whoActsIsTheSystemsUserUnlessStated() {
    promote(first, null);
    assertThat(registry.history(MODEL).get(0).by()).isEqualTo(System.getProperty("user.name"));
  }

  @Test
  void aStageThatHoldsAnotherVersionThanExpectedIsAConflictAndChangesNothing() {
    promote(first, null);
    assertThatThrownBy(() -> promote(second, null))
        .isInstanceOf(StageConflictException.class)
        .hasMessageContaining("could not promote flight-delay version 2")
        .hasMessageContaining("expected no version in PRODUCTION, found version 1")
        .hasMessageContaining("look at it and decide again");
    assertThatThrownBy(() -> promote(first, second))
        .isInstanceOfSatisfying(
            StageConflictException.class,
            e -> {
              assertThat(e.expected()).isEqualTo(2);
              assertThat(e.found()).isEqualTo(1);
            });
    assertThat(fixture.inProduction()).isEqualTo(1);
    assertThat(registry.changeCount(MODEL)).isEqualTo(1);
  }

  @Test
  void promotingWhatIsThereAlreadyAddsNothing() {
    promote(first, null);
    assertThat(promote(first, first).stage()).isEqualTo(Stage.PRODUCTION);
    assertThat(registry.changeCount(MODEL)).isEqualTo(1);
  }

  @Test
  void theStageTheReasonAndForProductionTheExpectationMustBeStated() {
    assertThatThrownBy(() -> registry.promote(first).because("x").commit())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("needs to(stage)");
    assertThatThrownBy(() -> registry.promote(first).to(Stage.PRODUCTION).expecting(null).commit())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("needs because(reason)");
    assertThatThrownBy(() -> registry.promote(first).to(Stage.PRODUCTION).because("x").commit())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("needs expecting(version or null), or expectingAnything()");
    assertThatThrownBy(() -> registry.promote(first).because(" "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the reason has 1 to 10000 characters");
  }

  @Test
  void aVersionOfAnotherModelCannotBeExpected() {
    ModelVersion other = registry.register("other", fixture.stored(1, "onnx", null));
    assertThatThrownBy(() -> registry.promote(first).expecting(other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a version of \"flight-delay\" or null, found other version 1");
  }

  @Test
  void aVersionThatTheRegistryDoesNotHaveIsNotPromoted() {
    ModelVersion unknown =
        new ModelVersion(
            MODEL, 9, Stage.NONE, first.packageDigest(), "onnx", "f", null, null, Instant.EPOCH);
    assertThatThrownBy(() -> fixture.promote(unknown))
        .isInstanceOf(NoSuchModelVersionException.class)
        .hasMessageContaining("has no version 9");
  }

  @Test
  void aVersionOfAnotherRegistryIsNotTakenForTheOneOfItsNumber() {
    ModelVersion foreign =
        new ModelVersion(
            MODEL, 1, Stage.NONE, second.packageDigest(), "onnx", "f", null, null, Instant.EPOCH);
    assertThatThrownBy(() -> fixture.promote(foreign))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("flight-delay version 1 with package ")
        .hasMessageContaining("is not of this registry");
    assertThat(registry.history(MODEL)).isEmpty();
    promote(first, null);
    assertThatThrownBy(() -> promote(second, foreign))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not of this registry");
    assertThat(registry.production(MODEL)).isEqualTo(registry.version(MODEL, 1));
  }

  @Test
  void stagingHoldsSeveralAndTheOneThatCameLastIsCurrent() {
    stage(first);
    stage(second);
    assertThat(registry.version(MODEL, 1).stage()).isEqualTo(Stage.STAGING);
    assertThat(number(registry.currentIn(MODEL, Stage.STAGING))).isEqualTo(2);
    stage(first);
    assertThat(number(registry.currentIn(MODEL, Stage.STAGING))).isEqualTo(1);
    assertThat(registry.currentIn(MODEL, Stage.NONE)).isNull();
  }

  @Test
  void noVersionIsPromotedToNone() {
    promote(first, null);

    assertThatThrownBy(() -> registry.promote(first).to(Stage.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot be promoted to NONE")
        .hasMessageContaining("promote it to ARCHIVED");
    assertThat(number(registry.production(MODEL))).isEqualTo(1);
    assertThat(registry.history(MODEL)).hasSize(1);
  }

  @Test
  void archivingTheVersionThatServesLeavesNoneInProductionUntilARollback() {
    promote(first, null);
    promote(second, first);

    ModelVersion archived = registry.promote(second).to(Stage.ARCHIVED).because("worse").commit();

    assertThat(archived.stage()).isEqualTo(Stage.ARCHIVED);
    assertThat(registry.production(MODEL)).isNull();
    assertThat(registry.version(MODEL, 1).stage()).isEqualTo(Stage.ARCHIVED);
    assertThat(number(registry.rollback(MODEL, "one is needed"))).isEqualTo(2);
  }

  @Test
  void whatWasInProductionAtAnyInstantIsAQuery() {
    Instant before = fixture.clock.instant().minusSeconds(1);
    Instant start = fixture.clock.instant();
    promote(first, null);
    fixture.clock.advance(DAY);
    promote(second, first);
    fixture.clock.advance(DAY);
    registry.promote(second).to(Stage.ARCHIVED).because("retired").commit();
    fixture.clock.advance(DAY);
    registry.rollback(MODEL, "needed after all");

    assertThat(registry.productionAt(MODEL, before)).isNull();
    assertThat(number(registry.productionAt(MODEL, start))).isEqualTo(1);
    assertThat(number(registry.productionAt(MODEL, start.plus(DAY).minusNanos(1000)))).isEqualTo(1);
    assertThat(number(registry.productionAt(MODEL, start.plus(DAY)))).isEqualTo(2);
    assertThat(registry.productionAt(MODEL, start.plus(DAY.multipliedBy(2)))).isNull();
    assertThat(number(registry.productionAt(MODEL, start.plus(DAY.multipliedBy(3))))).isEqualTo(2);
  }

  @Test
  void timesNeverGoBackEvenIfTheClockDoes() {
    promote(first, null);
    Instant start = fixture.clock.instant();
    fixture.clock.advance(DAY.negated());
    promote(second, first);

    assertThat(registry.history(MODEL)).extracting(HistoryEntry::at).containsOnly(start);
    assertThat(number(registry.productionAt(MODEL, start))).isEqualTo(2);
  }

  private void stage(ModelVersion version) {
    registry.promote(version).to(Stage.STAGING).because("try it").commit();
  }

  private ModelVersion promote(ModelVersion version, ModelVersion expected) {
    return registry
        .promote(version)
        .to(Stage.PRODUCTION)
        .expecting(expected)
        .because("better")
        .commit();
  }

  private static Integer number(ModelVersion version) {
    return version.number();
  }
}
