package dev.mlops4j.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A sample request and what the model predicted for its vector at training. A package is loaded
 * only if the same comes out again.
 *
 * @param sample the request and its vector
 * @param output the prediction, of the signature's output width; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // rows are arrays of doubles everywhere
public record GoldenRow(GoldenSample sample, double[] output) {

  /** Copies the array. */
  public GoldenRow {
    output = output.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof GoldenRow that
        && sample.equals(that.sample)
        && Arrays.equals(output, that.output);
  }

  @Override
  public int hashCode() {
    return 31 * sample.hashCode() + Arrays.hashCode(output);
  }
}
