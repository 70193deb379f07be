package dev.mlops4j.browser;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.Schema;
import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.feature.Target;
import dev.mlops4j.feature.TrainingSet;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.PortableModel;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.Signature;
import dev.mlops4j.monitoring.DriftReport;
import dev.mlops4j.monitoring.Monitor;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.tracking.Run;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;

/** Reports of parcels, with a number of columns and a name that is markup. */
final class Pages {

  static final String HOSTILE =
      "</script><script>window.taken=1</script><img src=x onerror=window.taken=2>\"'<!--";

  /** The first column has moved. */
  static final String MOVED = "column 0";

  /** A Monday. */
  private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");

  private static final Duration WEEK = Duration.ofDays(7);
  private static final int TRAINING_WEEKS = 12;
  private static final int SERVED_WEEKS = 8;
  private static final int ROWS_OF_WEEK = 60;

  private Pages() {}

  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Parcel(Instant at, double[] numbers, String text, boolean late) {}

  /** A quarter is late. */
  private record Constant(Signature signature) implements PortableModel {

    @Override
    public void predict(double[] vector, double[] output) {
      output[0] = chance(vector[0]);
    }

    @Override
    public String format() {
      return "constant";
    }

    @Override
    public SortedMap<String, byte[]> files() {
      return new TreeMap<>(Map.of("model.txt", new byte[] {1}));
    }
  }

  private static double chance(double number) {
    return 1 / (1 + Math.exp(1 - number / 4));
  }

  private static List<Parcel> week(int week, int columns, double shift) {
    Random random = new Random(week);
    List<Parcel> parcels = new ArrayList<>();
    for (int row = 0; row < ROWS_OF_WEEK; row++) {
      double[] numbers = random.doubles(columns).map(x -> 1234567.891 * x - 600_000).toArray();
      numbers[0] = random.nextGaussian() + shift;
      Instant at = START.plus(WEEK.multipliedBy(week)).plusSeconds(row * 10_000L);
      boolean late = random.nextDouble() < chance(numbers[0]);
      parcels.add(new Parcel(at, numbers, row % 3 == 0 ? HOSTILE : "plain", late));
    }
    return parcels;
  }

  /** Eight weeks, in the last two of which the first column has moved. */
  static void writeMonitorReport(Path directory, int columns, Path page) {
    FeatureSet.Builder<Parcel> set = FeatureSet.named("parcels", Parcel.class).at(Parcel::at);
    for (int i = 0; i < columns; i++) {
      int column = i;
      set = set.numeric("column " + i, parcel -> parcel.numbers()[column]);
    }
    FeatureSet<Parcel> features =
        set.categorical(HOSTILE, Parcel::text).withoutGoldenRows().build();
    Target<Parcel, Boolean> target = Target.binary("late", Parcel::late);
    AtomicReference<Instant> now = new AtomicReference<>(START);
    try (Workspace workspace = Workspace.at(directory).clock(now::get).open();
        Monitor<Parcel, Boolean> monitor =
            Monitor.of("parcels", target).in(workspace).spans(1, 4).build()) {
      List<Parcel> parcels = new ArrayList<>();
      for (int week = 0; week < TRAINING_WEEKS; week++) {
        parcels.addAll(week(week, columns, 0));
      }
      now.set(START.plus(WEEK.multipliedBy(TRAINING_WEEKS)));
      TrainingSet training = TrainingSet.of(features, parcels, target);
      for (int version = 0; version < 2; version++) {
        try (Run run = Tracking.in(workspace).start("parcels")) {
          run.importance("gain", Map.of(MOVED, 3.0, "column 1", 1.0));
          Registry.in(workspace)
              .register(
                  "parcels",
                  run.log(ModelPackage.of(new Constant(training.signature()), training)));
        }
      }
      for (int week = 0; week < SERVED_WEEKS; week++) {
        double shift = week < SERVED_WEEKS - 2 ? 0 : 3;
        serve(monitor, week(TRAINING_WEEKS + week, columns, shift), training.signature(), week);
        now.set(START.plus(WEEK.multipliedBy(TRAINING_WEEKS + week + 1)).plus(Duration.ofDays(1)));
        monitor.evaluate();
      }
      monitor.report().writeHtml(page);
    }
  }

  private static void serve(
      Monitor<Parcel, Boolean> monitor, List<Parcel> parcels, Signature signature, int week) {
    int width = signature.width();
    for (int row = 0; row < parcels.size(); row++) {
      Parcel parcel = parcels.get(row);
      double[] vector = new double[width];
      System.arraycopy(parcel.numbers(), 0, vector, 0, width - 1);
      List<String> categories = signature.inputs().get(width - 1).categories();
      vector[width - 1] = categories.indexOf(parcel.text());
      String id = week + "-" + row;
      monitor.predicted(
          new Prediction(
              id,
              "parcels",
              week < SERVED_WEEKS / 2 ? 1 : 2,
              parcel.at(),
              signature,
              vector,
              new double[] {chance(vector[0])}));
      monitor.outcome(id, parcel.late(), parcel.at());
    }
  }

  /**
   * Two samples of which the first column has moved, by a key whose name and a value are markup.
   */
  static void writeDriftReport(int columns, Path page) {
    DriftReport.bySegment(rows(columns, 0), rows(columns, 2), HOSTILE).writeHtml(page);
  }

  private static Dataset rows(int columns, double shift) {
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      fields.add(new Field("column " + i, ColumnType.FLOAT64, false, false));
    }
    fields.add(new Field(HOSTILE, ColumnType.STRING, false, false));
    DatasetBuilder rows = Dataset.builder(Schema.of(fields));
    for (Parcel parcel : week(0, columns, shift)) {
      Object[] row = new Object[columns + 1];
      for (int i = 0; i < columns; i++) {
        row[i] = parcel.numbers()[i];
      }
      row[columns] = parcel.text();
      rows.add(row);
    }
    return rows.build();
  }
}
