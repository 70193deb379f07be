package dev.mlops4j.registry;

import dev.mlops4j.Digest;
import dev.mlops4j.model.Environment;
import dev.mlops4j.model.Manifest;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.StoredPackage;
import dev.mlops4j.workspace.Workspace;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A workspace with a registry, and packages to register. */
final class Fixture implements AutoCloseable {

  static final String MODEL = "flight-delay";
  static final Digest FEATURES = Digest.of("features");

  final MovableClock clock;
  final Workspace workspace;
  final Registry registry;

  Fixture(Path directory) {
    this(directory, new MovableClock());
  }

  Fixture(Path directory, MovableClock clock) {
    this.clock = clock;
    this.workspace = Workspace.at(directory).systemClock(clock).open();
    this.registry = Registry.in(workspace);
  }

  /** A version with content, features and format that do not matter. */
  ModelVersion version(int content) {
    return registry.register(MODEL, stored(content, "xgboost-ubj", FEATURES));
  }

  StoredPackage stored(int content, String format, @Nullable Digest features) {
    byte[] file = Integer.toString(content).getBytes(StandardCharsets.UTF_8);
    Digest tree = workspace.artifacts().putTree(Map.of("model.txt", file));
    return new StoredPackage(tree, manifest(format, features, "run-" + content));
  }

  static Manifest manifest(String format, @Nullable Digest features, @Nullable String runId) {
    Signature signature =
        new Signature(List.of(Signature.Input.numeric("wind")), Signature.Output.binary("late"));
    return new Manifest(
        Manifest.FORMAT_VERSION,
        format,
        signature,
        "flight_delay",
        features,
        List.of(),
        runId,
        Environment.current());
  }

  ModelVersion promote(ModelVersion version) {
    return registry
        .promote(version)
        .to(Stage.PRODUCTION)
        .expectingAnything()
        .because("better")
        .commit();
  }

  @Nullable Integer inProduction() {
    ModelVersion production = registry.production(MODEL);
    return production == null ? null : production.number();
  }

  @Override
  public void close() {
    workspace.close();
  }
}
