package dev.mlops4j.profile;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Schema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Seeded rows with everything in them that a profile treats apart. */
final class RandomDatasets {

  static final Instant START = Instant.parse("2013-01-01T00:00:00Z");

  private static final Schema SCHEMA =
      Schema.builder()
          .optional("wide", ColumnType.FLOAT64)
          .optional("pressure", ColumnType.FLOAT64)
          .optional("few", ColumnType.FLOAT64)
          .optional("around_the_cap", ColumnType.INT64)
          .optional("late", ColumnType.BOOLEAN)
          .optional("carrier", ColumnType.STRING)
          .optional("tail_number", ColumnType.STRING)
          .optional("passenger", ColumnType.STRING)
          .optional("time", ColumnType.TIMESTAMP)
          .optional("embedding", ColumnType.floats(2))
          .sensitive("passenger")
          .build();

  private RandomDatasets() {}

  static Dataset of(Random random, int rows) {
    DatasetBuilder builder = Dataset.builder(SCHEMA);
    for (int i = 0; i < rows; i++) {
      builder.add(row(random));
    }
    return builder.build();
  }

  static int[] shuffled(Random random, int rows) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, rows).boxed().toList());
    Collections.shuffle(order, random);
    return order.stream().mapToInt(Integer::intValue).toArray();
  }

  private static @Nullable Object[] row(Random random) {
    @Nullable Object[] row = {
      wide(random),
      1018 + 7 * random.nextGaussian(),
      random.nextInt(5) == 0 ? -0.0 : (double) random.nextInt(3),
      (long) random.nextInt(70),
      random.nextBoolean(),
      "carrier-" + random.nextInt(16),
      (random.nextInt(300) == 0 ? "long ".repeat(60) : "N") + random.nextInt(3_000),
      "secret-" + random.nextInt(10),
      START.plusSeconds(random.nextInt(60 * 86_400)),
      new float[] {random.nextFloat(), Float.NaN}
    };
    for (int i = 0; i < row.length; i++) {
      if (random.nextInt(20) == 0) {
        row[i] = null;
      }
    }
    return row;
  }

  private static double wide(Random random) {
    return switch (random.nextInt(50)) {
      case 0 -> Double.NaN;
      case 1 -> Double.POSITIVE_INFINITY;
      case 2 -> Double.NEGATIVE_INFINITY;
      case 3 -> 0.0;
      case 4 -> -0.0;
      case 5 -> Double.MIN_VALUE;
      case 6 -> -Double.MAX_VALUE;
      default -> (random.nextBoolean() ? 1 : -1) * Math.exp(random.nextGaussian() * 100);
    };
  }
}
