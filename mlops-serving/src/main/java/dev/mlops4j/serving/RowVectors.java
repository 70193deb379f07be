package dev.mlops4j.serving;

import dev.mlops4j.feature.FeatureLookup;
import dev.mlops4j.model.Signature;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Makes the vectors of one version. Safe for any number of threads. */
interface RowVectors<T> {

  Signature signature();

  /** The moment the prediction is asked, or empty for now. */
  Optional<Instant> askedAt(T request);

  /**
   * The vector of a request.
   *
   * @param unseen is told the input and the category of each that the signature does not have
   * @param lookups is told what was looked up, if anything can be; null if nobody wants to know
   */
  double[] vector(
      T request,
      Instant at,
      FeatureLookup lookup,
      BiConsumer<String, String> unseen,
      @Nullable LookupRecord lookups);

  /** Whether the values of this input are not to be told. */
  boolean isSensitive(String input);
}
