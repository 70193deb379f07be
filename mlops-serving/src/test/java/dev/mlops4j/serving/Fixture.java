package dev.mlops4j.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.Digest;
import dev.mlops4j.feature.FeatureLookup;
import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.model.Model;
import dev.mlops4j.model.ModelLoaders;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.StoredPackage;
import dev.mlops4j.model.TrainingData;
import dev.mlops4j.registry.JdbcRegistryStore;
import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.registry.RegistryStore;
import dev.mlops4j.registry.Stage;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A workspace with a registry, models that predict the number of their version, a predictor. */
final class Fixture implements AutoCloseable {

  static final String MODEL = "trip-delay";

  final Workspace workspace;
  final Registry registry;
  final NumberLoader loader = new NumberLoader();

  /** Called with the name of each call to the registry's store, on the way there. */
  volatile Consumer<String> beforeStore = call -> {};

  private int versions;

  Fixture(Path directory) {
    this.workspace = Workspace.open(directory);
    RegistryStore store = new JdbcRegistryStore(workspace.database(Area.METADATA));
    this.registry = Registry.over(watched(store), workspace.artifacts(), workspace.systemClock());
  }

  static ModelPackage packaged(double number, TrainingData training) {
    return new NumberModel(training.signature(), number, () -> {}).packaged(training);
  }

  /** Registers the next version, which predicts its own number. */
  ModelVersion version() {
    return version(Trip.FEATURES);
  }

  ModelVersion version(FeatureSet<Trip> features) {
    return version(Trip.training(features));
  }

  ModelVersion version(TrainingData training) {
    ModelPackage trained = packaged(++versions, training);
    return registry.register(
        MODEL,
        new StoredPackage(workspace.artifacts().putTree(trained.files()), trained.manifest()));
  }

  ModelVersion promote(ModelVersion version) {
    return registry
        .promote(version)
        .to(Stage.PRODUCTION)
        .expectingAnything()
        .because("a test")
        .commit();
  }

  ModelVersion force(ModelVersion version) {
    return registry
        .promote(version)
        .to(Stage.PRODUCTION)
        .expectingAnything()
        .because("a test")
        .force()
        .commit();
  }

  PredictorBuilder<Trip> follower() {
    return follower(Predictor.of(Trip.FEATURES));
  }

  /** A follower that looks only when it is told to, for as long as a test takes. */
  PredictorBuilder<Trip> follower(PredictorBuilder<Trip> builder) {
    return builder
        .follow(registry, MODEL, Stage.PRODUCTION)
        .loaders(ModelLoaders.of(loader))
        .named("checkout")
        .pollInterval(PredictorBuilder.MAX_POLL_INTERVAL);
  }

  NumberModel loaded(int index) {
    return loader.loaded.get(index);
  }

  /** What the registry knows the only follower to have loaded. */
  Integer announced() {
    return registry.followers(MODEL).get(0).loaded();
  }

  /** Changes a byte of the model file that a version is stored with. */
  void corrupt(ModelVersion version) {
    byte[] file = registry.load(version).file(NumberModel.FILE);
    String digest = Digest.of(file).hex();
    try (Stream<Path> files = Files.walk(workspace.directory())) {
      Path stored =
          files
              .filter(path -> Files.isRegularFile(path))
              .filter(path -> path.toString().replaceAll("[^0-9a-f]", "").endsWith(digest))
              .findFirst()
              .orElseThrow();
      file[0] ^= 1;
      Files.delete(stored);
      Files.write(stored, file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static VersionLoader<Trip> versionLoader(ModelLoaders loaders) {
    return new VersionLoader<>(
        new FeatureRequests<>(List.of(Trip.FEATURES)),
        loaders,
        FeatureLookup.NONE,
        InstantSource.system(),
        InputChecks.none(),
        Set.of(),
        null);
  }

  /** Version 1 of a model that the version closes. */
  static ServedVersion<Trip> served(Model model) {
    RowVectors<Trip> vectors =
        new FeatureRequests<>(List.of(Trip.FEATURES)).bind(model.signature());
    return new ServedVersion<>(
        "m",
        1,
        model,
        true,
        vectors,
        versionLoader(ModelLoaders.of()),
        null,
        new boolean[model.signature().width()],
        null);
  }

  /** Waits for another thread, and leaves it the processor. */
  static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("the deadline").isLessThan(deadline);
      LockSupport.parkNanos(50_000);
    }
  }

  static boolean hasThread(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals(name) && thread.isAlive());
  }

  private RegistryStore watched(RegistryStore store) {
    return (RegistryStore)
        Proxy.newProxyInstance(
            RegistryStore.class.getClassLoader(),
            new Class<?>[] {RegistryStore.class},
            (proxy, method, arguments) -> {
              beforeStore.accept(method.getName());
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Override
  public void close() {
    workspace.close();
  }
}
