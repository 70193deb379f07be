package dev.mlops4j.monitoring;

import dev.mlops4j.registry.ModelVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of a {@link Challenge}. Immutable.
 *
 * @param challenger the version that was registered
 * @param champion the version that was in PRODUCTION, or null if none was
 * @param metric what was compared
 * @param score the challenger's
 * @param championScore the champion's on the same data, or null if there is none
 * @param better whether the challenger is better by more than the margin; also if there is no
 *     champion, unless its score is NaN
 * @param promoted whether it was promoted
 * @param refusals why a better one was not promoted, though that was asked for: gates, followers,
 *     another promotion meanwhile
 * @param comparison the scores in words
 */
public record ChallengeResult(
    ModelVersion challenger,
    @Nullable ModelVersion champion,
    String metric,
    double score,
    @Nullable Double championScore,
    boolean better,
    boolean promoted,
    List<String> refusals,
    String comparison) {

  /** Copies the list. */
  public ChallengeResult {
    refusals = List.copyOf(refusals);
  }

  /** What came of it in a sentence, for the record of a retraining. */
  @Override
  public String toString() {
    String outcome =
        promoted
            ? "promoted"
            : !better
                ? "not better, registered only"
                : refusals.isEmpty()
                    ? "better, to be promoted by a person"
                    : "better, not promoted: " + String.join("; ", refusals);
    return challenger.label() + ": " + comparison + "; " + outcome;
  }
}
