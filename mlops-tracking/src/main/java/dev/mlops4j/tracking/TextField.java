package dev.mlops4j.tracking;

import java.util.List;

/**
 * A text of a run. It is compared character by character, upper and lower case apart.
 *
 * <p>A run that has none fulfils none of the conditions but {@link #isNull()}, those with
 * <i>not</i> in their name included; {@code param("depth").is("6").not()} on the other hand holds
 * for it.
 *
 * @param kind what it is
 * @param key the key of a param or tag, empty for all else
 */
public record TextField(Kind kind, String key) implements SearchField {

  /**
   * Checks the key.
   *
   * @throws InvalidNameException if no param or tag can have it
   * @throws IllegalArgumentException if what has no key is given one
   */
  public TextField {
    if (kind.hasKey()) {
      Names.checkName(kind == Kind.PARAM ? "param" : "tag", key);
    } else if (!key.isEmpty()) {
      throw new IllegalArgumentException(kind + " has no key, found one");
    }
  }

  static TextField of(Kind kind) {
    return new TextField(kind, "");
  }

  /** Whether it is this one. */
  public Filter is(String value) {
    return in(value);
  }

  /** Whether there is one, and another than this. */
  public Filter isNot(String value) {
    return notIn(value);
  }

  /**
   * Whether it is one of these.
   *
   * @throws IllegalArgumentException if there are none or more than {@link Filter#MAX_VALUES}
   */
  public Filter in(String... values) {
    return new Filter.OneOf(this, List.of(values), false);
  }

  /**
   * Whether there is one, and none of these.
   *
   * @throws IllegalArgumentException if there are none or more than {@link Filter#MAX_VALUES}
   */
  public Filter notIn(String... values) {
    return new Filter.OneOf(this, List.of(values), true);
  }

  /**
   * Whether it is of this form: {@code %} stands for any characters, {@code _} for one, and a
   * backslash before one of them, or before another backslash, for the character itself.
   *
   * @throws IllegalArgumentException if a backslash is before anything else, or the pattern longer
   *     than {@link Filter#MAX_PATTERN_LENGTH}
   */
  public Filter like(String pattern) {
    return new Filter.Like(this, pattern, true, false);
  }

  /** Whether there is one, and not of this form; see {@link #like}. */
  public Filter notLike(String pattern) {
    return new Filter.Like(this, pattern, true, true);
  }

  /** As {@link #like}, with A to Z the same as a to z; of other letters, case counts. */
  public Filter ilike(String pattern) {
    return new Filter.Like(this, pattern, false, false);
  }

  /** Whether there is one, and not of this form; see {@link #ilike}. */
  public Filter notIlike(String pattern) {
    return new Filter.Like(this, pattern, false, true);
  }

  @Override
  public String toString() {
    return kind.hasKey() ? kind.text + "." + SearchText.key(key) : kind.text;
  }

  /** What a text is. */
  public enum Kind {
    /** A param. */
    PARAM("params"),
    /** A tag. */
    TAG("tags"),
    /** The run's id. */
    RUN_ID("run_id"),
    /** What people call the run. */
    RUN_NAME("run_name"),
    /** The id of the run that it is a part of. */
    PARENT_RUN_ID("parent_run_id"),
    /** The experiment's name. */
    EXPERIMENT("experiment"),
    /** How the run stands. */
    STATUS("status"),
    /** The name of one of the run's datasets. */
    DATASET_NAME("dataset.name"),
    /** The digest of one of the run's datasets. */
    DATASET_DIGEST("dataset.digest"),
    /** The role of one of the run's datasets. */
    DATASET_CONTEXT("dataset.context");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    boolean hasKey() {
      return this == PARAM || this == TAG;
    }

    /** Whether a run may have several. */
    boolean isOfDatasets() {
      return this == DATASET_NAME || this == DATASET_DIGEST || this == DATASET_CONTEXT;
    }
  }
}
