package dev.mlops4j.model;

import dev.mlops4j.Digest;
import dev.mlops4j.model.ManifestJson.FileEntry;
import dev.mlops4j.profile.ProfileSeries;
import dev.mlops4j.workspace.Artifacts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A trained model with all that is needed to serve and to watch it: the model's files, the
 * signature, the fingerprint of its features, golden rows, the reference profile, where and on what
 * it was trained. Data only. Immutable, safe for any number of threads.
 *
 * <p>It is a map of files: {@code manifest.json}, which states the size and digest of every other
 * file; {@code golden.json}; {@code profile}; the model's own; and {@code MLmodel}, if MLflow's
 * Python can load the format. Whatever the files come from, they are verified before anything
 * parses them.
 *
 * <pre>{@code
 * ModelPackage trained = model.packaged(training);
 * trained.writeTo(directory);
 * ModelPackage same = ModelPackage.read(directory);
 * }</pre>
 */
public final class ModelPackage {

  static final String PROFILE = "profile";
  private static final Set<String> OWN =
      Set.of(Manifest.PATH, GoldenJson.PATH, PROFILE, MlflowFile.PATH);

  private final Manifest manifest;
  private final SortedMap<String, byte[]> files;
  private final List<GoldenRow> goldenRows;
  private final Digest digest;

  private ModelPackage(
      Manifest manifest, SortedMap<String, byte[]> files, List<GoldenRow> goldenRows) {
    this.manifest = manifest;
    this.files = Collections.unmodifiableSortedMap(files);
    this.goldenRows = goldenRows;
    this.digest = Digest.of(PackageFiles.required(files, Manifest.PATH));
  }

  /**
   * Packs a model with what its training data says of it. Predicts every training row once, for the
   * reference profile, and every golden sample.
   *
   * @throws IllegalArgumentException if the model's signature is not that of the training data, or
   *     a file of the model has a path that a package cannot hold
   */
  public static ModelPackage of(PortableModel model, TrainingData training) {
    Signature signature = model.signature();
    if (!signature.equals(training.signature())) {
      throw new IllegalArgumentException(
          "the model was not trained on this data: its signature is "
              + signature
              + ", that of the data "
              + training.signature());
    }
    SortedMap<String, byte[]> files = new TreeMap<>(model.files());
    PackagePaths.checkModelFiles(files.keySet(), OWN);
    List<GoldenRow> rows = new ArrayList<>();
    for (GoldenSample sample : training.goldenSamples()) {
      rows.add(new GoldenRow(sample, model.predict(sample.vector())));
    }
    MlflowFile.of(model.format(), signature, files)
        .ifPresent(bytes -> files.put(MlflowFile.PATH, bytes));
    files.put(GoldenJson.PATH, GoldenJson.write(rows));
    double[] outputs = model.predictAll(training.vectors(), training.rowCount());
    files.put(PROFILE, training.referenceProfile(outputs).toBytes());
    Manifest manifest =
        new Manifest(
            Manifest.FORMAT_VERSION,
            model.format(),
            signature,
            training.featureSet(),
            training.featureFingerprint(),
            training.datasets(),
            null,
            Environment.current());
    return pack(manifest, files, List.copyOf(rows));
  }

  /**
   * The package of these files, verified: all that the manifest lists, unaltered, and no other.
   *
   * @param files by path; the arrays are not copied and not to be changed
   * @throws CorruptPackageException if they are not what the manifest says
   */
  public static ModelPackage of(SortedMap<String, byte[]> files) {
    SortedMap<String, byte[]> copy = new TreeMap<>(files);
    ManifestJson.Contents contents = PackageFiles.verify(copy);
    Manifest manifest = contents.manifest();
    byte[] golden = PackageFiles.required(copy, GoldenJson.PATH);
    PackageFiles.required(copy, PROFILE);
    return new ModelPackage(manifest, copy, GoldenJson.read(golden, manifest.signature()));
  }

  /**
   * Verifies a package whose files need not fit into memory: that they are those which the manifest
   * lists, and that manifest and golden rows can be read. Reads no other file.
   *
   * @param files the sizes and digests of all files by path, which the caller knows to be right
   * @param read gives the bytes of a file, checked
   * @return the manifest
   * @throws CorruptPackageException if they are not what the manifest says
   */
  public static Manifest verify(
      SortedMap<String, Artifacts.Put> files, Function<String, byte[]> read) {
    for (String path : List.of(Manifest.PATH, GoldenJson.PATH, PROFILE)) {
      if (!files.containsKey(path)) {
        throw PackageFiles.absent(path, files.keySet());
      }
    }
    Manifest manifest = PackageFiles.verify(read.apply(Manifest.PATH), files).manifest();
    GoldenJson.read(read.apply(GoldenJson.PATH), manifest.signature());
    return manifest;
  }

  /**
   * Reads a package from a directory that {@link #writeTo} made. Follows no symbolic links.
   *
   * @throws CorruptPackageException if the directory does not hold what its manifest says, or
   *     cannot be read
   */
  public static ModelPackage read(Path directory) {
    return of(PackageDirectory.read(directory));
  }

  /**
   * Writes the files to a directory that does not exist or is empty. Atomic: they are written
   * beside it, forced to the disk and moved there at once.
   *
   * @throws PackageWriteException if the directory holds anything, or writing fails; nothing is
   *     left then
   */
  public void writeTo(Path directory) {
    PackageDirectory.write(directory, files);
  }

  /** What the package says of itself. */
  public Manifest manifest() {
    return manifest;
  }

  /** All files by path; the arrays are not to be changed. */
  public SortedMap<String, byte[]> files() {
    return files;
  }

  /**
   * The file of this path; not to be changed.
   *
   * @throws CorruptPackageException if the package does not have it; the message lists what it has
   */
  public byte[] file(String path) {
    return PackageFiles.required(files, path);
  }

  /** The golden rows, in order; may be empty. */
  public List<GoldenRow> goldenRows() {
    return goldenRows;
  }

  /**
   * The profile of the training data that a service is monitored against; parsed anew by each call.
   */
  public ProfileSeries referenceProfile() {
    return ProfileSeries.fromBytes(file(PROFILE));
  }

  /** The digest of the manifest, and so of the whole: it holds those of all other files. */
  public Digest digest() {
    return digest;
  }

  /** The same package with this run in its lineage. */
  public ModelPackage fromRun(String runId) {
    SortedMap<String, byte[]> others = new TreeMap<>(files);
    others.remove(Manifest.PATH);
    return pack(manifest.withRunId(runId), others, goldenRows);
  }

  @Override
  public String toString() {
    return "model package " + digest.shortHex() + " of format " + manifest.format();
  }

  private static ModelPackage pack(
      Manifest manifest, SortedMap<String, byte[]> others, List<GoldenRow> goldenRows) {
    Map<String, FileEntry> entries = new HashMap<>();
    others.forEach(
        (path, bytes) -> entries.put(path, new FileEntry(bytes.length, Digest.of(bytes))));
    others.put(Manifest.PATH, ManifestJson.write(manifest, entries));
    return new ModelPackage(manifest, others, goldenRows);
  }
}
