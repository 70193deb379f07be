package dev.mlops4j.testkit;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.mlops4j.Digest;
import dev.mlops4j.feature.Aggregation;
import dev.mlops4j.feature.EntityKey;
import dev.mlops4j.feature.FeatureDefinitionChangedException;
import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.feature.FeatureView;
import dev.mlops4j.feature.Target;
import dev.mlops4j.model.Environment;
import dev.mlops4j.model.Manifest;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.ServedLookup;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.StoredPackage;
import dev.mlops4j.monitoring.Monitor;
import dev.mlops4j.monitoring.MonitoringException;
import dev.mlops4j.monitoring.SkewReport;
import dev.mlops4j.registry.HistoryEntry;
import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.registry.Stage;
import dev.mlops4j.registry.StageConflictException;
import dev.mlops4j.storage.Database;
import dev.mlops4j.tracking.Run;
import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes' workspaces on one PostgreSQL schema, with the artifacts in a directory. */
class PostgresWorkspaceTest {

  record Wind(double speed) {}

  private static final String MODEL = "flight-delay";
  private static final int THREADS = 8;
  private static final int ROUNDS = 10;
  private static final Signature SIGNATURE =
      new Signature(List.of(Signature.Input.numeric("wind")), Signature.Output.binary("late"));
  private static final FeatureView DEPARTURES = departures(Duration.ofHours(1));

  @TempDir Path directory;
  private final String schema = PostgresServer.newSchema();
  private final List<HikariDataSource> pools = new ArrayList<>();
  private final ExecutorService executor = Executors.newFixedThreadPool(THREADS);
  private Workspace one;
  private Workspace two;

  @BeforeEach
  void open() {
    one = workspace();
    two = workspace();
  }

  @AfterEach
  void close() {
    executor.shutdownNow();
    two.close();
    one.close();
    for (HikariDataSource pool : pools) {
      assertThat(pool.isClosed()).isFalse();
      assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
      pool.close();
    }
  }

  @Test
  void whatOneDoesTheOtherSeesAndTheDirectoryHoldsArtifactsAlone() {
    Instant now = Instant.now();
    FeatureStore features = FeatureStore.in(one);
    features.push(DEPARTURES, Map.of("origin", "JFK", "departed_at", now, "delay", 7.0));
    String runId;
    StoredPackage stored = stored(one, 1);
    try (Tracking tracking = Tracking.in(one);
        Run run = tracking.start("delays")) {
      run.param("depth", 6);
      run.metric("auc", 0.75);
      run.artifact("notes.txt", "good");
      runId = run.id();
    }
    ModelVersion version = Registry.in(one).register(MODEL, stored);
    promote(Registry.in(one), version);
    try (Monitor<Object, Boolean> monitor = monitor(one)) {
      monitor.predicted(
          new Prediction("p", MODEL, 1, now, SIGNATURE, new double[] {1}, new double[] {0.5}));
      monitor.outcome("p", true);
      monitor.flush();
    }

    assertThat(
            FeatureStore.in(two)
                .get(DEPARTURES, EntityKey.of(DEPARTURES, "JFK"), Instant.now())
                .number("departures_1h"))
        .isEqualTo(1);
    try (Tracking tracking = Tracking.in(two)) {
      RunRecord run = tracking.run(runId);
      assertThat(run.params()).containsEntry("depth", "6");
      assertThat(tracking.series(runId, "auc")).hasSize(1);
      assertThat(tracking.artifact(runId, "notes.txt"))
          .isEqualTo("good".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(Registry.in(two).production(MODEL)).isNotNull();
    try (Monitor<Object, Boolean> monitor = monitor(two)) {
      assertThat(monitor.predictionCount()).isEqualTo(1);
      assertThat(monitor.outcomesWithoutPrediction()).isZero();
      assertThat(monitor.evaluate()).isEmpty();
      monitor.outcome("päss-1", true);
      assertThat(monitor.eraseStartingWith("P")).isZero();
      assertThat(monitor.eraseStartingWith("p")).isEqualTo(1);
      assertThat(monitor.predictionCount()).isZero();
      assertThat(monitor.outcomesWithoutPrediction()).isZero();
    }
    assertThat(directory.resolve("workspace"))
        .isDirectoryNotContaining(file -> file.toString().contains(".db"))
        .isDirectoryContaining(file -> file.endsWith("artifacts"));
  }

  @Test
  void ofEightPromotionsThatExpectTheSameExactlyOneWinsEachTime() throws Exception {
    List<Registry> registries = List.of(Registry.in(one), Registry.in(two));
    Registry registry = registries.get(0);
    List<ModelVersion> versions = new ArrayList<>();
    for (int i = 0; i <= THREADS; i++) {
      versions.add(registry.register(MODEL, stored(one, i)));
    }
    ModelVersion current = promote(registry, versions.get(THREADS));
    for (int round = 0; round < ROUNDS; round++) {
      ModelVersion expected = current;
      List<ModelVersion> others = versions.stream().filter(v -> !v.isSameAs(expected)).toList();
      List<Boolean> won =
          together(thread -> () -> wins(registries.get(thread % 2), others.get(thread), expected));
      assertThat(won).containsOnlyOnce(true);
      current = registry.production(MODEL);
      assertThat(current).isNotNull();
      assertThat(current.isSameAs(others.get(won.indexOf(true)))).isTrue();
    }
    assertThat(registry.history(MODEL))
        .hasSize(1 + 2 * ROUNDS)
        .extracting(HistoryEntry::sequence)
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Test
  void theFeatureLogIsKeptWithAndWithoutWhatWasLookedUp() {
    FeatureSet<Wind> set =
        FeatureSet.named("wind", Wind.class).numeric("wind", Wind::speed).build();
    Target<Wind, Boolean> late = Target.binary("late", wind -> null);
    Instant at = Instant.parse("2024-01-01T00:00:00Z");
    double[] numbers = {0.5};
    List<ServedLookup> lookups =
        List.of(
            new ServedLookup("a", ServedLookup.Status.PRESENT, at),
            new ServedLookup("b", ServedLookup.Status.MISSING, null));
    try (Monitor<Wind, Boolean> monitor =
        Monitor.of(MODEL, late).in(one).featureLog(set, 1).build()) {
      Wind wind = new Wind(0.5);
      monitor.predicted(wind, new Prediction("a", MODEL, 1, at, SIGNATURE, numbers, numbers));
      monitor.predicted(
          wind, new Prediction("b", MODEL, 1, at, SIGNATURE, numbers, numbers), lookups);
      SkewReport report =
          SkewReport.of(monitor, set, FeatureStore.in(one)).between(at, at.plusSeconds(1)).run();
      // All that is missing is a registered version to bind them to: both were read.
      assertThat(report.asked()).isEqualTo(2);
      assertThat(report.notReplayed())
          .singleElement()
          .satisfies(
              passed -> {
                assertThat(passed.count()).isEqualTo(2);
                assertThat(passed.reason()).contains("version 1").doesNotContain("cannot be read");
              });
      assertThat(monitor.droppedCount() + monitor.droppedRequestCount()).isZero();
    }
  }

  @Test
  void textThatTheDatabaseCannotHoldStopsNeitherTheLedgerNorTheEndOfARun() {
    double[] numbers = {0.5};
    try (Monitor<Object, Boolean> monitor = monitor(one)) {
      for (String id : List.of("a\0b", "c")) {
        monitor.predicted(new Prediction(id, MODEL, 1, Instant.now(), SIGNATURE, numbers, numbers));
      }
      assertThatThrownBy(() -> monitor.outcome("a\0b", true))
          .isInstanceOf(MonitoringException.class)
          .hasMessageContaining("U+0000");
      monitor.flush();
      assertThat(monitor.predictionCount()).isEqualTo(1);
      assertThat(monitor.droppedCount()).isEqualTo(1);
    }
    try (Tracking tracking = Tracking.in(one)) {
      Run run = tracking.start("delays");
      run.fail(new IllegalStateException("unexpected '\0'"));
      assertThat(tracking.run(run.id()).failure()).contains("unexpected '\u2400'");
    }
  }

  @Test
  void theSamePackageRegisteredByManyAtOnceIsOneVersion() throws Exception {
    StoredPackage stored = stored(one, 1);
    List<Integer> numbers =
        together(
            thread ->
                () -> Registry.in(thread % 2 == 0 ? one : two).register(MODEL, stored).number());

    assertThat(numbers).containsOnly(1);
    assertThat(Registry.in(one).versions(MODEL)).hasSize(1);
  }

  @Test
  void viewsDefinedAndPushedToByManyAtOnceLoseNothing() throws Exception {
    List<FeatureStore> stores = List.of(FeatureStore.in(one), FeatureStore.in(two));
    Instant now = Instant.now();
    together(
        thread ->
            () -> {
              for (int i = 0; i < 20; i++) {
                stores
                    .get(thread % 2)
                    .push(DEPARTURES, Map.of("origin", "JFK", "departed_at", now, "delay", 7.0));
              }
              return 0;
            });

    for (FeatureStore store : stores) {
      assertThat(
              store
                  .get(DEPARTURES, EntityKey.of(DEPARTURES, "JFK"), Instant.now())
                  .number("departures_1h"))
          .isEqualTo(20 * THREADS);
    }
  }

  @Test
  void ofTwoDefinitionsIngestedAtOnceOneIsTakenUpAndTheOtherRefused() throws Exception {
    List<FeatureStore> stores = List.of(FeatureStore.in(one), FeatureStore.in(two));
    List<FeatureView> definitions = List.of(DEPARTURES, departures(Duration.ofHours(2)));
    Map<String, Object> row = Map.of("origin", "JFK", "departed_at", Instant.now(), "delay", 7.0);

    List<Boolean> takenUp =
        together(
            thread ->
                () -> {
                  try {
                    return stores.get(thread % 2).push(definitions.get(thread % 2), row);
                  } catch (FeatureDefinitionChangedException e) {
                    return false;
                  }
                });

    boolean[] byDefinition = new boolean[2];
    for (int thread = 0; thread < THREADS; thread++) {
      byDefinition[thread % 2] |= takenUp.get(thread);
    }
    assertThat(byDefinition[0]).isNotEqualTo(byDefinition[1]);
    assertThat(stores.get(0).views()).hasSize(1);
  }

  private Workspace workspace() {
    HikariDataSource pool = PostgresServer.pool();
    pools.add(pool);
    Database database = PostgresServer.database(pool, schema);
    return Workspace.at(directory.resolve("workspace")).database(database).open();
  }

  private static FeatureView departures(Duration window) {
    return FeatureView.named("departures")
        .key("origin", STRING)
        .eventTime("departed_at")
        .column("delay", FLOAT64)
        .feature("departures_1h", Aggregation.count().over(window))
        .build();
  }

  private static Monitor<Object, Boolean> monitor(Workspace workspace) {
    return Monitor.of(MODEL, Target.binary("late", record -> null)).in(workspace).build();
  }

  private static StoredPackage stored(Workspace workspace, int content) {
    byte[] file = Integer.toString(content).getBytes(StandardCharsets.UTF_8);
    Digest tree = workspace.artifacts().putTree(Map.of("model.txt", file));
    return new StoredPackage(
        tree,
        new Manifest(
            Manifest.FORMAT_VERSION,
            "onnx",
            SIGNATURE,
            "flight_delay",
            null,
            List.of(),
            null,
            Environment.current()));
  }

  private static ModelVersion promote(Registry registry, ModelVersion version) {
    return registry
        .promote(version)
        .to(Stage.PRODUCTION)
        .expectingAnything()
        .because("better")
        .commit();
  }

  private static boolean wins(Registry registry, ModelVersion version, ModelVersion expected) {
    try {
      registry.promote(version).to(Stage.PRODUCTION).expecting(expected).because("race").commit();
      return true;
    } catch (StageConflictException e) {
      return false;
    }
  }

  private <R> List<R> together(IntFunction<Callable<R>> work) throws Exception {
    CyclicBarrier barrier = new CyclicBarrier(THREADS);
    List<Future<R>> futures = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      Callable<R> own = work.apply(i);
      futures.add(
          executor.submit(
              () -> {
                barrier.await(30, TimeUnit.SECONDS);
                return own.call();
              }));
    }
    List<R> results = new ArrayList<>();
    for (Future<R> future : futures) {
      results.add(future.get(60, TimeUnit.SECONDS));
    }
    return results;
  }
}
