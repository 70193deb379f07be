package dev.mlops4j.benchmarks.features;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.INT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.feature.Aggregation.count;
import static dev.mlops4j.feature.Aggregation.mean;

import dev.mlops4j.benchmarks.Units;
import dev.mlops4j.benchmarks.record.FlightsModel;
import dev.mlops4j.data.DoubleColumn;
import dev.mlops4j.duckdb.DuckDb;
import dev.mlops4j.duckdb.Parquet;
import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.feature.FeatureView;
import dev.mlops4j.feature.Target;
import dev.mlops4j.feature.TrainingSet;
import dev.mlops4j.workspace.Workspace;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * Our side of what is joined offline, in a JVM of its own whose heap is bounded: prints the seconds
 * of each round, and the peak of the heap in megabytes. The events are read from their Parquet file
 * in each round.
 */
public final class Offline {

  private static final double NANOS = 1e9;
  private static final double MEGABYTE = 1 << 20;
  private static final long WATCH_NANOS = 5_000_000;
  private static final int BATCH_ROWS = 100_000;

  /** Rounds before those that count, until the JIT compiler has done its work. */
  private static final int WARM_UP = 12;

  private static final FeatureView WEATHER =
      FeatureView.named("weather")
          .key("origin", STRING)
          .eventTime("observed_at")
          .feature("temperature", FLOAT64)
          .feature("wind_speed", FLOAT64)
          .feature("visibility", FLOAT64)
          .feature("humidity", FLOAT64)
          .ttl(Duration.ofHours(3))
          .build();

  private static final FeatureView DEPARTURES =
      FeatureView.named("departures")
          .key("origin", STRING)
          .eventTime("departed_at")
          .eventId("event_id")
          .column("departure_delay", FLOAT64)
          .feature("mean_3h", mean("departure_delay").over(Duration.ofHours(3)))
          .feature("count_1h", count().over(Duration.ofHours(1)))
          .build();

  private static final FeatureView SYNTHETIC =
      FeatureView.named("synthetic")
          .key("key", INT64)
          .eventTime("event_time")
          .feature("f0", FLOAT64)
          .feature("f1", FLOAT64)
          .feature("f2", FLOAT64)
          .feature("f3", FLOAT64)
          .build();

  /** A flight as it is asked about. */
  record Asked(String origin, Instant at) {}

  /** A key of the random data. */
  record AskedKey(long key, Instant at) {}

  private Offline() {}

  /**
   * Runs one of them.
   *
   * @param args weather, windows, or the name of a file of entities; the directory of the data; the
   *     rounds; and for weather the file that gets the values, for entities how many bytes of the
   *     history are held in memory, as it is unless stated
   */
  public static void main(String[] args) throws Exception {
    Path data = Path.of(args[1]);
    int rounds = Integer.parseInt(args[2]);
    AtomicLong peakHeap = watchHeap();
    Path directory = Files.createTempDirectory("mlops4j-offline-");
    try (Workspace workspace = Workspace.open(directory)) {
      switch (args[0]) {
        case "weather" -> {
          TrainingSet last = join(workspace, data, WEATHER, "weather", rounds);
          write(last, Path.of(args[3]));
        }
        case "windows" -> join(workspace, data, DEPARTURES, "departures", rounds);
        default -> stream(workspace, data, args[0], rounds, historyMemory(args));
      }
    }
    FlightsModel.delete(directory);
    System.out.printf("heap %.0f%n", peakHeap.get() / MEGABYTE);
  }

  private static TrainingSet join(
      Workspace workspace, Path data, FeatureView view, String file, int rounds)
      throws SQLException {
    List<Asked> flights = new ArrayList<>();
    try (Rows<Asked> rows =
        new Rows<>(
            data.resolve("flights.parquet"),
            "origin, asked_at",
            row -> new Asked(row.getString(1), instant(row, 2)))) {
      rows.forEachRemaining(flights::add);
    }
    FeatureSet<Asked> set = set(Asked.class, Asked::at, view, Asked::origin);
    Target<Asked, Boolean> label = Target.binary("label", flight -> true);
    FeatureStore features =
        FeatureStore.builder(workspace)
            .inPlace(
                view,
                Parquet.source(data.resolve(file + ".parquet")).time(view.eventTime()).build())
            .open();
    TrainingSet training = features.trainingSet(set, flights, label);
    for (int round = 1; round < WARM_UP; round++) {
      training = features.trainingSet(set, flights, label);
    }
    for (int round = 0; round < rounds; round++) {
      long begin = System.nanoTime();
      training = features.trainingSet(set, flights, label);
      System.out.printf("seconds %.6f%n", (System.nanoTime() - begin) / NANOS);
    }
    return training;
  }

  /** All of one view, for what has its key. */
  private static <T> FeatureSet<T> set(
      Class<T> type, Function<T, Instant> at, FeatureView view, Function<T, Object> key) {
    return FeatureSet.named(view.name(), type).at(at).lookup(view.as("v"), key).build();
  }

  private static void stream(
      Workspace workspace, Path data, String entities, int rounds, OptionalLong historyMemory)
      throws SQLException {
    FeatureSet<AskedKey> set = set(AskedKey.class, AskedKey::at, SYNTHETIC, AskedKey::key);
    Target<AskedKey, Boolean> label = Target.binary("label", row -> true);
    FeatureStore.Builder store =
        FeatureStore.builder(workspace)
            .inPlace(
                SYNTHETIC,
                Parquet.source(data.resolve("features-1m.parquet")).time("event_time").build());
    FeatureStore features =
        (historyMemory.isPresent() ? store.historyMemory(historyMemory.getAsLong()) : store).open();
    for (int round = 0; round < rounds; round++) {
      long begin = System.nanoTime();
      long[] present = {0};
      long[] values = {0};
      try (Rows<AskedKey> rows =
          new Rows<>(
              data.resolve(entities + ".parquet"),
              "key, asked_at",
              row -> new AskedKey(row.getLong(1), instant(row, 2)))) {
        features.trainingRows(
            set,
            () -> rows,
            label,
            Instant.now(),
            BATCH_ROWS,
            batch -> {
              DoubleColumn first = batch.doubles("v.f0");
              present[0] += batch.rowCount() - first.missingCount();
              values[0] += hash(first);
            });
      }
      System.out.printf("seconds %.6f%n", (System.nanoTime() - begin) / NANOS);
      System.out.printf("present %d%n", present[0]);
      System.out.printf("values %d%n", values[0]);
    }
  }

  /** The same for the same values in the same order of rows within a batch. */
  private static long hash(DoubleColumn column) {
    long hash = 1;
    for (int row = 0; row < column.size(); row++) {
      hash = 31 * hash + Double.doubleToLongBits(column.doubleAt(row));
    }
    return hash;
  }

  private static OptionalLong historyMemory(String[] args) {
    return args.length > 3 ? OptionalLong.of(Long.parseLong(args[3])) : OptionalLong.empty();
  }

  private static void write(TrainingSet training, Path file) throws IOException {
    try (DataOutputStream values =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      for (FeatureView.Feature feature : WEATHER.features()) {
        DoubleColumn column = training.dataset().doubles("v." + feature.name());
        for (int row = 0; row < column.size(); row++) {
          values.writeDouble(column.doubleAt(row));
        }
      }
    }
  }

  private static Instant instant(ResultSet row, int column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  /** Looks at the heap every few milliseconds; the most that was in use, garbage included. */
  private static AtomicLong watchHeap() {
    AtomicLong peak = new AtomicLong();
    Thread watch =
        new Thread(
            () -> {
              while (!Thread.currentThread().isInterrupted()) {
                long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
                peak.accumulateAndGet(used, Math::max);
                LockSupport.parkNanos(WATCH_NANOS);
              }
            },
            "heap");
    watch.setDaemon(true);
    watch.start();
    return peak;
  }

  /** The median of the seconds that were printed. */
  static double seconds(List<String> printed) {
    return Units.median(
        printed.stream()
            .filter(line -> line.startsWith("seconds "))
            .map(line -> Double.valueOf(line.substring("seconds ".length())))
            .toList());
  }

  /** The peak of the heap that was printed. */
  static double heap(List<String> printed) {
    return Double.parseDouble(printed.get(printed.size() - 1).substring("heap ".length()));
  }

  /** What is made of a row. */
  @FunctionalInterface
  private interface Mapper<R> {
    R map(ResultSet row) throws SQLException;
  }

  /** The rows of a Parquet file, in their order, one after the other. */
  private static final class Rows<R> implements Iterator<R>, AutoCloseable {

    private final Connection connection;
    private final Statement statement;
    private final ResultSet rows;
    private final Mapper<R> mapper;
    private boolean more;

    Rows(Path file, String columns, Mapper<R> mapper) throws SQLException {
      this.connection = DuckDb.dataSource().getConnection();
      this.statement = connection.createStatement();
      statement.execute("SET jdbc_stream_results = true");
      this.rows =
          statement.executeQuery(
              "SELECT " + columns + " FROM read_parquet('" + file + "') ORDER BY row");
      this.mapper = mapper;
      this.more = rows.next();
    }

    @Override
    public boolean hasNext() {
      return more;
    }

    @Override
    public R next() {
      if (!more) {
        throw new NoSuchElementException();
      }
      try {
        R made = mapper.map(rows);
        more = rows.next();
        return made;
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() throws SQLException {
      rows.close();
      statement.close();
      connection.close();
    }
  }
}
