package dev.mlops4j.model;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request as it was at training: what came in, what was looked up for it, and the vector it gave.
 * Sensitive columns never enter one.
 *
 * @param input the request's columns by name; null is missing. Empty if the row is a vector alone,
 *     of a model that was not trained here: then only its prediction is checked
 * @param askedAt the moment the prediction is asked
 * @param lookedUp the values looked up, by feature name; null is missing
 * @param vector the vector; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // rows are arrays of doubles everywhere
public record GoldenSample(
    Map<String, @Nullable Object> input,
    Instant askedAt,
    Map<String, @Nullable Object> lookedUp,
    double[] vector) {

  /** Copies the maps and the array. */
  public GoldenSample {
    input = Collections.unmodifiableMap(new LinkedHashMap<>(input));
    lookedUp = Collections.unmodifiableMap(new LinkedHashMap<>(lookedUp));
    vector = vector.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof GoldenSample that
        && input.equals(that.input)
        && askedAt.equals(that.askedAt)
        && lookedUp.equals(that.lookedUp)
        && Arrays.equals(vector, that.vector);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(vector) + 31 * input.hashCode();
  }
}
