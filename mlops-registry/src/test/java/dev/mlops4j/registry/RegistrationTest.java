package dev.mlops4j.registry;

import static dev.mlops4j.registry.Fixture.FEATURES;
import static dev.mlops4j.registry.Fixture.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.Digest;
import dev.mlops4j.model.StoredPackage;
import dev.mlops4j.workspace.CorruptArtifactException;
import dev.mlops4j.workspace.NoSuchArtifactException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistrationTest {

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
  void versionsAreNumberedFromOneWithinTheirModel() {
    assertThat(fixture.version(10).number()).isEqualTo(1);
    assertThat(fixture.version(11).number()).isEqualTo(2);
    assertThat(registry.register("other", fixture.stored(10, "onnx", null)).number()).isEqualTo(1);
    assertThat(registry.models()).containsExactly(MODEL, "other");
  }

  @Test
  void aVersionSaysWhatItsPackageSays() {
    StoredPackage stored = fixture.stored(10, "xgboost-ubj", FEATURES);
    ModelVersion version = registry.register(MODEL, stored);
    assertThat(version)
        .isEqualTo(
            new ModelVersion(
                MODEL,
                1,
                Stage.NONE,
                stored.digest(),
                "xgboost-ubj",
                "flight_delay",
                FEATURES,
                "run-10",
                fixture.clock.instant()));
    assertThat(registry.version(MODEL, 1)).isEqualTo(version);
    assertThat(registry.versions(MODEL)).containsExactly(version);
    assertThat(version.label()).isEqualTo("flight-delay version 1");
  }

  @Test
  void theSamePackageFromTheSameRunGetsTheVersionItHas() {
    ModelVersion first = fixture.promote(fixture.version(10));
    fixture.version(11);
    assertThat(fixture.version(10)).isEqualTo(first);
    assertThat(registry.versions(MODEL)).hasSize(2);
  }

  @Test
  void theSamePackageWithoutARunIsRegisteredOnceAndFromARunAgain() {
    Digest tree = fixture.stored(10, "onnx", null).digest();
    StoredPackage without = new StoredPackage(tree, Fixture.manifest("onnx", null, null));
    assertThat(registry.register(MODEL, without)).isEqualTo(registry.register(MODEL, without));
    StoredPackage fromRun = new StoredPackage(tree, Fixture.manifest("onnx", null, "run-1"));
    assertThat(registry.register(MODEL, fromRun).number()).isEqualTo(2);
  }

  @Test
  void aNameThatIsNotAcceptedIsAnErrorThatSaysWhatIs() {
    StoredPackage stored = fixture.stored(10, "onnx", null);
    for (String name : List.of("", "a b", "../x", "-x", "a/b", "ü", "x".repeat(129))) {
      assertThatThrownBy(() -> registry.register(name, stored))
          .isInstanceOf(InvalidModelNameException.class)
          .hasMessageContaining("a model's name cannot be \"")
          .hasMessageContaining("1 to 128 characters out of A-Z a-z 0-9 . _ -");
    }
    assertThat(registry.models()).isEmpty();
  }

  @Test
  void anUnknownModelIsAnErrorThatListsTheModels() {
    assertThatThrownBy(() -> registry.versions("flight"))
        .isInstanceOf(NoSuchModelException.class)
        .hasMessageContaining("no model \"flight\" in the registry; nothing is registered yet");
    fixture.version(10);
    assertThatThrownBy(() -> registry.production("flight"))
        .isInstanceOf(NoSuchModelException.class)
        .hasMessageContaining("no model \"flight\" in the registry; it has flight-delay");
    assertThatThrownBy(() -> registry.history("flight")).isInstanceOf(NoSuchModelException.class);
    assertThatThrownBy(() -> registry.aliases("flight")).isInstanceOf(NoSuchModelException.class);
    assertThatThrownBy(() -> registry.rollback("flight", "why"))
        .isInstanceOf(NoSuchModelException.class);
    assertThat(registry.changeCount("flight")).isZero();
  }

  @Test
  void anUnknownVersionIsAnErrorThatListsTheVersions() {
    fixture.version(10);
    fixture.promote(fixture.version(11));
    assertThatThrownBy(() -> registry.version(MODEL, 3))
        .isInstanceOf(NoSuchModelVersionException.class)
        .hasMessageContaining(
            "\"flight-delay\" has no version 3; it has [1 (NONE), 2 (PRODUCTION)]");
  }

  @Test
  void aPackageThatIsNotStoredOrAlteredIsNotRegistered() throws IOException {
    StoredPackage absent =
        new StoredPackage(Digest.of("absent"), Fixture.manifest("onnx", null, null));
    assertThatThrownBy(() -> registry.register(MODEL, absent))
        .isInstanceOf(NoSuchArtifactException.class);

    StoredPackage altered = fixture.stored(10, "onnx", null);
    truncate(Digest.of("10"));
    assertThatThrownBy(() -> registry.register(MODEL, altered))
        .isInstanceOf(CorruptArtifactException.class);
    assertThat(registry.models()).isEmpty();
  }

  @Test
  void aPackageThatIsAlteredLaterIsNotLoaded() throws IOException {
    ModelVersion version = fixture.version(10);
    truncate(Digest.of("10"));
    assertThatThrownBy(() -> registry.load(version)).isInstanceOf(CorruptArtifactException.class);
  }

  @Test
  void whatOneInstanceRegistersAnotherSeesAndAReopenedOneKeeps() {
    ModelVersion version = fixture.version(10);
    try (Fixture second = new Fixture(directory)) {
      assertThat(second.registry.version(MODEL, 1)).isEqualTo(version);
    }
    fixture.close();
    try (Fixture again = new Fixture(directory)) {
      assertThat(again.registry.versions(MODEL)).containsExactly(version);
    }
  }

  private void truncate(Digest digest) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      Path stored =
          files
              .filter(Files::isRegularFile)
              .filter(file -> file.toString().replace("/", "").endsWith(digest.hex()))
              .findFirst()
              .orElseThrow();
      Files.write(stored, new byte[0]);
    }
  }
}
