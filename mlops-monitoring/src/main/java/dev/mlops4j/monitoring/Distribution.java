package dev.mlops4j.monitoring;

import dev.mlops4j.profile.NumericSummary;
import java.util.Optional;
import java.util.SortedMap;

/** The numbers of one side of a comparison, as far as pictures show them; finite ones alone. */
interface Distribution {

  /** How many there are. */
  long count();

  /** The number that this share of them does not exceed, about; NaN if there is none. */
  double quantile(double share);

  /** The share of them that are at most this; NaN if there is none. */
  double shareAtMost(double number);

  /** Each number and how often it occurs, if these are few enough to be known. */
  Optional<SortedMap<Double, Long>> values();

  /** What a profile knows of numbers. */
  static Distribution of(NumericSummary numbers) {
    return new Distribution() {
      @Override
      public long count() {
        return numbers.finite();
      }

      @Override
      public double quantile(double share) {
        return numbers.quantile(share);
      }

      @Override
      public double shareAtMost(double number) {
        return numbers.shareAtMost(number);
      }

      @Override
      public Optional<SortedMap<Double, Long>> values() {
        return numbers.values();
      }
    };
  }
}
