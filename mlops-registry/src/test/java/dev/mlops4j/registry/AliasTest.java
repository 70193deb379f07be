package dev.mlops4j.registry;

import static dev.mlops4j.registry.Fixture.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AliasTest {

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
  void anAliasPointsToAVersionAndCanBeMovedAndRemoved() {
    point(first, null);
    assertThat(registry.aliased(MODEL, "best")).isEqualTo(first);
    point(second, first);
    assertThat(registry.aliases(MODEL)).containsExactly(Map.entry("best", 2));
    registry.alias(MODEL, "best").toNothing().expecting(second).because("none").commit();
    assertThat(registry.aliases(MODEL)).isEmpty();
  }

  @Test
  void everyChangeIsInTheHistory() {
    Instant now = fixture.clock.instant();
    registry.alias(MODEL, "best").to(first).expecting(null).because("a").by("ann").commit();
    registry.alias(MODEL, "best").toNothing().expectingAnything().because("b").by("bob").commit();
    assertThat(registry.history(MODEL))
        .containsExactly(
            new AliasChange(MODEL, 1, "best", null, 1, now, "ann", "a"),
            new AliasChange(MODEL, 2, "best", 1, null, now, "bob", "b"));
    assertThat(registry.history(MODEL))
        .extracting(HistoryEntry::describe)
        .containsExactly(
            now + " alias \"best\" nothing -> version 1 by ann: a",
            now + " alias \"best\" version 1 -> nothing by bob: b");
  }

  @Test
  void anAliasThatPointsElsewhereThanExpectedIsAConflictAndStays() {
    point(first, null);
    assertThatThrownBy(() -> point(second, null))
        .isInstanceOf(AliasConflictException.class)
        .hasMessageContaining("could not change alias \"best\" of model \"flight-delay\"")
        .hasMessageContaining("expected it to point to no version, found version 1");
    assertThat(registry.aliased(MODEL, "best")).isEqualTo(first);
    assertThat(registry.changeCount(MODEL)).isEqualTo(1);
  }

  @Test
  void pointingItWhereItPointsAddsNothing() {
    point(first, null);
    point(first, first);
    assertThat(registry.changeCount(MODEL)).isEqualTo(1);
  }

  @Test
  void anUnknownAliasIsAnErrorThatListsThoseThatAre() {
    point(first, null);
    assertThatThrownBy(() -> registry.aliased(MODEL, "champion"))
        .isInstanceOf(NoSuchAliasException.class)
        .hasMessageContaining("\"flight-delay\" has no alias \"champion\"; it has {best=1}");
  }

  @Test
  void aNameThatLooksLikeAVersionOrWorseIsRefused() {
    for (String alias : List.of("3", "", "a b", "-x")) {
      assertThatThrownBy(() -> registry.alias(MODEL, alias))
          .isInstanceOf(InvalidModelNameException.class)
          .hasMessageContaining("an alias cannot be \"" + alias + "\"");
    }
  }

  @Test
  void theTargetTheExpectationAndTheReasonMustBeStated() {
    assertThatThrownBy(() -> registry.alias(MODEL, "best").to(first).expecting(null).commit())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("because(reason)");
    assertThatThrownBy(() -> registry.alias(MODEL, "best").to(first).because("x").commit())
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(
            () -> registry.alias(MODEL, "best").expectingAnything().because("x").commit())
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aVersionOfAnotherModelIsRefused() {
    ModelVersion other = registry.register("other", fixture.stored(1, "onnx", null));
    assertThatThrownBy(() -> registry.alias(MODEL, "best").to(other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("to(...) takes a version of \"flight-delay\", found other version 1");
  }

  private void point(ModelVersion to, ModelVersion expected) {
    registry.alias(MODEL, "best").to(to).expecting(expected).because("better").commit();
  }
}
