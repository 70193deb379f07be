package dev.mlops4j.serving;

import dev.mlops4j.feature.FeatureLookup;
import dev.mlops4j.feature.Vectorizer;
import dev.mlops4j.model.Model;
import dev.mlops4j.model.Prediction;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A loaded model with the features that feed it, closed exactly once, after its last prediction.
 *
 * <p>{@code users} counts the predictions under way. {@link #retire} adds {@link #RETIRED}, after
 * which nobody can begin; whoever brings the count down to exactly that value, and is the first to
 * put {@link #CLOSED} in its place, closes the model.
 */
final class ServedVersion<T> {

  private static final Logger LOG = LoggerFactory.getLogger(ServedVersion.class);

  private static final long RETIRED = 1L << 61;
  private static final long CLOSED = 1L << 62;

  private final String name;
  private final int number;
  private final Model model;
  private final Vectorizer<T> vectorizer;
  private final AtomicLong users = new AtomicLong();

  ServedVersion(String name, int number, Model model, Vectorizer<T> vectorizer) {
    this.name = name;
    this.number = number;
    this.model = model;
    this.vectorizer = vectorizer;
  }

  int number() {
    return number;
  }

  /** Whether a prediction may begin; each that may ends with {@link #release}. */
  boolean acquire() {
    // Adding is one instruction, where comparing and setting would be tried again under load.
    if (users.incrementAndGet() < RETIRED) {
      return true;
    }
    release();
    return false;
  }

  void release() {
    if (users.decrementAndGet() == RETIRED) {
      closeOnce();
    }
  }

  /**
   * No prediction begins from now on; the model closes when those under way have ended. Called
   * once.
   */
  void retire() {
    if (users.addAndGet(RETIRED) == RETIRED) {
      closeOnce();
    }
  }

  /** Predicts between {@link #acquire} and {@link #release}. */
  Prediction predict(String id, T request, FeatureLookup lookup, InstantSource clock) {
    Optional<Instant> stated = vectorizer.featureSet().askedAt(request);
    Instant askedAt = stated.isPresent() ? stated.get() : clock.instant();
    double[] vector = vectorizer.vector(request, askedAt, lookup);
    return new Prediction(
        id, name, number, askedAt, model.signature(), vector, model.predict(vector));
  }

  /** An acquire that came too late may bring the count down to RETIRED a second time. */
  private void closeOnce() {
    if (users.compareAndSet(RETIRED, CLOSED)) {
      try {
        model.close();
      } catch (Throwable e) {
        // This is the thread of a prediction that succeeded, or of one that brings the next
        // version.
        LOG.warn("version {} of \"{}\" did not close; its model may leak", number, name, e);
      }
    }
  }
}
