package dev.mlops4j.registry;

import dev.mlops4j.Digest;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which versions a follower can load. Immutable.
 *
 * @param featureFingerprints the fingerprints of the feature definitions it has; null if it takes
 *     versions of any features
 * @param formats the formats of models it has loaders for; null if it takes any
 */
public record Capabilities(
    @Nullable Set<Digest> featureFingerprints, @Nullable Set<String> formats) {

  /** Those of a follower that takes anything. */
  public static final Capabilities ANY = new Capabilities(null, null);

  /** Copies the sets. */
  public Capabilities {
    featureFingerprints = featureFingerprints == null ? null : Set.copyOf(featureFingerprints);
    formats = formats == null ? null : Set.copyOf(formats);
  }

  /** Those of a follower that has these feature definitions and takes any format. */
  public static Capabilities ofFeatures(Set<Digest> featureFingerprints) {
    return new Capabilities(featureFingerprints, null);
  }

  /** Why such a follower cannot load this version; empty if it can. */
  public Optional<String> whyNot(ModelVersion version) {
    if (formats != null && !formats.contains(version.format())) {
      return Optional.of(
          "it has no loader for format \"" + version.format() + "\", only for " + formats);
    }
    Digest fingerprint = version.featureFingerprint();
    if (featureFingerprints != null
        && fingerprint != null
        && !featureFingerprints.contains(fingerprint)) {
      return Optional.of(
          "it has no feature set with the fingerprint "
              + fingerprint.shortHex()
              + " (\""
              + version.featureSet()
              + "\"), only "
              + featureFingerprints.stream().map(Digest::shortHex).sorted().toList());
    }
    return Optional.empty();
  }
}
