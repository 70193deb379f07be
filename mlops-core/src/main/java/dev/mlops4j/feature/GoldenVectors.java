package dev.mlops4j.feature;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.RecordCodec;
import dev.mlops4j.data.Row;
import dev.mlops4j.data.Schema;
import dev.mlops4j.model.GoldenSample;
import dev.mlops4j.model.Signature;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Computes recorded requests anew and compares the vectors with the recorded ones. */
final class GoldenVectors<T> {

  private final Vectorizer<T> vectorizer;
  private final FeatureSet<T> set;
  private final List<SetFeature<T>> features;

  GoldenVectors(Vectorizer<T> vectorizer, List<SetFeature<T>> features) {
    this.vectorizer = vectorizer;
    this.set = vectorizer.featureSet();
    this.features = features;
  }

  void check(int row, GoldenSample sample) {
    if (sample.input().isEmpty()) {
      return;
    }
    RecordCodec<T> codec =
        set.codec()
            .orElseThrow(
                () ->
                    new FeatureDefinitionException(
                        "feature set \""
                            + set.name()
                            + "\" has no codec, but the model has golden rows; give it the codec of"
                            + " the training"));
    T request = codec.read(new RecordedRow(codec.schema(), sample.input()));
    Optional<Instant> askedAt = set.askedAt(request);
    if (askedAt.isPresent() && !askedAt.get().equals(sample.askedAt())) {
      throw new FeatureSkewException(
          set.name(),
          "at",
          row,
          "asked at " + sample.askedAt() + " in training, now at " + askedAt.get());
    }
    double[] now = vectorizer.vector(request, recorded(row, sample));
    double[] then = sample.vector();
    if (then.length != now.length) {
      throw new FeatureSkewException(
          set.name(), "all", row, then.length + " features in training, now " + now.length);
    }
    for (int i = 0; i < now.length; i++) {
      if (!same(then[i], now[i], features.get(i).tolerance)) {
        throw new FeatureSkewException(
            set.name(),
            features.get(i).name,
            row,
            shown(i, then[i]) + " in training, now " + shown(i, now[i]));
      }
    }
  }

  private FeatureValues[] recorded(int row, GoldenSample sample) {
    List<SetLookup<T>> lookups = set.lookups();
    FeatureValues[] recorded = new FeatureValues[lookups.size()];
    for (int i = 0; i < recorded.length; i++) {
      FeatureView view = lookups.get(i).view();
      @Nullable Object[] values = new @Nullable Object[view.features().size()];
      for (int j = 0; j < values.length; j++) {
        FeatureView.Feature feature = view.features().get(j);
        String name = lookups.get(i).alias() + "." + feature.name();
        if (!sample.lookedUp().containsKey(name)) {
          throw new FeatureSkewException(
              set.name(), name, row, "not looked up in training, but now");
        }
        values[j] = typed(feature.type(), sample.lookedUp().get(name));
      }
      long eventTime = eventTime(sample, lookups.get(i).alias());
      recorded[i] =
          new FeatureValues(
              view,
              values,
              FeatureValues.Status.PRESENT,
              FeatureValues.Status.PRESENT,
              eventTime,
              eventTime);
    }
    return recorded;
  }

  private static long eventTime(GoldenSample sample, String alias) {
    Object recorded =
        typed(ColumnType.TIMESTAMP, sample.lookedUp().get(GoldenSampler.eventTimeOf(alias)));
    return recorded instanceof Instant time ? Micros.of(time) : FeatureValues.NO_TIME;
  }

  private static boolean same(double then, double now, double tolerance) {
    return Double.doubleToLongBits(then) == Double.doubleToLongBits(now)
        || (tolerance > 0 && Math.abs(then - now) <= tolerance);
  }

  private String shown(int feature, double value) {
    Signature.Input input = vectorizer.signature().inputs().get(feature);
    if (Double.isNaN(value)) {
      return "missing";
    }
    return input.type() == Signature.InputType.CATEGORICAL
            && value >= 0
            && value < input.categories().size()
        ? "\"" + input.categories().get((int) value) + "\""
        : Double.toString(value);
  }

  /** The value in the type's Java type, as numbers and instants may have been stored as others. */
  private static @Nullable Object typed(ColumnType type, @Nullable Object value) {
    if (value instanceof Number number) {
      return switch (type.kind()) {
        case FLOAT64 -> number.doubleValue();
        case INT64 -> number.longValue();
        default -> value;
      };
    }
    if (value instanceof String text && type == ColumnType.TIMESTAMP) {
      try {
        return Instant.parse(text);
      } catch (DateTimeParseException e) {
        return value;
      }
    }
    return value;
  }

  /** The recorded columns of a request, as the row that its codec reads. */
  private record RecordedRow(Schema schema, Map<String, @Nullable Object> values) implements Row {

    @Override
    public @Nullable Object value(int position) {
      return typed(
          schema.fields().get(position).type(), values.get(schema.fields().get(position).name()));
    }
  }
}
