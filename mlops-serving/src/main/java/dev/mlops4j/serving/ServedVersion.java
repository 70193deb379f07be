package dev.mlops4j.serving;

import dev.mlops4j.feature.FeatureLookup;
import dev.mlops4j.feature.Vectorizer;
import dev.mlops4j.model.Model;
import dev.mlops4j.model.Prediction;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A loaded model with the features that feed it, closed after its last prediction.
 *
 * <p>{@code users} counts the predictions under way. {@link #retire} adds {@link #RETIRED}, after
 * which nobody can begin; whoever brings the count down to exactly that value closes the model.
 */
final class ServedVersion<T> {

  private static final long RETIRED = 1L << 62;

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
    if (users.incrementAndGet() < RETIRED) {
      return true;
    }
    release();
    return false;
  }

  void release() {
    if (users.decrementAndGet() == RETIRED) {
      close();
    }
  }

  /** No prediction begins from now on; the model closes when those under way have ended. */
  void retire() {
    if (users.addAndGet(RETIRED) == RETIRED) {
      close();
    }
  }

  /** Predicts between {@link #acquire} and {@link #release}. */
  Prediction predict(String id, T request, FeatureLookup lookup, InstantSource clock) {
    Instant askedAt = vectorizer.featureSet().askedAt(request).orElseGet(clock::instant);
    double[] vector = vectorizer.vector(request, askedAt, lookup);
    return new Prediction(
        id, name, number, askedAt, model.signature(), vector, model.predict(vector));
  }

  private void close() {
    // A late acquire that fails brings the count to RETIRED once more, and the model is closed
    // again, which does nothing.
    model.close();
  }
}
