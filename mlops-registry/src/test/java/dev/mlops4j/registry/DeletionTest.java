package dev.mlops4j.registry;

import static dev.mlops4j.registry.Fixture.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeletionTest {

  @TempDir Path directory;
  private Fixture fixture;
  private Registry registry;

  @BeforeEach
  void open() {
    fixture = new Fixture(directory);
    registry = fixture.registry;
    for (int i = 1; i <= 3; i++) {
      fixture.version(i);
    }
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aDeletedVersionIsGoneAndItsNumberIsNotGivenAgain() {
    delete(3);
    assertThat(registry.versions(MODEL)).extracting(ModelVersion::number).containsExactly(1, 2);
    assertThatThrownBy(() -> registry.version(MODEL, 3))
        .isInstanceOf(NoSuchModelVersionException.class);
    assertThat(fixture.version(3).number()).isEqualTo(4);
  }

  @Test
  void theHistorySaysWhoDeletedItAndWhy() {
    ModelVersion version = registry.version(MODEL, 2);
    registry.delete(version).because("made of wrong data").by("ann").commit();
    assertThat(registry.history(MODEL))
        .containsExactly(
            new VersionDeletion(
                MODEL, 1, 2, Stage.NONE, fixture.clock.instant(), "ann", "made of wrong data"));
    assertThat(registry.history(MODEL).get(0).describe())
        .contains("version 2 NONE -> deleted by ann: made of wrong data");
  }

  @Test
  void whatIsInUseIsRefusedWithAllItsUses() {
    ModelVersion serves = fixture.promote(registry.version(MODEL, 1));
    registry.alias(MODEL, "best").to(serves).expecting(null).because("x").commit();
    try (Follower follower =
        registry.follow("checkout", MODEL, Stage.PRODUCTION, Capabilities.ANY)) {
      follower.loaded(serves);
      List<HistoryEntry> before = registry.history(MODEL);
      assertThatThrownBy(() -> delete(1))
          .isInstanceOf(VersionInUseException.class)
          .hasMessageContaining("flight-delay version 1 cannot be deleted")
          .hasMessageContaining("it is in PRODUCTION")
          .hasMessageContaining("the alias \"best\" points to it")
          .hasMessageContaining("follower \"checkout\"");
      assertThat(registry.history(MODEL)).isEqualTo(before);
    }
  }

  @Test
  void aVersionThatAFollowerStillServesAfterAPromotionIsRefused() {
    ModelVersion first = fixture.promote(registry.version(MODEL, 1));
    try (Follower follower =
        registry.follow("checkout", MODEL, Stage.PRODUCTION, Capabilities.ANY)) {
      follower.loaded(first);
      fixture.promote(registry.version(MODEL, 2));
      assertThatThrownBy(() -> delete(1)).isInstanceOf(VersionInUseException.class);
      follower.loaded(registry.version(MODEL, 2));
      delete(1);
    }
    assertThat(registry.versions(MODEL)).hasSize(2);
  }

  @Test
  void aRollbackPassesOverWhatWasDeleted() {
    promote(1, 2, 3);
    delete(2);
    assertThat(registry.rollback(MODEL, "worse").number()).isEqualTo(1);
  }

  @Test
  void aVersionThatServedBeforeAndAfterADeletedOneServedOnce() {
    promote(1, 2, 1);
    delete(2);
    assertThatThrownBy(() -> registry.rollback(MODEL, "worse"))
        .isInstanceOf(NothingToRollBackToException.class);
  }

  @Test
  void whatServedAtAnInstantIsToldOfADeletedVersionToo() {
    promote(1);
    Instant then = fixture.clock.instant();
    fixture.clock.advance(Duration.ofHours(1));
    promote(2);
    delete(1);
    ModelVersion served = registry.productionAt(MODEL, then);
    assertThat(served).isNotNull();
    assertThat(served.number()).isEqualTo(1);
  }

  @Test
  void aModelWithoutAVersionLeftIsStillKnown() {
    for (int i = 1; i <= 3; i++) {
      delete(i);
    }
    assertThat(registry.versions(MODEL)).isEmpty();
    assertThat(registry.production(MODEL)).isNull();
    assertThat(registry.history(MODEL)).hasSize(3);
    assertThat(registry.models()).containsExactly(MODEL);
  }

  @Test
  void aReasonIsNeededAndAVersionOfAnotherRegistryIsRefused() {
    ModelVersion version = registry.version(MODEL, 1);
    assertThatThrownBy(() -> registry.delete(version).commit())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("because(reason)");
    try (Fixture other = new Fixture(directory.resolveSibling("other"))) {
      ModelVersion foreign = other.version(99);
      assertThatThrownBy(() -> registry.delete(foreign).because("x").commit())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("not of this registry");
    }
    assertThat(registry.versions(MODEL)).hasSize(3);
  }

  /** Whatever is promoted, rolled back and deleted: a rollback goes where a plain model says. */
  @Test
  void randomSequencesAgreeWithAListOfWhatServed() {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      String model = "m" + seed;
      for (int i = 1; i <= 4; i++) {
        registry.register(model, fixture.stored(100 * seed + i, "onnx", null));
      }
      List<Integer> served = new ArrayList<>();
      List<Integer> left = new ArrayList<>(List.of(1, 2, 3, 4));
      for (int step = 0; step < 25; step++) {
        int number = left.get(random.nextInt(left.size()));
        Integer present = served.isEmpty() ? null : served.get(served.size() - 1);
        switch (random.nextInt(4)) {
          case 0, 1 -> {
            fixture.promote(registry.version(model, number));
            if (present == null || present != number) {
              served.add(number);
            }
          }
          case 2 -> {
            if (served.size() > 1) {
              served.remove(served.size() - 1);
              assertThat(registry.rollback(model, "x").number())
                  .isEqualTo(served.get(served.size() - 1));
            }
          }
          default -> {
            if ((present == null || present != number) && left.size() > 1) {
              registry.delete(registry.version(model, number)).because("x").commit();
              left.remove((Integer) number);
              served = without(served, number);
            }
          }
        }
      }
    }
  }

  private static List<Integer> without(List<Integer> served, int number) {
    List<Integer> kept = new ArrayList<>();
    for (Integer version : served) {
      if (version != number && (kept.isEmpty() || !kept.get(kept.size() - 1).equals(version))) {
        kept.add(version);
      }
    }
    return kept;
  }

  private void delete(int number) {
    registry.delete(registry.version(MODEL, number)).because("a test").commit();
  }

  private void promote(int... numbers) {
    for (int number : numbers) {
      fixture.promote(registry.version(MODEL, number));
    }
  }
}
