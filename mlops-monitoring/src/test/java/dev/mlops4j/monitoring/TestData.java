package dev.mlops4j.monitoring;

import dev.mlops4j.Digest;
import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.Schema;
import dev.mlops4j.feature.Target;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.model.GoldenSample;
import dev.mlops4j.model.Manifest;
import dev.mlops4j.model.Model;
import dev.mlops4j.model.ModelLoader;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.PortableModel;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.TrainingData;
import dev.mlops4j.profile.ProfileSeries;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;

/**
 * A model of two inputs whose training data has weeks: {@code size}, a number around a level that
 * differs from week to week, and {@code colour}; and predictions like it.
 */
final class TestData {

  static final String MODEL = "parcels";
  static final Duration WEEK = Duration.ofDays(7);

  /** A Monday. */
  static final Instant TRAINING = Instant.parse("2024-01-01T00:00:00Z");

  static final Instant SERVING = TRAINING.plus(WEEK.multipliedBy(26));
  static final int ROWS = 200;
  private static final String FORMAT = "constant";
  private static final String FILE = "model.txt";

  static final Signature SIGNATURE =
      new Signature(
          List.of(
              Input.numeric("size"), Input.categorical("colour", List.of("blue", "green", "red"))),
          Signature.Output.binary("late"));

  static final Target<Object, Boolean> LATE = Target.binary("late", record -> null);

  private static final Schema SCHEMA =
      Schema.of(
          List.of(
              new Field("size", ColumnType.FLOAT64, false, false),
              new Field("colour", ColumnType.STRING, false, false),
              new Field("late", ColumnType.BOOLEAN, false, false),
              new Field("asked_at", ColumnType.TIMESTAMP, false, false),
              new Field(TrainingData.PREDICTION_COLUMN, ColumnType.FLOAT64, false, false)));

  private TestData() {}

  /** A row as it would be without drift. */
  record Row(Instant at, double size, int colour, double prediction, boolean late) {

    Prediction prediction(String id, int version) {
      return new Prediction(
          id,
          MODEL,
          version,
          at,
          SIGNATURE,
          new double[] {size, colour},
          new double[] {prediction});
    }
  }

  static Row row(Random random, Instant weekStart, double level) {
    Instant at = weekStart.plusSeconds(random.nextInt(7 * 24 * 3600));
    double prediction = 0.1 + 0.3 * random.nextDouble();
    int colour = random.nextDouble() < 0.5 ? 0 : random.nextDouble() < 0.6 ? 1 : 2;
    boolean late = random.nextDouble() < prediction;
    return new Row(at, level + random.nextGaussian(), colour, prediction, late);
  }

  static Dataset dataset(long seed, int weeks) {
    Random random = new Random(seed);
    return dataset(random, weeks, week -> 0.3 * random.nextGaussian());
  }

  /** Four weeks whose colours must not be shown. */
  static ProfileSeries withSensitiveColours() {
    List<Field> fields = new ArrayList<>(SCHEMA.fields());
    fields.set(1, new Field("colour", ColumnType.STRING, false, true));
    return ProfileSeries.byWeek(
        dataset(Schema.of(fields), new Random(1), 4, week -> 0), "asked_at");
  }

  /** Four weeks whose labels must not be shown. */
  static ProfileSeries withSensitiveLabel() {
    List<Field> fields = new ArrayList<>(SCHEMA.fields());
    fields.set(2, new Field("late", ColumnType.BOOLEAN, false, true));
    return ProfileSeries.byWeek(
        dataset(Schema.of(fields), new Random(1), 4, week -> 0), "asked_at");
  }

  /** With the level of each week. */
  static Dataset dataset(Random random, int weeks, IntToDoubleFunction levels) {
    return dataset(SCHEMA, random, weeks, levels);
  }

  private static Dataset dataset(
      Schema schema, Random random, int weeks, IntToDoubleFunction levels) {
    DatasetBuilder builder = Dataset.builder(schema);
    for (int week = 0; week < weeks; week++) {
      double level = levels.applyAsDouble(week);
      for (int i = 0; i < ROWS; i++) {
        Row row = row(random, TRAINING.plus(WEEK.multipliedBy(week)), level);
        builder.add(
            row.size,
            SIGNATURE.inputs().get(1).categories().get(row.colour),
            row.late,
            row.at,
            row.prediction);
      }
    }
    return builder.build();
  }

  static ProfileSeries byWeek(long seed) {
    return ProfileSeries.byWeek(dataset(seed, 26), "asked_at");
  }

  /** The same reference for every version. */
  static References references(Reference reference) {
    return new References() {
      @Override
      public Reference of(int version) {
        return reference;
      }

      @Override
      public Signature signature(int version) {
        return reference.signature();
      }
    };
  }

  static References references(ProfileSeries series) {
    Reference reference = Reference.of(series, SIGNATURE);
    return new References() {
      @Override
      public Reference of(int version) {
        if (version < 1 || version > 2) {
          throw new MonitoringException("there is no version " + version);
        }
        return reference;
      }

      @Override
      public Signature signature(int version) {
        return SIGNATURE;
      }

      @Override
      public ProfileSeries profile(int version) {
        return series;
      }
    };
  }

  /** A package whose model predicts 0.25 and whose reference profile is this one. */
  static ModelPackage modelPackage(ProfileSeries series) {
    return modelPackage(series, 0.25);
  }

  /** A package whose model predicts this. */
  static ModelPackage modelPackage(ProfileSeries series, double prediction) {
    return ModelPackage.of(new Constant(prediction), new Training(series));
  }

  /** Loads such packages. */
  static final class ConstantLoader implements ModelLoader {

    @Override
    public String name() {
      return FORMAT;
    }

    @Override
    public boolean isNative() {
      return false;
    }

    @Override
    public Set<String> formats() {
      return Set.of(FORMAT);
    }

    @Override
    public Optional<String> whyNot(Manifest manifest) {
      return manifest.format().equals(FORMAT) ? Optional.empty() : Optional.of("reads constants");
    }

    @Override
    public Model load(ModelPackage modelPackage) {
      return new Constant(
          Double.parseDouble(new String(modelPackage.file(FILE), StandardCharsets.US_ASCII)));
    }

    @Override
    public double tolerance() {
      return 0;
    }
  }

  /** A clock that stands until it is set. */
  static final class Clock implements InstantSource {

    private volatile Instant now = SERVING;

    @Override
    public Instant instant() {
      return now;
    }

    void set(Instant instant) {
      now = instant;
    }
  }

  private record Constant(double prediction) implements PortableModel {

    @Override
    public Signature signature() {
      return SIGNATURE;
    }

    @Override
    public void predict(double[] vector, double[] output) {
      output[0] = prediction;
    }

    @Override
    public String format() {
      return FORMAT;
    }

    @Override
    public SortedMap<String, byte[]> files() {
      byte[] bytes = Double.toString(prediction).getBytes(StandardCharsets.US_ASCII);
      return new TreeMap<>(Map.of(FILE, bytes));
    }
  }

  private record Training(ProfileSeries series) implements TrainingData {

    @Override
    public Signature signature() {
      return SIGNATURE;
    }

    @Override
    public String featureSet() {
      return "parcels";
    }

    @Override
    public Digest featureFingerprint() {
      return Digest.of("parcels");
    }

    @Override
    public List<GoldenSample> goldenSamples() {
      return List.of();
    }

    @Override
    public List<DatasetReference> datasets() {
      return List.of();
    }

    @Override
    public double[] vectors() {
      return new double[0];
    }

    @Override
    public double[] labels() {
      return new double[0];
    }

    @Override
    public int rowCount() {
      return 0;
    }

    @Override
    public ProfileSeries referenceProfile(double[] outputs) {
      return series;
    }
  }

  static ProfileSeries withoutTime(long seed) {
    return ProfileSeries.of(dataset(seed, 26));
  }
}
