package dev.mlops4j.registry;

import static dev.mlops4j.registry.Fixture.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RollbackTest {

  @TempDir Path directory;
  private Fixture fixture;
  private Registry registry;
  private final List<ModelVersion> versions = new ArrayList<>();

  @BeforeEach
  void open() {
    fixture = new Fixture(directory);
    registry = fixture.registry;
    for (int i = 0; i < 4; i++) {
      versions.add(fixture.version(i));
    }
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void itGoesToTheVersionThatServedBeforeAndArchivesThePresentOne() {
    promote(1, 2);
    ModelVersion serves = registry.rollback(MODEL, "accuracy fell on Friday");
    assertThat(serves).isEqualTo(registry.production(MODEL));
    assertThat(serves.number()).isEqualTo(1);
    assertThat(registry.version(MODEL, 2).stage()).isEqualTo(Stage.ARCHIVED);
    assertThat(registry.history(MODEL).subList(3, 5))
        .extracting(HistoryEntry::reason)
        .containsOnly("accuracy fell on Friday");
  }

  @Test
  void aSecondRollbackGoesFurtherBack() {
    promote(1, 2, 3);
    assertThat(rolledBack()).isEqualTo(2);
    assertThat(rolledBack()).isEqualTo(1);
  }

  @Test
  void withNothingBeforeItIsAnErrorAndNothingChanges() {
    assertThatThrownBy(() -> registry.rollback(MODEL, "why"))
        .isInstanceOf(NothingToRollBackToException.class)
        .hasMessageContaining("cannot roll back model \"flight-delay\"")
        .hasMessageContaining("no version of it is or was in PRODUCTION");
    promote(1, 2);
    rolledBack();
    List<HistoryEntry> before = registry.history(MODEL);
    assertThatThrownBy(() -> registry.rollback(MODEL, "why"))
        .isInstanceOf(NothingToRollBackToException.class)
        .hasMessageContaining("no version served before the present one, version 1")
        .hasMessageContaining("Promote the version that shall serve");
    assertThat(registry.history(MODEL)).isEqualTo(before);
    assertThat(fixture.inProduction()).isEqualTo(1);
  }

  @Test
  void ofTwoThatExpectTheSameVersionTheSecondChangesNothing() {
    promote(1, 2, 3);
    ModelVersion third = registry.production(MODEL);
    assertThat(registry.rollback(MODEL).expecting(third).because("slow").commit().number())
        .isEqualTo(2);
    List<HistoryEntry> before = registry.history(MODEL);
    StageConflictException conflict =
        catchThrowableOfType(
            StageConflictException.class,
            () -> registry.rollback(MODEL).expecting(third).because("slow").commit());
    assertThat(conflict)
        .hasMessageStartingWith(
            "could not roll back model \"flight-delay\": expected version 3 in PRODUCTION, found"
                + " version 2");
    assertThat(conflict.model()).isEqualTo(MODEL);
    assertThat(conflict.stage()).isEqualTo(Stage.PRODUCTION);
    assertThat(conflict.expected()).isEqualTo(3);
    assertThat(conflict.found()).isEqualTo(2);
    assertThat(registry.history(MODEL)).isEqualTo(before);
  }

  @Test
  void noVersionCanBeExpectedAndOneOfAnotherModelCannot() {
    promote(1, 2);
    Rollback none = registry.rollback(MODEL).expecting(null).because("x");
    assertThatThrownBy(none::commit)
        .isInstanceOf(StageConflictException.class)
        .hasMessageContaining("expected no version in PRODUCTION, found version 2");
    registry.promote(versions.get(1)).to(Stage.ARCHIVED).because("x").commit();
    assertThat(none.commit().number()).isEqualTo(2);
    ModelVersion other = registry.register("other", fixture.stored(1, "onnx", null));
    assertThatThrownBy(() -> registry.rollback(MODEL).expecting(other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("other version 1");
  }

  @Test
  void aVersionThatWasRolledBackDoesNotComeBackByARollback() {
    promote(1, 2, 3);
    rolledBack();
    promote(4);
    assertThat(rolledBack()).isEqualTo(2);
    assertThat(rolledBack()).isEqualTo(1);
  }

  @Test
  void aVersionPromotedTwiceServedTwice() {
    promote(1, 2, 1);
    assertThat(rolledBack()).isEqualTo(2);
    assertThat(rolledBack()).isEqualTo(1);
    assertThatThrownBy(this::rolledBack).isInstanceOf(NothingToRollBackToException.class);
  }

  @Test
  void withNothingInProductionTheOneThatServedLastComesBack() {
    promote(1, 2);
    retire(2);
    assertThat(rolledBack()).isEqualTo(2);
    assertThat(rolledBack()).isEqualTo(1);
  }

  @Test
  void aVersionTakenOutAndPromotedAgainHasServedOnce() {
    promote(1, 2);
    retire(2);
    promote(2);
    assertThat(rolledBack()).isEqualTo(1);
  }

  @Test
  void whatLiesBetweenInOtherStagesAndAliasesDoesNotCount() {
    promote(1, 2);
    registry.promote(versions.get(0)).to(Stage.STAGING).because("look again").commit();
    registry.alias(MODEL, "best").to(versions.get(3)).expecting(null).because("x").commit();
    assertThat(rolledBack()).isEqualTo(1);
  }

  @Test
  void theHistoryTellsItInLinesForPeople() {
    promote(1, 2);
    registry.rollback(MODEL).because("accuracy fell").by("ann").commit();
    assertThat(registry.history(MODEL).get(4).describe())
        .isEqualTo(
            "2026-01-01T00:00:00Z version 1 ARCHIVED -> PRODUCTION (rollback) by ann:"
                + " accuracy fell");
    assertThat(registry.history(MODEL).get(0).describe())
        .contains("version 1 NONE -> PRODUCTION by ");
  }

  @Test
  void halfASurrogatePairIsRefusedWherePeopleWrite() {
    String half = "worse \ud83d";
    String whole = "better \ud83d\ude00";
    ModelVersion first = versions.get(0);
    assertThatThrownBy(() -> registry.promote(first).because(half))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the reason is no Unicode text");
    assertThatThrownBy(() -> registry.promote(first).by(half))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("who promotes is no Unicode text");
    assertThatThrownBy(() -> registry.follow(half, MODEL, Stage.PRODUCTION, Capabilities.ANY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a follower's name is no Unicode text");
    registry.promote(first).to(Stage.STAGING).because(whole).commit();
    assertThat(registry.history(MODEL)).extracting(HistoryEntry::reason).containsExactly(whole);
  }

  @Test
  void theReasonMustBeStated() {
    assertThatThrownBy(() -> registry.rollback(MODEL).commit())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("a rollback needs because(reason)");
  }

  /**
   * Against a reference that does not look at the history: every time a version begins to serve, it
   * remembers the serving it came after, and a rollback goes to that one.
   */
  @Test
  void anySequenceOfPromotionsRetirementsAndRollbacksGoesWhereTheReferenceGoes() {
    for (long seed = 1; seed <= 12; seed++) {
      String model = "model-" + seed;
      Reference reference = new Reference();
      List<ModelVersion> own = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        own.add(registry.register(model, fixture.stored(i, "onnx", null)));
      }
      Random random = new Random(seed);
      for (int step = 0; step < 25; step++) {
        String act = act(random, model, own, reference);
        ModelVersion production = registry.production(model);
        assertThat(production == null ? null : production.number())
            .as("seed %d, step %d: %s", seed, step, act)
            .isEqualTo(reference.present());
      }
    }
  }

  private String act(Random random, String model, List<ModelVersion> own, Reference reference) {
    int kind = random.nextInt(10);
    if (kind < 5) {
      ModelVersion version = own.get(random.nextInt(own.size()));
      reference.promote(version.number());
      registry.promote(version).to(Stage.PRODUCTION).expectingAnything().because("better").commit();
      return "promote " + version.number();
    }
    if (kind < 9) {
      if (reference.rollback()) {
        registry.rollback(model, "worse");
      } else {
        assertThatThrownBy(() -> registry.rollback(model, "worse"))
            .isInstanceOf(NothingToRollBackToException.class);
      }
      return "rollback";
    }
    ModelVersion production = registry.production(model);
    if (production != null) {
      registry.promote(production).to(Stage.ARCHIVED).because("retired").commit();
      reference.retire();
    }
    return "retire";
  }

  private void promote(int... numbers) {
    for (int number : numbers) {
      fixture.promote(versions.get(number - 1));
    }
  }

  private void retire(int number) {
    registry.promote(versions.get(number - 1)).to(Stage.ARCHIVED).because("retired").commit();
  }

  private int rolledBack() {
    return registry.rollback(MODEL, "worse").number();
  }

  /** Who serves, and after whom. */
  private static final class Reference {

    private record Serving(int version, @Nullable Serving after) {}

    private @Nullable Serving last;
    private boolean serving;

    void promote(int version) {
      if (last == null || last.version != version) {
        last = new Serving(version, last);
      }
      serving = true;
    }

    void retire() {
      serving = false;
    }

    boolean rollback() {
      Serving target = serving && last != null ? last.after : last;
      if (target == null) {
        return false;
      }
      last = target;
      serving = true;
      return true;
    }

    @Nullable Integer present() {
      return serving && last != null ? last.version : null;
    }
  }
}
