package dev.mlops4j.tracking;

/**
 * What of a run a search may compare or sort by. Immutable.
 *
 * <pre>{@code
 * Filter good = metric("auc").greaterThan(0.8).and(param("depth").is("6"));
 * Order best = metric("auc").descending();
 * }</pre>
 *
 * <p>The {@code toString} of each is its name in the text language of {@link Filter#parse}.
 */
public sealed interface SearchField permits MetricField, TextField, TimeField {

  /**
   * A metric's latest value.
   *
   * @throws InvalidNameException if no metric can have this key
   */
  static MetricField metric(String key) {
    return new MetricField(key);
  }

  /**
   * A param.
   *
   * @throws InvalidNameException if no param can have this key
   */
  static TextField param(String key) {
    return new TextField(TextField.Kind.PARAM, key);
  }

  /**
   * A tag.
   *
   * @throws InvalidNameException if no tag can have this key
   */
  static TextField tag(String key) {
    return new TextField(TextField.Kind.TAG, key);
  }

  /** The run's id. */
  static TextField runId() {
    return TextField.of(TextField.Kind.RUN_ID);
  }

  /** What people call the run. */
  static TextField runName() {
    return TextField.of(TextField.Kind.RUN_NAME);
  }

  /** The name of the run's experiment. */
  static TextField experiment() {
    return TextField.of(TextField.Kind.EXPERIMENT);
  }

  /** The id of the run that it is a part of; null of a run that is not a part of another. */
  static TextField parentRunId() {
    return TextField.of(TextField.Kind.PARENT_RUN_ID);
  }

  /** How the run stands, ABANDONED as well; see {@link Tracking}. */
  static StatusField status() {
    return new StatusField();
  }

  /** When the run started. */
  static TimeField startTime() {
    return TimeField.START_TIME;
  }

  /** When the run ended, if it has. */
  static TimeField endTime() {
    return TimeField.END_TIME;
  }

  /** The names of the run's datasets: a condition holds if it does for one of them. */
  static TextField datasetName() {
    return TextField.of(TextField.Kind.DATASET_NAME);
  }

  /** The digests of the run's datasets, in hex: a condition holds if it does for one of them. */
  static TextField datasetDigest() {
    return TextField.of(TextField.Kind.DATASET_DIGEST);
  }

  /**
   * The roles of the run's datasets, such as {@code training}: a condition holds if it does for one
   * of them.
   */
  static TextField datasetContext() {
    return TextField.of(TextField.Kind.DATASET_CONTEXT);
  }

  /** Whether the run has none. */
  default Filter isNull() {
    return new Filter.NullTest(this, false);
  }

  /** Whether the run has one. */
  default Filter isNotNull() {
    return new Filter.NullTest(this, true);
  }

  /**
   * Least first; runs that have none come last, before them those whose metric is NaN.
   *
   * @throws IllegalArgumentException if it is a dataset's, of which a run may have several
   */
  default Order ascending() {
    return new Order(this, false);
  }

  /**
   * Greatest first; runs that have none come last, before them those whose metric is NaN.
   *
   * @throws IllegalArgumentException if it is a dataset's, of which a run may have several
   */
  default Order descending() {
    return new Order(this, true);
  }
}
