package dev.mlops4j.benchmarks.features;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.INT64;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mlops4j.benchmarks.DisagreementException;
import dev.mlops4j.benchmarks.PythonPeer;
import dev.mlops4j.benchmarks.record.FlightsModel;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.duckdb.Parquet;
import dev.mlops4j.feature.EntityKey;
import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.feature.FeatureValues;
import dev.mlops4j.feature.FeatureView;
import dev.mlops4j.feature.Materialized;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.registry.Stage;
import dev.mlops4j.tracking.Run;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** A million keys in a workspace's SQLite: how fast they get there, and how fast one is read. */
final class Online implements AutoCloseable {

  private static final FeatureView KEYS =
      FeatureView.named("keys")
          .key("key", INT64)
          .eventTime("event_time")
          .feature("f0", FLOAT64)
          .feature("f1", FLOAT64)
          .feature("f2", FLOAT64)
          .feature("f3", FLOAT64)
          .build();

  private static final int ROWS = 1_000_000;
  private static final int FIRST_ROWS = 20_000;
  private static final int CALLS = 200_000;
  private static final int READS_AT_ONCE = 16;
  private static final double NANOS = 1e9;
  private static final double MILLI = 1e6;

  private final Path directory = Files.createTempDirectory("mlops4j-online-");
  private final Workspace workspace = Workspace.open(directory);
  private final Path file;
  private final FeatureStore features;
  private final Registry registry;
  private final ModelVersion version;

  Online(Path data, Path modelPackage) throws IOException {
    this.file = data.resolve("online-1m.parquet");
    this.features =
        FeatureStore.builder(workspace)
            .source(KEYS, Parquet.source(file).time("event_time").build())
            .open();
    this.registry = Registry.in(workspace);
    try (Run run = Tracking.in(workspace).start("promotions")) {
      this.version = registry.register("promoted", run.log(ModelPackage.read(modelPackage)));
    }
  }

  /**
   * What a materialization came to.
   *
   * @param slowestPromotion in milliseconds, of those made in the meantime
   */
  record MaterializedRate(double rowsPerSecond, double slowestPromotion) {}

  /** Takes all rows in, while a version is promoted ten times a second. */
  MaterializedRate materialize() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try {
      Future<Double> slowest = executor.submit(() -> promoteUntil(end));
      long begin = System.nanoTime();
      Materialized done =
          features
              .materialize(KEYS)
              .from(Instant.parse("2013-01-01T00:00:00Z"))
              .to(Instant.parse("2030-01-01T00:00:00Z"))
              .step(Duration.ofDays(10_000))
              .run();
      double seconds = (System.nanoTime() - begin) / NANOS;
      end.countDown();
      if (done.added() != ROWS) {
        throw new DisagreementException("materialized " + done.added() + " rows of " + ROWS);
      }
      return new MaterializedRate(ROWS / seconds, slowest.get());
    } finally {
      executor.shutdownNow();
    }
  }

  /** Promotes a version up and down until the end; the slowest promotion in milliseconds. */
  private double promoteUntil(CountDownLatch end) throws InterruptedException {
    double slowest = 0;
    boolean up = true;
    while (!end.await(100, TimeUnit.MILLISECONDS)) {
      long begin = System.nanoTime();
      registry
          .promote(version)
          .to(up ? Stage.PRODUCTION : Stage.STAGING)
          .expectingAnything()
          .because("measured")
          .commit();
      slowest = Math.max(slowest, (System.nanoTime() - begin) / MILLI);
      up = !up;
    }
    return slowest;
  }

  /** Compares some keys' values with Feast's, to the bit. */
  void agree(PythonPeer feast) throws IOException {
    Dataset first = firstRows();
    List<Long> asked =
        List.of(-5L, first.longs("key").longAt(0), first.longs("key").longAt(FIRST_ROWS - 1));
    JsonNode values = feast.ask(Map.of("command", "online-values", "keys", asked)).get("values");
    for (int i = 0; i < asked.size(); i++) {
      FeatureValues ours = features.get(KEYS, EntityKey.of(KEYS, asked.get(i)), Instant.now());
      for (int feature = 0; feature < 4; feature++) {
        JsonNode theirs = values.get(i).get(feature);
        Object our = ours.value(feature);
        if (theirs.isNull() ? our != null : !Double.valueOf(theirs.asDouble()).equals(our)) {
          throw new DisagreementException(
              "key " + asked.get(i) + " is " + our + ", by Feast " + theirs);
        }
      }
    }
  }

  /** The median time of a lookup of one key, of keys in no order, in nanoseconds. */
  double sqlite() {
    return lookups(features, CALLS / 10);
  }

  /** The same from an online store in memory, per call of some made in a row. */
  double memory() throws IOException {
    try (FeatureStore inMemory = FeatureStore.inMemory(InstantSource.system())) {
      inMemory.ingest(KEYS, firstRows());
      return lookups(inMemory, CALLS);
    }
  }

  private static double lookups(FeatureStore store, int calls) {
    EntityKey[] keys = new EntityKey[calls];
    long[] drawn = someKeys(calls);
    for (int i = 0; i < calls; i++) {
      keys[i] = EntityKey.of(KEYS, drawn[i]);
    }
    Instant at = Instant.now();
    double[] nanos = new double[calls / READS_AT_ONCE];
    double sum = 0;
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < nanos.length; i++) {
        long begin = System.nanoTime();
        for (int j = 0; j < READS_AT_ONCE; j++) {
          FeatureValues found = store.get(KEYS, keys[i * READS_AT_ONCE + j], at);
          for (int feature = 0; feature < 4; feature++) {
            sum += found.value(feature) instanceof Double number ? number : 0;
          }
        }
        nanos[i] = (System.nanoTime() - begin) / (double) READS_AT_ONCE;
      }
    }
    if (Double.isNaN(sum)) {
      throw new IllegalStateException("a sum of numbers is not a number");
    }
    Arrays.sort(nanos);
    return nanos[nanos.length / 2];
  }

  private static long[] someKeys(int count) {
    return new Random(1).longs(count, 0, ROWS).toArray();
  }

  private Dataset firstRows() {
    int[] rows = new int[FIRST_ROWS];
    Arrays.setAll(rows, row -> row);
    return Parquet.read(file).select(rows);
  }

  @Override
  public void close() throws IOException {
    workspace.close();
    FlightsModel.delete(directory);
  }
}
