package dev.mlops4j.feature;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a {@link Replay} made of one request. Immutable; the vector is not to be changed. */
public final class Replayed {

  private final Instant askedAt;
  private final double[] vector;
  private final FeatureSet<?> set;
  private final FeatureValues[] lookedUp;
  private final @Nullable RuntimeException failure;

  Replayed(
      Instant askedAt,
      double[] vector,
      FeatureSet<?> set,
      FeatureValues[] lookedUp,
      @Nullable RuntimeException failure) {
    this.askedAt = askedAt;
    this.vector = vector;
    this.set = set;
    this.lookedUp = lookedUp;
    this.failure = failure;
  }

  /** The moment the set states for the request, or the one given. */
  public Instant askedAt() {
    return askedAt;
  }

  /** The vector, in the order of the signature; empty if there was a failure. */
  public double[] vector() {
    return vector;
  }

  /** Why there is no vector; empty if there is one. */
  public Optional<RuntimeException> failure() {
    return Optional.ofNullable(failure);
  }

  /**
   * The event time of the latest event that was visible to the lookup which gives this feature;
   * empty if there was none, or the feature is not itself looked up.
   */
  public Optional<Instant> eventTime(String feature) {
    int lookup = lookup(feature);
    return lookup < 0 ? Optional.empty() : lookedUp[lookup].eventTime();
  }

  /**
   * The name under which the set looks up the view of this feature; empty if the feature is not
   * itself looked up, or there was a failure.
   */
  public Optional<String> alias(String feature) {
    int lookup = lookup(feature);
    return lookup < 0 ? Optional.empty() : Optional.of(set.lookups().get(lookup).alias());
  }

  private int lookup(String feature) {
    for (SetFeature<?> one : set.setFeatures()) {
      if (one.name.equals(feature) && one.isLookup() && one.lookup() < lookedUp.length) {
        return one.lookup();
      }
    }
    return -1;
  }
}
