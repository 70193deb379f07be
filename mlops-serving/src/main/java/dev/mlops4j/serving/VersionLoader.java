package dev.mlops4j.serving;

import dev.mlops4j.feature.FeatureLookup;
import dev.mlops4j.model.Model;
import dev.mlops4j.model.ModelLoaders;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.profile.DatasetProfile;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes a version ready to serve: its package is verified, the program's features fit it and give
 * the vectors of its golden rows, the model gives their predictions, and it is warm.
 *
 * @param fallbackIfMissing the inputs without which a version does not answer
 */
record VersionLoader<T>(
    Requests<T> requests,
    ModelLoaders loaders,
    FeatureLookup lookup,
    InstantSource clock,
    InputChecks checks,
    Set<String> fallbackIfMissing,
    @Nullable Batching batching) {

  /**
   * Loads a version; when it throws, nothing is held.
   *
   * @throws UnknownFeaturesException if no feature set has the fingerprint that the version names
   * @throws dev.mlops4j.feature.FeatureMismatchException if it names none, and no feature set gives
   *     its inputs
   * @throws dev.mlops4j.MlopsException if the package is corrupt, or features or predictions of its
   *     golden rows come out otherwise, or no loader can load it
   * @throws IllegalArgumentException if an input is to be checked that it does not have
   */
  ServedVersion<T> load(String name, int version, ModelPackage modelPackage) {
    RowVectors<T> vectors = requests.bind(name, version, modelPackage);
    DatasetProfile profile =
        checks.refusesOutside() ? modelPackage.referenceProfile().overall() : null;
    BoundChecks bound = bound(vectors, profile);
    boolean[] required = required(vectors);
    Model model = loaders.load(modelPackage);
    WarmUp.run(model, modelPackage.goldenRows());
    return new ServedVersion<>(
        name, version, model, true, vectors, this, bound, required, batcher(model));
  }

  /**
   * Makes a model ready that the caller has loaded and will close.
   *
   * @throws dev.mlops4j.feature.FeatureMismatchException if no feature set gives its inputs
   * @throws IllegalArgumentException if an input is to be checked that it does not have
   */
  ServedVersion<T> load(String name, Model model) {
    RowVectors<T> vectors = requests.bind(model.signature());
    return new ServedVersion<>(
        name,
        0,
        model,
        false,
        vectors,
        this,
        bound(vectors, null),
        required(vectors),
        batcher(model));
  }

  private @Nullable BoundChecks bound(RowVectors<T> vectors, @Nullable DatasetProfile profile) {
    return checks.isNone()
        ? null
        : new BoundChecks(checks, vectors.signature(), profile, vectors::isSensitive);
  }

  private boolean[] required(RowVectors<T> vectors) {
    return BoundChecks.positions(
        vectors.signature(), fallbackIfMissing, "fallback(whenMissing(...))");
  }

  private @Nullable Batcher batcher(Model model) {
    return batching != null && model.gainsFromBatches() ? new Batcher(model, batching) : null;
  }
}
