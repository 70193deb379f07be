package dev.mlops4j.registry;

import dev.mlops4j.Digest;
import dev.mlops4j.data.Timestamps;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A version of a model as it was when it was read. Immutable; the stage is that of then.
 *
 * @param model the model's name
 * @param number counted from 1 within the model, never given twice
 * @param stage the stage it was in
 * @param packageDigest the digest under which its package is stored
 * @param format the format of the model's files, such as {@code xgboost-ubj}
 * @param featureSet the name of the feature set that makes its vectors
 * @param featureFingerprint the fingerprint of the feature definitions, or null
 * @param runId the run that made it, or null
 * @param registeredAt when it was registered; cut to microseconds
 */
public record ModelVersion(
    String model,
    int number,
    Stage stage,
    Digest packageDigest,
    String format,
    String featureSet,
    @Nullable Digest featureFingerprint,
    @Nullable String runId,
    Instant registeredAt) {

  /** Cuts the time to microseconds, the precision in which it is stored. */
  public ModelVersion {
    registeredAt = Timestamps.fromMicros(Timestamps.toMicros(registeredAt));
  }

  /** The model and the number, for people: {@code flight-delay version 3}. */
  public String label() {
    return model + " version " + number;
  }

  /** Whether this and the other are the same version, whatever their stages were when read. */
  public boolean isSameAs(@Nullable ModelVersion other) {
    return other != null && number == other.number && model.equals(other.model);
  }

  /** A version of this name and number may come from another workspace. */
  void requireSamePackage(ModelVersion found) {
    if (!packageDigest.equals(found.packageDigest)) {
      throw new IllegalArgumentException(
          label()
              + " with package "
              + packageDigest.shortHex()
              + " is not of this registry, where it has package "
              + found.packageDigest.shortHex()
              + "; take the version from this registry");
    }
  }

  ModelVersion in(Stage newStage) {
    return new ModelVersion(
        model,
        number,
        newStage,
        packageDigest,
        format,
        featureSet,
        featureFingerprint,
        runId,
        registeredAt);
  }
}
