package dev.mlops4j.monitoring;

import java.util.List;

/**
 * What a {@link Retraining} decided, or would decide. Immutable.
 *
 * @param runs whether it trains
 * @param why what calls for a training, each in words; empty if nothing does
 * @param whyNot what stands against it, each in words; empty if it trains
 */
public record RetrainingDecision(boolean runs, List<String> why, List<String> whyNot) {

  /** Copies the lists. */
  public RetrainingDecision {
    why = List.copyOf(why);
    whyNot = List.copyOf(whyNot);
  }

  /** The decision in a sentence. */
  @Override
  public String toString() {
    String asked = why.isEmpty() ? "nothing calls for it" : String.join("; ", why);
    return runs
        ? "retrains: " + asked
        : "does not retrain: "
            + asked
            + (whyNot.isEmpty() ? "" : ", but " + String.join("; ", whyNot));
  }
}
