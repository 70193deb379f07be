package dev.mlops4j.monitoring;

import dev.mlops4j.model.Signature;
import dev.mlops4j.profile.ProfileSeries;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What windows are compared with: the columns of a model and what its training data holds of them,
 * by period where it has time.
 *
 * @param signature what the model takes and gives
 * @param columns the inputs, the prediction and, of a target with outcomes, the label and predicted
 *     against actual
 * @param overall what all of the training data holds
 * @param periods the periods without fragments, ascending; empty without time
 * @param periodLength how long each is, or null without time
 * @param sensitive the columns of the training data whose values must not be shown
 */
record Reference(
    Signature signature,
    List<ReferenceColumn> columns,
    PeriodCounts overall,
    List<Period> periods,
    @Nullable Duration periodLength,
    Set<String> sensitive) {

  /** The name of the column that compares what was predicted with what came true. */
  static final String GAP = "predicted against actual";

  /** Copies the collections. */
  Reference {
    columns = List.copyOf(columns);
    periods = List.copyOf(periods);
    sensitive = Set.copyOf(sensitive);
  }

  /** The reference of all columns of a profile, without a model. */
  static Reference ofColumns(ProfileSeries series) {
    return ReferenceReader.ofColumns(series);
  }

  static Reference of(ProfileSeries series, Signature signature) {
    return new ReferenceReader(series, signature).read();
  }
}
