package dev.mlops4j.benchmarks.drift;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.Schema;
import dev.mlops4j.monitoring.ColumnDrift;
import dev.mlops4j.monitoring.DriftReport;
import dev.mlops4j.monitoring.DriftStatistic;
import dev.mlops4j.profile.DatasetProfile;
import dev.mlops4j.profile.NumericSummary;
import dev.mlops4j.profile.ProfileSeries;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/**
 * Our side of what takes one thread or a bounded heap, in a JVM of its own; its last line is an
 * object of JSON.
 */
final class OwnSide {

  static final double[] QUANTILES = {0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99};

  /** Rounds before those that count, until the JIT compiler has done its work. */
  private static final int WARM_UP = 60;

  private static final int BATCH_ROWS = 50_000;
  private static final int STREAM_COLUMNS = 20;
  private static final double NANOS = 1e9;
  private static final double MEGA = 1e6;

  private OwnSide() {}

  /**
   * Runs one of them.
   *
   * @param args report, the directory of the flights, the rounds; profile, the same; or stream, the
   *     rows
   */
  public static void main(String[] args) throws Exception {
    Map<String, Object> found =
        switch (args[0]) {
          case "report" -> report(FlightColumns.read(Path.of(args[1])), Integer.parseInt(args[2]));
          case "profile" ->
              profile(FlightColumns.read(Path.of(args[1])), Integer.parseInt(args[2]));
          default -> stream(Long.parseLong(args[1]));
        };
    System.out.println(new ObjectMapper().writeValueAsString(found));
  }

  private static Map<String, Object> report(FlightColumns flights, int rounds) {
    LongSupplier one =
        () -> DriftReport.between(flights.reference(), flights.current()).referenceRows();
    LongSupplier two =
        () -> DriftReport.between(flights.reference(), flights.current(), 2).referenceRows();
    List<Double> oneThread = new ArrayList<>();
    List<Double> twoThreads = new ArrayList<>();
    for (int round = -WARM_UP; round < rounds; round++) {
      time(one, round >= 0, oneThread);
      time(two, round >= 0, twoThreads);
    }
    Map<String, Object> statistics = new LinkedHashMap<>();
    for (ColumnDrift column :
        DriftReport.between(flights.reference(), flights.current()).columns()) {
      Map<String, Double> values = new LinkedHashMap<>();
      column.statistics().forEach((DriftStatistic s, Double v) -> values.put(s.name(), v));
      statistics.put(column.name(), values);
    }
    return Map.of("one", oneThread, "two", twoThreads, "statistics", statistics);
  }

  private static Map<String, Object> profile(FlightColumns flights, int rounds) {
    List<Double> seconds = new ArrayList<>();
    LongSupplier profile = () -> DatasetProfile.of(flights.reference()).rowCount();
    for (int round = -WARM_UP; round < rounds; round++) {
      time(profile, round >= 0, seconds);
    }
    DatasetProfile made = DatasetProfile.of(flights.reference());
    Map<String, Object> quantiles = new LinkedHashMap<>();
    for (Field field : FlightColumns.SCHEMA.fields()) {
      if (field.type() == ColumnType.INT64) {
        NumericSummary numbers = made.numbers(field.name());
        List<Double> values = new ArrayList<>();
        for (double q : QUANTILES) {
          values.add(numbers.quantile(q));
        }
        quantiles.put(field.name(), values);
      }
    }
    return Map.of(
        "seconds",
        seconds,
        "bytes",
        ProfileSeries.of(made).toBytes().length,
        "rows",
        flights.reference().rowCount(),
        "quantiles",
        quantiles);
  }

  /** Numbers of several kinds, some missing; batch by batch, each merged with those before. */
  private static Map<String, Object> stream(long rows) {
    Schema.Builder schema = Schema.builder();
    for (int i = 0; i < STREAM_COLUMNS; i++) {
      schema.optional("x" + i, ColumnType.FLOAT64);
    }
    Schema built = schema.build();
    SplittableRandom random = new SplittableRandom(1);
    DatasetProfile all = DatasetProfile.of(Dataset.builder(built).build());
    double[] values = new double[BATCH_ROWS];
    double profiling = 0;
    long begin = System.nanoTime();
    for (long done = 0; done < rows; done += BATCH_ROWS) {
      int count = (int) Math.min(BATCH_ROWS, rows - done);
      DatasetBuilder batch = Dataset.builder(built);
      for (int column = 0; column < STREAM_COLUMNS; column++) {
        BitSet missing = new BitSet();
        for (int row = 0; row < count; row++) {
          double u = random.nextDouble();
          values[row] =
              column % 2 == 0 ? Math.rint(u * 1_000 * (column + 1)) : 1 / (u + 0.01) - column;
          missing.set(row, column % 5 == 0 && u < 0.1);
        }
        batch.setDoubles(column, values, count, missing);
      }
      Dataset rowsOfBatch = batch.endRows(count).build();
      long start = System.nanoTime();
      all = all.merge(DatasetProfile.of(rowsOfBatch));
      profiling += System.nanoTime() - start;
    }
    if (all.rowCount() != rows) {
      throw new IllegalStateException(all + " is not of " + rows + " rows");
    }
    double peak =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .map(MemoryPoolMXBean::getPeakUsage)
            .mapToLong(usage -> usage.getUsed())
            .sum();
    return Map.of(
        "seconds", (System.nanoTime() - begin) / NANOS,
        "profiling", profiling / NANOS,
        "cells", rows * STREAM_COLUMNS,
        "heap", peak / MEGA,
        "bytes", ProfileSeries.of(all).toBytes().length);
  }

  private static void time(LongSupplier work, boolean counts, List<Double> seconds) {
    long begin = System.nanoTime();
    long rows = work.getAsLong();
    double taken = (System.nanoTime() - begin) / NANOS;
    if (rows == 0) {
      throw new IllegalStateException("there are no rows");
    }
    if (counts) {
      seconds.add(taken);
    }
  }
}
