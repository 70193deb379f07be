package dev.mlops4j.registry;

import static dev.mlops4j.registry.Fixture.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which gates a promotion asked, and which it must ask. */
class RequiredGatesTest {

  private static final Gate SIZE = passing("size");
  private static final Gate REVIEW = passing("review");

  @TempDir Path directory;
  private Fixture fixture;
  private Registry registry;
  private ModelVersion first;
  private ModelVersion second;

  @BeforeEach
  void open() {
    fixture = new Fixture(directory);
    registry = fixture.registry;
    first = fixture.version(1);
    second = fixture.version(2);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void theHistoryNamesTheGatesThatWereAskedAndSaysIfNoneWas() {
    promotion(registry, first).commit();
    promotion(registry.withGates(SIZE), second)
        .through(REVIEW, failing("size"))
        .overridingGates("x")
        .commit();
    registry.rollback(MODEL, "slow");
    registry.promote(second).to(Stage.STAGING).because("again").commit();
    assertThat(registry.history(MODEL))
        .extracting(entry -> ((StageChange) entry).gates())
        .containsExactly(List.of(), null, List.of("size", "review", "size"), null, null, List.of());
    assertThat(registry.history(MODEL))
        .extracting(entry -> ((StageChange) entry).checks())
        .containsExactly(
            " (gates: none)",
            "",
            " (gates: size, review, size)"
                + " (overriding: size: found wanting; reason of the override: x)",
            "",
            "",
            "");
    assertThat(registry.history(MODEL).get(0).describe()).endsWith(": better (gates: none)");
  }

  @Test
  void aPromotionThroughAnyRegistryThatLacksRequiredGatesIsRefusedWithAllOfThem() {
    require("size", "review", "size");
    assertThat(registry.requiredGates(MODEL)).containsExactly("review", "size");
    List<HistoryEntry> before = registry.history(MODEL);
    GatesFailedException failed =
        catchThrowableOfType(
            GatesFailedException.class,
            () -> promotion(registry, first).through(failing("bias")).commit());
    assertThat(failed.failures())
        .extracting(GatesFailedException.Failure::gate)
        .containsExactly("bias", "review", "size");
    assertThat(failed).hasMessageContaining("size: the model requires this gate, it was not asked");
    assertThatThrownBy(() -> promotion(registry.withGates(SIZE), first).commit())
        .isInstanceOf(GatesFailedException.class)
        .hasMessageContaining("review: ")
        .hasMessageNotContaining("size: ");
    assertThat(registry.history(MODEL)).isEqualTo(before);
    promotion(registry.withGates(SIZE), first).through(REVIEW).commit();
    assertThat(fixture.inProduction()).isEqualTo(1);
  }

  @Test
  void aLackingGateIsOverriddenWithAReasonThatTheHistoryKeeps() {
    require("size");
    promotion(registry, first).overridingGates("ticket 17").commit();
    assertThat(registry.history(MODEL).get(1))
        .isInstanceOfSatisfying(
            StageChange.class,
            change -> {
              assertThat(change.gates()).isEmpty();
              assertThat(change.overridden())
                  .containsExactly(
                      "size: the model requires this gate, it was not asked",
                      "reason of the override: ticket 17");
            });
  }

  @Test
  void otherStagesOtherModelsAndRollbacksAskNone() {
    promotion(registry, first).commit();
    promotion(registry, second).commit();
    require("size");
    registry.promote(first).to(Stage.STAGING).because("x").commit();
    ModelVersion other = registry.register("other", fixture.stored(1, "onnx", null));
    promotion(registry, other).commit();
    assertThat(registry.rollback(MODEL, "slow").number()).isEqualTo(1);
  }

  @Test
  void whoRequiredWhatAndWhyIsInTheHistoryAndTheSameAgainIsNoChange() {
    registry.requireGates(MODEL, "size", "review").because("policy").by("ann").commit();
    registry.requireGates(MODEL, "review", "size").because("again").commit();
    registry.requireGates(MODEL).because("too slow").by("bob").commit();
    registry.requireGates(MODEL).because("again").commit();
    assertThat(registry.requiredGates(MODEL)).isEmpty();
    assertThat(registry.history(MODEL))
        .extracting(entry -> entry.describe().replaceFirst("^\\S+ ", ""))
        .containsExactly(
            "gates required before PRODUCTION: review, size by ann: policy",
            "gates required before PRODUCTION: none by bob: too slow");
    promotion(registry, first).commit();
    assertThat(registry.productionAt(MODEL, fixture.clock.instant())).isNotNull();
  }

  /** The gate itself requires another one, between the decision and the change. */
  @Test
  void whatIsRequiredWhileAPromotionIsDecidedIsRequiredOfIt() {
    Gate meddling =
        Gate.of(
            "size",
            candidate -> {
              require("review", "size");
              return Optional.empty();
            });
    assertThatThrownBy(() -> promotion(registry, first).through(meddling).commit())
        .isInstanceOf(GatesFailedException.class)
        .hasMessageContaining("review: ");
    assertThat(fixture.inProduction()).isNull();
  }

  @Test
  void aRequirementNeedsAModelAReasonAndNamesOfOneLine() {
    assertThatThrownBy(() -> registry.requireGates("none", "size").because("x").commit())
        .isInstanceOf(NoSuchModelException.class);
    assertThatThrownBy(() -> registry.requireGates(MODEL, "size").commit())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("because(reason)");
    for (String wrong : List.of("", " ", "a\nb", "a\u001b[2J", "x".repeat(10_001))) {
      assertThatThrownBy(() -> registry.requireGates(MODEL, "size", wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("the name of a gate");
    }
    assertThat(registry.history(MODEL)).isEmpty();
  }

  private void require(String... names) {
    registry.requireGates(MODEL, names).because("policy").commit();
  }

  private static Gate passing(String name) {
    return Gate.of(name, candidate -> Optional.empty());
  }

  private static Gate failing(String name) {
    return Gate.of(name, candidate -> Optional.of("found wanting"));
  }

  private static Promotion promotion(Registry through, ModelVersion version) {
    return through.promote(version).to(Stage.PRODUCTION).expectingAnything().because("better");
  }
}
