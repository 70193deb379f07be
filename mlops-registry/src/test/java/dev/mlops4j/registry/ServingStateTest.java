package dev.mlops4j.registry;

import static dev.mlops4j.registry.Fixture.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServingStateTest {

  @TempDir Path directory;

  @Test
  void itSaysWhatEachLiveFollowerHasLoadedAndWhoLags() {
    try (Fixture fixture = new Fixture(directory)) {
      Registry registry = fixture.registry;
      ModelVersion first = fixture.promote(fixture.version(1));
      ModelVersion second = fixture.version(2);
      registry.alias(MODEL, "best").to(second).expecting(null).because("x").commit();
      assertThat(registry.serving(MODEL).toText()).isEqualTo("no live follower");
      try (Follower checkout =
              registry.follow("checkout", MODEL, Stage.PRODUCTION, Capabilities.ANY);
          Follower best = registry.follow("b\u202e", MODEL, "best", Capabilities.ANY)) {
        checkout.loaded(first);
        best.loaded(second);
        ServingState settled = registry.serving(MODEL);
        assertThat(settled.production()).isEqualTo(first);
        assertThat(settled.isSettled()).isTrue();
        fixture.promote(second);
        ServingState now = registry.serving(MODEL);
        assertThat(now.isSettled()).isFalse();
        assertThat(now.lagging())
            .extracting(serving -> serving.follower().name())
            .containsExactly("checkout");
        assertThat(now.lagging().get(0).there()).isEqualTo(2);
        assertThat(now.toText())
            .contains("checkout")
            .contains("stage PRODUCTION")
            .contains("b\\u202e")
            .doesNotContain("\u202e");
        checkout.loaded(second);
        assertThat(registry.serving(MODEL).isSettled()).isTrue();
      }
      assertThatThrownBy(() -> registry.serving("other")).isInstanceOf(NoSuchModelException.class);
    }
  }
}
