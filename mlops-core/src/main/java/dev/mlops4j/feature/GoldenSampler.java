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
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Takes sample requests, evenly spread over the records, with all that was looked up for them.
 * Where requests have sensitive columns, a sample is synthetic: each other column is taken from
 * another record, sensitive ones are null, or 0, false, empty, the epoch or zeros where a value is
 * required. Where such a mixture is refused, by the record itself or by a function, a record is
 * taken as it is but for its sensitive columns; where that is refused too, there is one sample
 * less.
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
   * @throws FeatureDefinitionException if every synthetic request is refused, or if one has the
   *     sensitive key of a record
   */
  List<GoldenSample> sample(List<T> records) {
    RecordCodec<T> codec = set.codec().orElse(null);
    if (codec == null || records.isEmpty()) {
      return List.of();
    }
    int count = Math.min(SAMPLES, records.size());
    boolean synthetic = !codec.schema().sensitive().isEmpty();
    List<Candidate<T>> candidates = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (synthetic) {
        addSynthetic(codec, records, i, count, candidates);
      } else {
        T request = at(records, i, count, 0);
        candidates.add(new Candidate<>(i, Arrays.asList(codec.values(request)), request));
      }
    }
    List<FeatureValues[]> lookedUp =
        lookups.apply(candidates.stream().map(c -> c.request).toList());
    List<GoldenSample> samples =
        synthetic
            ? accepted(codec.schema(), candidates, lookedUp)
            : IntStream.range(0, count)
                .mapToObj(i -> sample(codec.schema(), candidates.get(i), lookedUp.get(i)))
                .toList();
    vectorizer.check(samples);
    return samples;
  }

  /**
   * A request that may become a sample.
   *
   * @param number of several with one number, the first that the functions take becomes a sample
   */
  private record Candidate<T>(int number, List<@Nullable Object> values, T request) {}

  /** The mixture of several records, and the record without its sensitive columns. */
  private void addSynthetic(
      RecordCodec<T> codec, List<T> records, int number, int count, List<Candidate<T>> to) {
    List<Field> fields = codec.schema().fields();
    @Nullable Object[] own = codec.values(at(records, number, count, 0));
    @Nullable Object[] mixed = new @Nullable Object[fields.size()];
    List<T> donors = new ArrayList<>();
    for (int i = 0; i < mixed.length; i++) {
      T donor = at(records, number, count, i);
      @Nullable Object[] given = codec.values(donor);
      if (!hasNothingSensitive(fields, given)) {
        donors.add(donor);
      }
      boolean sensitive = fields.get(i).sensitive();
      mixed[i] = sensitive ? neutral(fields.get(i)) : given[i];
      own[i] = sensitive ? neutral(fields.get(i)) : own[i];
    }
    for (@Nullable Object[] values : List.of(mixed, own)) {
      T request = read(codec, values);
      if (request != null) {
        SensitiveKeys.check(set, request, donors);
        to.add(new Candidate<>(number, Arrays.asList(values), request));
      }
    }
  }

  /**
   * Whether a record is one without sensitive values already, as of somebody unknown: it has the
   * keys of all requests without them. A 0 or false alone says nothing of that.
   */
  private static boolean hasNothingSensitive(List<Field> fields, @Nullable Object[] values) {
    boolean lacks = false;
    for (int i = 0; i < values.length; i++) {
      if (fields.get(i).sensitive()) {
        if (!Objects.equals(values[i], neutral(fields.get(i)))) {
          return false;
        }
        lacks |= values[i] == null || values[i].equals("");
      }
    }
    return lacks;
  }

  /**
   * The request of these values, or null if it cannot be: a record may check what it is made of.
   */
  private @Nullable T read(RecordCodec<T> codec, @Nullable Object[] values) {
    try {
      T request = codec.read(new SampledRow(codec.schema(), Arrays.asList(values)));
      set.askedAt(request);
      set.lookups().forEach(lookup -> set.key(lookup, request));
      return request;
    } catch (RuntimeException e) {
      return null;
    }
  }

  private List<GoldenSample> accepted(
      Schema schema, List<Candidate<T>> candidates, List<FeatureValues[]> lookedUp) {
    Map<Integer, GoldenSample> accepted = new LinkedHashMap<>();
    for (int i = 0; i < candidates.size(); i++) {
      Candidate<T> candidate = candidates.get(i);
      if (!accepted.containsKey(candidate.number)) {
        try {
          accepted.put(candidate.number, sample(schema, candidate, lookedUp.get(i)));
        } catch (FeatureComputationException e) {
          // The next of this number is tried.
        }
      }
    }
    if (accepted.isEmpty()) {
      throw new FeatureDefinitionException(
          "feature set \""
              + set.name()
              + "\" has no golden rows: without the sensitive columns "
              + schema.sensitive().stream().sorted().toList()
              + " every sample is refused, by its record or by a function; give a codec(...) that"
              + " makes requests of such rows, or say withoutGoldenRows()");
    }
    return List.copyOf(accepted.values());
  }

  private GoldenSample sample(Schema schema, Candidate<T> candidate, FeatureValues[] lookedUp) {
    Map<String, @Nullable Object> input = new LinkedHashMap<>();
    for (int i = 0; i < candidate.values.size(); i++) {
      input.put(schema.fields().get(i).name(), candidate.values.get(i));
    }
    T request = candidate.request;
    Instant askedAt = set.askedAt(request).orElse(Instant.EPOCH);
    return new GoldenSample(input, askedAt, named(lookedUp), vectorizer.vector(request, lookedUp));
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
