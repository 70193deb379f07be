package dev.mlops4j.feature;

import dev.mlops4j.data.Field;
import dev.mlops4j.data.Floats;
import dev.mlops4j.data.RecordCodec;
import dev.mlops4j.data.Row;
import dev.mlops4j.data.Schema;
import dev.mlops4j.model.GoldenSample;
import dev.mlops4j.model.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Takes sample requests, evenly spread over the records, with all that was looked up for them.
 * Where requests have sensitive columns, a sample is synthetic: each other column is taken from
 * another record, sensitive ones are null, or 0, false, empty, the epoch or zeros where a value is
 * required.
 */
final class GoldenSampler<T> {

  static final int SAMPLES = 10;

  private final FeatureSet<T> set;
  private final Vectorizer<T> vectorizer;
  private final Function<List<T>, List<FeatureValues[]>> lookups;

  /**
   * Takes samples.
   *
   * @param lookups what was looked up for each of some requests
   */
  GoldenSampler(
      FeatureSet<T> set, Signature signature, Function<List<T>, List<FeatureValues[]>> lookups) {
    this.set = set;
    this.vectorizer = set.bind(signature);
    this.lookups = lookups;
  }

  /**
   * The samples.
   *
   * @throws FeatureSkewException if a request that went through the codec gives another vector
   */
  List<GoldenSample> sample(List<T> records) {
    RecordCodec<T> codec = set.codec().orElse(null);
    if (codec == null || records.isEmpty()) {
      return List.of();
    }
    int count = Math.min(SAMPLES, records.size());
    boolean synthetic = !codec.schema().sensitive().isEmpty();
    List<@Nullable Object[]> inputs = new ArrayList<>();
    List<T> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      T request = at(records, i, count, 0);
      @Nullable Object[] values = codec.values(request);
      if (synthetic) {
        values = synthetic(codec, records, i, count);
        request = codec.read(new SampledRow(codec.schema(), Arrays.asList(values)));
      }
      inputs.add(values);
      requests.add(request);
    }
    List<FeatureValues[]> lookedUp = lookups.apply(requests);
    List<GoldenSample> samples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      samples.add(sample(codec.schema(), inputs.get(i), requests.get(i), lookedUp.get(i)));
    }
    vectorizer.check(samples);
    return samples;
  }

  private GoldenSample sample(
      Schema schema, @Nullable Object[] values, T request, FeatureValues[] lookedUp) {
    Map<String, @Nullable Object> input = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i++) {
      input.put(schema.fields().get(i).name(), values[i]);
    }
    Instant askedAt = set.askedAt(request).orElse(Instant.EPOCH);
    return new GoldenSample(input, askedAt, named(lookedUp), vectorizer.vector(request, lookedUp));
  }

  private @Nullable Object[] synthetic(
      RecordCodec<T> codec, List<T> records, int number, int count) {
    List<Field> fields = codec.schema().fields();
    @Nullable Object[] values = new @Nullable Object[fields.size()];
    for (int i = 0; i < values.length; i++) {
      Field field = fields.get(i);
      values[i] =
          field.sensitive() ? neutral(field) : codec.values(at(records, number, count, i))[i];
    }
    return values;
  }

  /** The record at an even distance from the others, moved on by {@code offset} places. */
  private T at(List<T> records, int number, int count, int offset) {
    long last = records.size() - 1L;
    long position = count == 1 ? 0 : number * last / (count - 1);
    return records.get((int) ((position + offset) % records.size()));
  }

  private static @Nullable Object neutral(Field field) {
    if (!field.required()) {
      return null;
    }
    return switch (field.type().kind()) {
      case FLOAT64 -> 0.0;
      case INT64 -> 0L;
      case BOOLEAN -> false;
      case STRING -> "";
      case TIMESTAMP -> Instant.EPOCH;
      case FLOATS -> Floats.of(new float[field.type().length()]);
    };
  }

  private Map<String, @Nullable Object> named(FeatureValues[] lookedUp) {
    Map<String, @Nullable Object> named = new LinkedHashMap<>();
    for (int i = 0; i < lookedUp.length; i++) {
      SetLookup<T> lookup = set.lookups().get(i);
      List<FeatureView.Feature> features = lookup.view().features();
      for (int j = 0; j < features.size(); j++) {
        named.put(lookup.alias() + "." + features.get(j).name(), lookedUp[i].value(j));
      }
      if (set.isOverLookups()) {
        named.put(eventTimeOf(lookup.alias()), lookedUp[i].eventTime().orElse(null));
      }
    }
    return named;
  }

  /** Where a sample has the event time of a lookup: a name that no feature can have. */
  static String eventTimeOf(String alias) {
    return alias + ".\tevent time";
  }

  private record SampledRow(Schema schema, List<@Nullable Object> values) implements Row {

    @Override
    public @Nullable Object value(int position) {
      return values.get(position);
    }
  }
}
