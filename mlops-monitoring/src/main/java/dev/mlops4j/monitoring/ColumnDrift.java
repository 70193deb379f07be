package dev.mlops4j.monitoring;

import dev.mlops4j.profile.ColumnProfile;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One column of a {@link DriftReport}. Immutable.
 *
 * @param verdict what was found
 * @param referenceProfile the column in the reference, or null if it is not there
 * @param currentProfile the column in the current data, or null if it is not there
 * @param statistics how far both are apart, by the names in {@link DriftStatistic}; none where it
 *     cannot be computed
 */
public record ColumnDrift(
    Verdict verdict,
    @Nullable ColumnProfile referenceProfile,
    @Nullable ColumnProfile currentProfile,
    Map<DriftStatistic, Double> statistics) {

  /** Copies the statistics. */
  public ColumnDrift {
    statistics = Collections.unmodifiableMap(new LinkedHashMap<>(statistics));
  }

  /** The column's name. */
  public String name() {
    return verdict.column();
  }

  /** The column in the reference, unless it is not there. */
  public Optional<ColumnProfile> reference() {
    return Optional.ofNullable(referenceProfile);
  }

  /** The column in the current data, unless it is not there. */
  public Optional<ColumnProfile> current() {
    return Optional.ofNullable(currentProfile);
  }
}
