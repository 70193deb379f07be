package dev.mlops4j.profile;

import dev.mlops4j.data.ColumnType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The summary of one column: how many values there are and are missing, and, by the column's type,
 * {@linkplain #numbers numbers}, {@linkplain #categories categories} or {@linkplain #times times}.
 * Immutable, safe for any number of threads.
 *
 * <p>Of a sensitive column, and of one of arrays, only the counts are kept.
 */
public final class ColumnProfile {

  private final String name;
  private final ColumnType type;
  private final boolean sensitive;
  private final long count;
  private final long missing;
  private final @Nullable NumericSummary numbers;
  private final @Nullable CategorySummary categories;
  private final @Nullable TimeSummary times;

  private ColumnProfile(
      String name,
      ColumnType type,
      boolean sensitive,
      long count,
      long missing,
      @Nullable NumericSummary numbers,
      @Nullable CategorySummary categories,
      @Nullable TimeSummary times) {
    this.name = name;
    this.type = type;
    this.sensitive = sensitive;
    this.count = count;
    this.missing = missing;
    this.numbers = numbers;
    this.categories = categories;
    this.times = times;
  }

  static ColumnProfile countsOnly(
      String name, ColumnType type, boolean sensitive, long count, long missing) {
    return new ColumnProfile(name, type, sensitive, count, missing, null, null, null);
  }

  ColumnProfile with(NumericSummary summary) {
    return new ColumnProfile(name, type, sensitive, count, missing, summary, null, null);
  }

  ColumnProfile with(CategorySummary summary) {
    return new ColumnProfile(name, type, sensitive, count, missing, null, summary, null);
  }

  ColumnProfile with(TimeSummary summary) {
    return new ColumnProfile(name, type, sensitive, count, missing, null, null, summary);
  }

  /** The column's name. */
  public String name() {
    return name;
  }

  /** The column's type. */
  public ColumnType type() {
    return type;
  }

  /** Whether values were kept out of this profile. */
  public boolean sensitive() {
    return sensitive;
  }

  /**
   * How many rows there are, the missing values included; those without one are left out of what
   * {@link DatasetProfile#withoutMissing} gave.
   */
  public long count() {
    return count;
  }

  /** How many values are missing; NaN is not missing. */
  public long missing() {
    return missing;
  }

  /** The share of the rows whose value is missing; NaN without rows. */
  public double missingShare() {
    return (double) missing / count;
  }

  /**
   * For FLOAT64, INT64 and BOOLEAN (false is 0, true is 1); empty for others and sensitive ones.
   */
  public Optional<NumericSummary> numbers() {
    return Optional.ofNullable(numbers);
  }

  /**
   * For STRING and BOOLEAN ({@code "false"} and {@code "true"}); empty for others and sensitive
   * ones.
   */
  public Optional<CategorySummary> categories() {
    return numbers != null && type == ColumnType.BOOLEAN
        ? Optional.of(CategorySummary.ofBooleans(numbers))
        : Optional.ofNullable(categories);
  }

  /** For TIMESTAMP; empty for others, for sensitive ones and when there is no value. */
  public Optional<TimeSummary> times() {
    return Optional.ofNullable(times);
  }

  /** The same as of a sensitive column: the counts alone. */
  public ColumnProfile withoutValues() {
    return sensitive ? this : countsOnly(name, type, true, count, missing);
  }

  ColumnProfile withoutMissing() {
    return new ColumnProfile(name, type, sensitive, count - missing, 0, numbers, categories, times);
  }

  ColumnProfile merge(ColumnProfile other) {
    ColumnProfile counts =
        countsOnly(
            name,
            type,
            sensitive,
            Math.addExact(count, other.count),
            Math.addExact(missing, other.missing));
    if (numbers != null && other.numbers != null) {
      return counts.with(numbers.merge(other.numbers));
    }
    if (categories != null && other.categories != null) {
      return counts.with(categories.merge(other.categories));
    }
    if (times != null && other.times != null) {
      return counts.with(times.merge(other.times));
    }
    TimeSummary either = times != null ? times : other.times;
    return either == null ? counts : counts.with(either);
  }

  boolean fits(ColumnProfile other) {
    return name.equals(other.name) && type == other.type && sensitive == other.sensitive;
  }

  @Nullable CategorySummary ownCategories() {
    return categories;
  }

  @Override
  public String toString() {
    return name + " " + type + (sensitive ? " sensitive" : "");
  }
}
