package dev.mlops4j.model;

import dev.mlops4j.Digest;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a model package says of itself. Immutable.
 *
 * @param formatVersion the version of the package's own form, {@link #FORMAT_VERSION} when written
 *     by this library
 * @param format the name of the format of the model's files, such as {@code xgboost-ubj}
 * @param signature what the model takes and gives
 * @param featureSet the name of the feature set that makes its vectors
 * @param featureFingerprint the fingerprint of the feature definitions; null if the vectors were
 *     not made by a feature set
 * @param datasets what it was trained on; their columns are in the signature, and neither these nor
 *     where they came from is repeated here
 * @param runId the run that trained it, or null
 * @param environment where it was trained
 */
public record Manifest(
    int formatVersion,
    String format,
    Signature signature,
    String featureSet,
    @Nullable Digest featureFingerprint,
    List<DatasetReference> datasets,
    @Nullable String runId,
    Environment environment) {

  /** The version of the form that this library writes. */
  public static final int FORMAT_VERSION = 1;

  /** The path of the manifest within a package. */
  public static final String PATH = "manifest.json";

  /** Copies the datasets, without columns and sources. */
  public Manifest {
    datasets = datasets.stream().map(DatasetReference::withoutDetails).toList();
  }

  /**
   * Reads a {@code manifest.json} alone, for who wants to know of a package without its model.
   *
   * @throws CorruptPackageException if it is not a manifest, or of a version this library does not
   *     know
   */
  public static Manifest read(byte[] manifestFile) {
    return ManifestJson.read(manifestFile).manifest();
  }

  /** Format, feature set and output, by name, for comparing and showing. */
  public SortedMap<String, String> properties() {
    SortedMap<String, String> properties = new TreeMap<>();
    properties.put("format", format);
    properties.put("feature set", featureSet);
    properties.put(
        "features", featureFingerprint == null ? "no fingerprint" : featureFingerprint.shortHex());
    properties.put("output", signature.output().toString());
    return properties;
  }

  Manifest withRunId(String newRunId) {
    return new Manifest(
        FORMAT_VERSION,
        format,
        signature,
        featureSet,
        featureFingerprint,
        datasets,
        newRunId,
        environment);
  }
}
