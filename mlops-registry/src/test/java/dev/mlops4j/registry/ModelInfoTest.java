package dev.mlops4j.registry;

import static dev.mlops4j.registry.Fixture.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelInfoTest {

  @TempDir Path directory;
  private Fixture fixture;
  private Registry registry;

  @BeforeEach
  void open() {
    fixture = new Fixture(directory);
    registry = fixture.registry;
    fixture.version(1);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aModelOfWhichNothingIsSaidIsBlank() {
    assertThat(registry.model(MODEL)).isEqualTo(ModelInfo.of(MODEL));
  }

  @Test
  void whatIsNotStatedStays() {
    registry
        .describe(MODEL)
        .description("Größe: \"late\"?\nSecond line")
        .owner("operations")
        .tag("tier", "1")
        .tag("area", "flights")
        .commit();
    ModelInfo now = registry.describe(MODEL).withoutTag("area").tag("tier", "2").commit();
    assertThat(now).isEqualTo(registry.model(MODEL));
    assertThat(now.description()).isEqualTo("Größe: \"late\"?\nSecond line");
    assertThat(now.owner()).isEqualTo("operations");
    assertThat(now.tags()).isEqualTo(Map.of("tier", "2"));
    assertThat(registry.describe(MODEL).owner("").commit().owner()).isEmpty();
  }

  @Test
  void textsThatWouldMoveATerminalsCursorAreRefused() {
    for (String hostile : new String[] {"\u001b[2J", "a\u0000b", "\u009b31m", "\ud800", " "}) {
      assertThatThrownBy(() -> registry.describe(MODEL).owner(hostile))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("the owner")
          .hasMessageNotContaining("\u001b");
      assertThatThrownBy(() -> registry.rollback(MODEL, hostile))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> registry.describe(MODEL).tag("k", hostile))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> registry.describe(MODEL).tag("../k", "v"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("../k");
  }

  @Test
  void anUnknownModelIsSaidToBeOne() {
    assertThatThrownBy(() -> registry.model("other"))
        .isInstanceOf(NoSuchModelException.class)
        .hasMessageContaining("other");
    assertThatThrownBy(() -> registry.describe("other").owner("x").commit())
        .isInstanceOf(NoSuchModelException.class);
  }

  @Test
  void whoActsComesFromTheSourceUnlessStated() {
    Registry mine = registry.actingAs(() -> "ann@login");
    fixture.version(2);
    mine.promote(mine.version(MODEL, 1)).to(Stage.PRODUCTION).expecting(null).because("x").commit();
    mine.promote(mine.version(MODEL, 2))
        .to(Stage.PRODUCTION)
        .expectingAnything()
        .because("x")
        .by("bob")
        .commit();
    mine.rollback(MODEL, "x");
    mine.alias(MODEL, "a").to(mine.version(MODEL, 1)).expecting(null).because("x").commit();
    assertThat(registry.history(MODEL))
        .extracting(HistoryEntry::by)
        .containsExactly("ann@login", "bob", "bob", "ann@login", "ann@login", "ann@login");
  }

  @Test
  void aSourceThatDoesNotKnowWhoActsChangesNothing() {
    Registry nobody = registry.actingAs(() -> "");
    assertThatThrownBy(
            () -> nobody.promote(nobody.version(MODEL, 1)).to(Stage.STAGING).because("x").commit())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("who acts");
    Registry failing =
        registry.actingAs(
            () -> {
              throw new IllegalStateException("not logged in");
            });
    assertThatThrownBy(() -> failing.rollback(MODEL, "x")).hasMessageContaining("not logged in");
    assertThat(registry.history(MODEL)).isEmpty();
  }
}
