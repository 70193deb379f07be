package dev.mlops4j.feature;

import dev.mlops4j.Digest;
import dev.mlops4j.data.Csv;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.SchemaException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A training set as files, for who trains elsewhere, as with Python: a directory with the rows in
 * one file and a {@value #MANIFEST} that says what they are. Immutable, safe for any number of
 * threads.
 *
 * <pre>{@code
 * TrainingExport.of(training, features).write(Path.of("export"), TrainingExport.CSV);
 * }</pre>
 *
 * <p><b>Rows.</b> The columns of {@link TrainingSet#dataset()} in their order; sensitive ones are
 * left out unless asked for with {@link #withSensitive}. A category is its text: its code for the
 * model is its position in the manifest's list.
 *
 * <p><b>Manifest.</b> JSON: {@code formatVersion}, {@value #FORMAT_VERSION}; the {@code
 * featureSet}'s name, its {@code featureFingerprint}, the {@code views} with theirs; the {@code
 * signature} of the training set with all categories; the {@code label}'s column, and {@code
 * askedAt}'s or null; the {@code columns} of the file with types; {@code leftOutColumns}; {@code
 * leftOutRecords}, counted by reason; {@code trainingSetDigest}, by which lineage knows the whole;
 * and {@code data}: the file's name, its bytes and SHA-256, its rows and the digest of them as a
 * {@link Dataset}. It is written last, so what has a manifest is whole.
 */
public final class TrainingExport {

  /** The name of the manifest in the directory. */
  public static final String MANIFEST = "manifest.json";

  /** The version of the manifest's form that this library writes. */
  public static final int FORMAT_VERSION = 1;

  /** Rows as {@code data.csv}; see {@link Csv#write}. */
  public static final Format CSV =
      new Format() {
        @Override
        public String fileName() {
          return "data.csv";
        }

        @Override
        public void write(Dataset rows, Path file) {
          Csv.write(rows, file);
        }
      };

  private static final int BUFFER = 1 << 16;

  private final TrainingSet training;
  private final FeatureSet<?> features;
  private final Set<String> disclosed;

  private TrainingExport(TrainingSet training, FeatureSet<?> features, Set<String> disclosed) {
    this.training = training;
    this.features = features;
    this.disclosed = Set.copyOf(disclosed);
  }

  /** How rows are written; for authors of formats. */
  public interface Format {

    /** The file's name, such as {@code data.csv}. */
    String fileName();

    /**
     * Writes the rows, in place of what is there.
     *
     * @throws dev.mlops4j.MlopsException if they cannot be written
     */
    void write(Dataset rows, Path file);
  }

  /**
   * An export of a training set, without its sensitive columns.
   *
   * @param features the feature set that made it
   * @throws IllegalArgumentException if another one did
   */
  public static TrainingExport of(TrainingSet training, FeatureSet<?> features) {
    if (!features.fingerprint().equals(training.featureFingerprint())) {
      throw new IllegalArgumentException(
          "the training set is of feature set \""
              + training.featureSet()
              + "\" "
              + training.featureFingerprint().shortHex()
              + ", found \""
              + features.name()
              + "\" "
              + features.fingerprint().shortHex()
              + "; use the feature set that made it");
    }
    return new TrainingExport(training, features, Set.of());
  }

  /**
   * The same with these sensitive columns as well.
   *
   * @throws SchemaException if there is no such column
   */
  public TrainingExport withSensitive(String... columns) {
    Set<String> all = new HashSet<>(disclosed);
    for (String column : columns) {
      all.add(training.dataset().schema().field(column).name());
    }
    return new TrainingExport(training, features, all);
  }

  /**
   * Writes the files, making the directory if it is not there. An export that is there already is
   * replaced: first its manifest goes, then the rows are written, then the new manifest.
   *
   * @throws TrainingExportException if the directory or the manifest cannot be written
   * @throws dev.mlops4j.MlopsException if the rows cannot be written
   */
  public void write(Path directory, Format format) {
    Dataset rows = rows();
    Path file = directory.resolve(format.fileName());
    try {
      Files.createDirectories(directory);
      Files.deleteIfExists(directory.resolve(MANIFEST));
      format.write(rows, file);
      byte[] manifest =
          TrainingManifestJson.write(
              training,
              features,
              rows,
              leftOut(),
              new TrainingManifestJson.DataFile(format.fileName(), Files.size(file), sha256(file)));
      Path temporary = Files.createTempFile(directory, ".manifest", ".tmp");
      try {
        Files.write(temporary, manifest);
        Files.move(
            temporary,
            directory.resolve(MANIFEST),
            StandardCopyOption.ATOMIC_MOVE,
            StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw new TrainingExportException(directory, "the training set cannot be exported: " + e, e);
    }
  }

  private Dataset rows() {
    return training
        .dataset()
        .columns(
            training.dataset().schema().fields().stream()
                .filter(field -> !isLeftOut(field))
                .map(Field::name)
                .toArray(String[]::new));
  }

  private List<String> leftOut() {
    return training.dataset().schema().fields().stream()
        .filter(this::isLeftOut)
        .map(Field::name)
        .toList();
  }

  private boolean isLeftOut(Field field) {
    return field.sensitive() && !disclosed.contains(field.name());
  }

  private static Digest sha256(Path file) throws IOException {
    MessageDigest sha256 = Digest.sha256();
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        sha256.update(buffer, 0, count);
      }
    }
    return Digest.of(sha256);
  }
}
