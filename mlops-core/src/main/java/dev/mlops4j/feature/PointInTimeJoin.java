package dev.mlops4j.feature;

import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.model.GoldenSample;
import dev.mlops4j.model.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes a training set: the label of every record, and its features as of when it was asked. */
final class PointInTimeJoin<T, L> {

  /** How many records are answered at once: what a batch holds is small beside a history. */
  private static final int BATCH_ROWS = 500_000;

  private static final FeatureValues[] NOTHING = {};

  private final FeatureSet<T> set;
  private final Target<T, L> target;
  private final Instant asOf;
  private final Function<SetLookup<T>, Answerer> views;
  private final TrainingColumns<T> columns;
  private int withoutLabel;
  private int notYetKnown;
  private int notYetAsked;

  /** Answers the questions of many rows about one view. */
  @FunctionalInterface
  interface Answerer {

    /**
     * The answers.
     *
     * @param whole whether all values of a row are needed, not only those of its vector
     */
    PointInTimeAnswers answer(@Nullable EntityKey[] keys, long[] times, boolean whole);
  }

  PointInTimeJoin(
      FeatureSet<T> set,
      Target<T, L> target,
      Instant asOf,
      Function<SetLookup<T>, Answerer> views) {
    this.set = set;
    this.target = target;
    this.asOf = asOf;
    this.views = views;
    this.columns = new TrainingColumns<>(set, target);
  }

  /** What is wrong where a set looks views up and there is no store. */
  static FeatureDefinitionException withoutStore(FeatureSet<?> set) {
    return new FeatureDefinitionException(
        "feature set \""
            + set.name()
            + "\" looks views up; ask a feature store for its training"
            + " set");
  }

  /** The training set of all records. */
  TrainingSet join(Iterable<? extends T> records) {
    DatasetBuilder rows = Dataset.builder(columns.schema());
    List<T> kept = new ArrayList<>();
    List<Answerer> answerers = answerers();
    forEachBatch(
        records,
        BATCH_ROWS,
        batch -> {
          add(rows, batch, answerers);
          kept.addAll(batch.records);
        });
    Dataset dataset = rows.build();
    columns.add(dataset);
    Signature signature = columns.signature();
    List<GoldenSample> samples =
        new GoldenSampler<>(set, signature, requests -> lookedUp(requests, answerers)).sample(kept);
    return new TrainingSet(
        new TrainingDefinition(set.name(), set.fingerprint(), signature, samples, source()),
        dataset,
        withoutLabel,
        notYetKnown,
        notYetAsked);
  }

  /** As much as is known here: the records may come from anywhere. */
  private String source() {
    String records = "records of " + set.requestType().getName();
    return set.views().isEmpty()
        ? records
        : records
            + " with views "
            + set.views().stream().map(FeatureView::name).collect(Collectors.joining(", "));
  }

  /** Hands over the rows in batches of at most this size; nothing of a batch is kept. */
  TrainingRows stream(
      Iterable<? extends T> records, int batchRows, Consumer<? super Dataset> batches) {
    List<Answerer> answerers = answerers();
    long[] rowCount = {0};
    forEachBatch(
        records,
        batchRows,
        batch -> {
          DatasetBuilder rows = Dataset.builder(columns.schema());
          add(rows, batch, answerers);
          rowCount[0] += batch.records.size();
          batches.accept(rows.build());
        });
    return new TrainingRows(rowCount[0], withoutLabel, notYetKnown, notYetAsked);
  }

  private List<Answerer> answerers() {
    return set.lookups().stream().map(views).toList();
  }

  private void forEachBatch(
      Iterable<? extends T> records, int batchRows, Consumer<Batch<T, L>> batches) {
    Batch<T, L> batch = new Batch<>();
    long row = -1;
    for (T record : records) {
      row++;
      L label = label(record);
      checkFinite(row, label);
      if (label == null) {
        withoutLabel++;
      } else if (!isKnown(record)) {
        notYetKnown++;
      } else {
        Optional<Instant> askedAt = set.askedAt(record);
        if (askedAt.isPresent() && askedAt.get().isAfter(asOf)) {
          notYetAsked++;
        } else {
          batch.add(record, label, time(askedAt));
        }
      }
      if (batch.records.size() == batchRows) {
        batches.accept(batch);
        batch = new Batch<>();
      }
    }
    if (!batch.records.isEmpty()) {
      batches.accept(batch);
    }
  }

  /** Some records with what is already known of them. */
  private static final class Batch<T, L> {

    private final List<T> records = new ArrayList<>();
    private final List<L> labels = new ArrayList<>();

    /** The moment that each record's features are of, in microseconds since the epoch. */
    private long[] times = new long[1024];

    void add(T record, L label, long time) {
      if (records.size() == times.length) {
        times = Arrays.copyOf(times, times.length * 2);
      }
      times[records.size()] = time;
      records.add(record);
      labels.add(label);
    }
  }

  private @Nullable L label(T record) {
    try {
      return target.label(record);
    } catch (RuntimeException e) {
      throw new FeatureComputationException(set.name(), target.name(), e);
    }
  }

  private void checkFinite(long row, @Nullable L label) {
    if (label instanceof Double number && number.isInfinite()) {
      throw new InvalidLabelException(
          target.name(),
          "the label of record "
              + row
              + ", counted from 0, is "
              + number
              + "; a label is finite, or null or NaN where it is not known");
    }
  }

  private boolean isKnown(T record) {
    try {
      return target.isKnown(record, asOf);
    } catch (RuntimeException e) {
      throw new FeatureComputationException(set.name(), target.name(), e);
    }
  }

  /**
   * What was visible when each record was asked. One that is put together of others may be asked
   * after the training set's moment; nothing later than that is known.
   */
  private List<FeatureValues[]> lookedUp(List<T> records, List<Answerer> answerers) {
    long[] times = new long[records.size()];
    for (int row = 0; row < times.length; row++) {
      Instant at = set.askedAt(records.get(row)).orElse(asOf);
      times[row] = time(Optional.of(Micros.capped(at, asOf)));
    }
    List<PointInTimeAnswers> answers = answers(records, times, answerers, true);
    List<FeatureValues[]> lookedUp = new ArrayList<>();
    for (int row = 0; row < times.length; row++) {
      lookedUp.add(lookedUp(answers, row));
    }
    return lookedUp;
  }

  private static FeatureValues[] lookedUp(List<PointInTimeAnswers> answers, int row) {
    FeatureValues[] lookedUp = new FeatureValues[answers.size()];
    for (int i = 0; i < lookedUp.length; i++) {
      lookedUp[i] = answers.get(i).values(row);
    }
    return lookedUp;
  }

  private long time(Optional<Instant> askedAt) {
    if (set.lookups().isEmpty()) {
      return Micros.of(askedAt.orElse(asOf));
    }
    return Micros.asked(set.lookups().get(0).view(), askedAt.orElse(asOf));
  }

  private List<PointInTimeAnswers> answers(
      List<T> records, long[] times, List<Answerer> answerers, boolean whole) {
    List<PointInTimeAnswers> answers = new ArrayList<>();
    for (int i = 0; i < answerers.size(); i++) {
      SetLookup<T> lookup = set.lookups().get(i);
      @Nullable EntityKey[] keys = new @Nullable EntityKey[records.size()];
      for (int row = 0; row < keys.length; row++) {
        keys[row] = set.key(lookup, records.get(row));
      }
      answers.add(answerers.get(i).answer(keys, times, whole));
    }
    return answers;
  }

  /** Adds the rows of a batch, column by column. */
  private void add(DatasetBuilder rows, Batch<T, L> batch, List<Answerer> answerers) {
    int count = batch.records.size();
    boolean whole = set.isOverLookups();
    List<PointInTimeAnswers> answers = answers(batch.records, batch.times, answerers, whole);
    List<SetFeature<T>> features = set.setFeatures();
    for (int i = 0; i < features.size(); i++) {
      SetFeature<T> feature = features.get(i);
      if (feature.type == Signature.InputType.NUMERIC) {
        double[] numbers = numbers(feature, batch.records, answers);
        rows.setDoubles(i, numbers, count, nans(numbers, count));
      } else {
        rows.setAll(i, categories(feature, batch.records, answers), count);
      }
    }
    int next = features.size();
    rows.setAll(next, batch.labels.toArray(), count);
    if (set.statesMoment()) {
      rows.setMicros(next + 1, batch.times, count, new BitSet());
    }
    rows.endRows(count);
  }

  private double[] numbers(
      SetFeature<T> feature, List<T> records, List<PointInTimeAnswers> answers) {
    if (feature.isLookup() && feature.element() == SetFeature.WHOLE) {
      return answers.get(feature.lookup()).numbers(feature.position());
    }
    double[] numbers = new double[records.size()];
    for (int row = 0; row < numbers.length; row++) {
      numbers[row] =
          feature.isLookup()
              ? answers.get(feature.lookup()).number(feature.position(), feature.element(), row)
              : set.number(feature, records.get(row), seen(feature, answers, row));
    }
    return numbers;
  }

  private @Nullable Object[] categories(
      SetFeature<T> feature, List<T> records, List<PointInTimeAnswers> answers) {
    if (feature.isLookup()) {
      return answers.get(feature.lookup()).texts(feature.position());
    }
    @Nullable Object[] categories = new @Nullable Object[records.size()];
    for (int row = 0; row < categories.length; row++) {
      categories[row] = set.category(feature, records.get(row), seen(feature, answers, row));
    }
    return categories;
  }

  /** What a feature is shown of what was looked up. */
  private static FeatureValues[] seen(
      SetFeature<?> feature, List<PointInTimeAnswers> answers, int row) {
    return feature.isOverLookups() ? lookedUp(answers, row) : NOTHING;
  }

  private static BitSet nans(double[] numbers, int count) {
    BitSet nans = new BitSet();
    for (int row = 0; row < count; row++) {
      if (Double.isNaN(numbers[row])) {
        nans.set(row);
      }
    }
    return nans;
  }
}
