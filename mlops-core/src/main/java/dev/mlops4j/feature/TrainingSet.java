package dev.mlops4j.feature;

import dev.mlops4j.Digest;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.TimestampColumn;
import dev.mlops4j.data.Timestamps;
import dev.mlops4j.evaluation.Evaluation;
import dev.mlops4j.evaluation.EvaluationException;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.model.GoldenSample;
import dev.mlops4j.model.Model;
import dev.mlops4j.model.ReferenceProfile;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.TrainingData;
import dev.mlops4j.profile.ProfileSeries;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Features and labels of records, each as it would have been seen when its prediction was asked:
 * one row for every record that was asked and whose label is known, in the order of the records.
 * Immutable, safe for any number of threads.
 *
 * <p>It has the signature of its own data: the categories are those that occur, sorted. To judge a
 * model trained on other data, {@link #evaluate} uses the model's.
 */
public final class TrainingSet implements TrainingData {

  /** The column of {@link #dataset()} with the moment a row was asked at. */
  public static final String ASKED_AT = "asked_at";

  private final TrainingDefinition definition;
  private final Dataset dataset;
  private final Supplier<Digest> digest;
  private final int withoutLabel;
  private final int notYetKnown;
  private final int notYetAsked;

  TrainingSet(
      TrainingDefinition definition,
      Dataset dataset,
      int withoutLabel,
      int notYetKnown,
      int notYetAsked) {
    this(definition, dataset, once(dataset::digest), withoutLabel, notYetKnown, notYetAsked);
  }

  private TrainingSet(
      TrainingDefinition definition,
      Dataset dataset,
      Supplier<Digest> digest,
      int withoutLabel,
      int notYetKnown,
      int notYetAsked) {
    this.definition = definition;
    this.dataset = dataset;
    this.digest = digest;
    this.withoutLabel = withoutLabel;
    this.notYetKnown = notYetKnown;
    this.notYetAsked = notYetAsked;
  }

  /**
   * The training set of records whose features need no store.
   *
   * @throws FeatureDefinitionException if the set looks views up, or two columns of {@link
   *     #dataset()} would have the same name
   * @throws FeatureComputationException if a function throws
   */
  public static <T, L> TrainingSet of(
      FeatureSet<T> set, Iterable<? extends T> records, Target<T, L> target) {
    return of(set, records, target, Instant.MAX);
  }

  /**
   * The same with the records asked and the labels known at a moment.
   *
   * @throws FeatureDefinitionException as above
   * @throws FeatureComputationException if a function throws
   */
  public static <T, L> TrainingSet of(
      FeatureSet<T> set, Iterable<? extends T> records, Target<T, L> target, Instant asOf) {
    return new PointInTimeJoin<>(
            set,
            target,
            asOf,
            lookup -> {
              throw PointInTimeJoin.withoutStore(set);
            })
        .join(records);
  }

  @Override
  public Signature signature() {
    return definition.signature();
  }

  @Override
  public String featureSet() {
    return definition.featureSet();
  }

  @Override
  public Digest featureFingerprint() {
    return definition.fingerprint();
  }

  /** The samples of the whole set, for a part of it as well; empty without a codec or rows. */
  @Override
  public List<GoldenSample> goldenSamples() {
    return definition.samples();
  }

  @Override
  public List<DatasetReference> datasets() {
    return List.of(reference("training"));
  }

  /** This set as lineage names it, in this role. */
  public DatasetReference reference(String role) {
    return new DatasetReference(
        definition.featureSet(), role, digest(), rowCount(), dataset.schema(), source());
  }

  /**
   * Where the records came from, for lineage: their class and the views that were looked up, unless
   * {@link #withSource} stated something else.
   */
  public String source() {
    return definition.source();
  }

  /** The same rows, with a statement of where the records came from, such as a file or a query. */
  public TrainingSet withSource(String stated) {
    return new TrainingSet(
        definition.withSource(stated), dataset, digest, withoutLabel, notYetKnown, notYetAsked);
  }

  @Override
  public double[] vectors() {
    return vectors(signature());
  }

  /**
   * The vectors for a model of this signature, one row after the other: its order of inputs, its
   * codes.
   *
   * @throws FeatureMismatchException with all differences, if the inputs are not these features
   */
  public double[] vectors(Signature of) {
    return Vectors.of(definition, dataset, of);
  }

  /**
   * The labels, one a row: 0 or 1 of a binary target, the number of a regression target, of a
   * multiclass target the position in the signature's labels.
   */
  @Override
  public double[] labels() {
    return Vectors.labels(definition, dataset);
  }

  @Override
  public int rowCount() {
    return dataset.rowCount();
  }

  /**
   * The moment this row, from 0, was asked at.
   *
   * @throws IllegalStateException if the feature set states no moment
   */
  public Instant askedAt(int row) {
    return Timestamps.fromMicros(times().microsAt(row));
  }

  /**
   * The rows: every feature under its name, FLOAT64 or STRING; the label under the target's name,
   * BOOLEAN, FLOAT64 or STRING; and {@link #ASKED_AT}, if the feature set states it. A feature that
   * has the name of a sensitive column of the request is sensitive.
   */
  public Dataset dataset() {
    return dataset;
  }

  /** The fingerprint of {@link #dataset()}. */
  public Digest digest() {
    return digest.get();
  }

  /** How many records were left out because they have no label. */
  public int leftOutWithoutLabel() {
    return withoutLabel;
  }

  /** How many records were left out because their label was not yet known. */
  public int leftOutNotYetKnown() {
    return notYetKnown;
  }

  /**
   * How many records were left out because they are asked after the moment of the training set:
   * what they will see is not known yet.
   */
  public int leftOutNotYetAsked() {
    return notYetAsked;
  }

  /**
   * The rows asked at in {@code [from, to)}, with the signature of the whole; the counts of what
   * was left out are 0.
   *
   * @throws IllegalStateException if the feature set states no moment
   */
  public TrainingSet between(Instant from, Instant to) {
    TimestampColumn times = times();
    int[] rows =
        IntStream.range(0, rowCount())
            .filter(
                row -> {
                  Instant at = Timestamps.fromMicros(times.microsAt(row));
                  return !at.isBefore(from) && at.isBefore(to);
                })
            .toArray();
    return new TrainingSet(definition, dataset.select(rows), 0, 0, 0);
  }

  /**
   * Judges a model by its predictions for these rows.
   *
   * @throws FeatureMismatchException with all differences, if the model takes other features or
   *     predicts another target
   * @throws EvaluationException if there are no rows, or the model is a multiclass one
   */
  public Evaluation evaluate(Model model) {
    Signature.Output asked = model.signature().output();
    Signature.Output given = signature().output();
    if (!asked.name().equals(given.name()) || asked.task() != given.task()) {
      throw new FeatureMismatchException(
          featureSet(),
          List.of(
              "the model predicts \""
                  + asked.name()
                  + "\" "
                  + asked.task()
                  + ", the labels here are \""
                  + given.name()
                  + "\" "
                  + given.task()));
    }
    double[] outputs = model.predictAll(vectors(model.signature()), rowCount());
    return switch (given.task()) {
      case BINARY -> Evaluation.binary(outputs, labels());
      case REGRESSION -> Evaluation.regression(outputs, labels());
      case MULTICLASS ->
          throw new EvaluationException(
              "there is no evaluation of multiclass models; compare predictAll(vectors(signature))"
                  + " with labels() instead");
    };
  }

  /**
   * The same rows for a model of this signature, which was trained elsewhere: its order of inputs,
   * its codes of categories, its output.
   *
   * @throws FeatureMismatchException with all differences, if the inputs are not these features
   */
  public TrainingSet as(Signature other) {
    Vectors.check(definition, other);
    List<GoldenSample> samples =
        definition.samples().stream()
            .map(sample -> Vectors.recoded(sample, signature(), other))
            .toList();
    TrainingDefinition same =
        new TrainingDefinition(
            definition.featureSet(), definition.fingerprint(), other, samples, source());
    return new TrainingSet(same, dataset, withoutLabel, notYetKnown, notYetAsked);
  }

  @Override
  public ProfileSeries referenceProfile(double[] outputs) {
    return ReferenceProfile.of(
        dataset,
        signature().output(),
        outputs,
        dataset.schema().contains(ASKED_AT) ? ASKED_AT : null);
  }

  /** Computes the value at the first call; several threads may do so at once and get the same. */
  private static <V> Supplier<V> once(Supplier<V> supplier) {
    AtomicReference<@Nullable V> known = new AtomicReference<>();
    return () -> {
      V value = known.get();
      if (value == null) {
        value = supplier.get();
        known.set(value);
      }
      return value;
    };
  }

  private TimestampColumn times() {
    if (!dataset.schema().contains(ASKED_AT)) {
      throw new IllegalStateException(
          "feature set \""
              + featureSet()
              + "\" does not state when a prediction is asked; state it"
              + " with at(...)");
    }
    return dataset.timestamps(ASKED_AT);
  }

  @Override
  public String toString() {
    return "TrainingSet " + featureSet() + " " + rowCount() + " rows " + digest().shortHex();
  }
}
