package dev.mlops4j.feature;

import dev.mlops4j.Digest;
import dev.mlops4j.data.Csv;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetWriter;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.Schema;
import dev.mlops4j.data.SchemaException;
import dev.mlops4j.model.Signature;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A training set as files, for who trains elsewhere, as with Python: a directory with the rows in
 * one file and a {@value #MANIFEST} that says what they are. Immutable, safe for any number of
 * threads.
 *
 * <pre>{@code
 * TrainingExport.of(training, FEATURES).write(Path.of("export"), TrainingExport.CSV);
 * TrainingExport.of(features, FEATURES, flights, LATE, asOf) // more rows than memory holds
 *     .write(Path.of("large"), Parquet.TRAINING);
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
 * {@link Dataset}. Both digests of datasets are null where the rows were computed while they were
 * written. The manifest is written last, so what has one is whole.
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
        public DatasetWriter open(Schema schema, Path file) {
          return Csv.writer(schema, file);
        }
      };

  private static final int BATCH_ROWS = 100_000;
  private static final int BUFFER = 1 << 16;

  private final FeatureSet<?> features;
  private final Content content;
  private final Set<String> disclosed;

  private TrainingExport(FeatureSet<?> features, Content content, Set<String> disclosed) {
    this.features = features;
    this.content = content;
    this.disclosed = Set.copyOf(disclosed);
  }

  /** How rows are written; for authors of formats. */
  public interface Format {

    /** The file's name, such as {@code data.csv}. */
    String fileName();

    /**
     * Starts the file of the rows, in place of what is there.
     *
     * @throws dev.mlops4j.MlopsException if it cannot be written
     */
    DatasetWriter open(Schema schema, Path file);
  }

  /** What is exported. */
  private interface Content {

    Schema schema();

    /** Shows the rows, batch after batch. */
    Facts show(Consumer<? super Dataset> batches);
  }

  /**
   * What is known of the rows when all were shown.
   *
   * @param digest of all columns, null if the rows were not held
   */
  record Facts(
      Signature signature,
      int withoutLabel,
      int notYetKnown,
      int notYetAsked,
      @Nullable Digest digest) {}

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
    return new TrainingExport(features, new Held(training), Set.of());
  }

  /**
   * An export of the training set that {@link FeatureStore#trainingSet(FeatureSet, Iterable,
   * Target, Instant)} would give, computed while it is written, so that neither records nor rows
   * need to fit in memory; without its sensitive columns. Each {@link #write} computes it anew.
   *
   * @throws FeatureDefinitionException if two columns would have the same name
   */
  public static <T, L> TrainingExport of(
      FeatureStore store,
      FeatureSet<T> features,
      Iterable<? extends T> records,
      Target<T, L> target,
      Instant asOf) {
    Schema schema = new TrainingColumns<>(features, target).schema();
    return new TrainingExport(
        features, new Computed<>(store, features, records, target, asOf, schema), Set.of());
  }

  /**
   * The same with these sensitive columns as well.
   *
   * @throws SchemaException if there is no such column
   */
  public TrainingExport withSensitive(String... columns) {
    Set<String> all = new HashSet<>(disclosed);
    for (String column : columns) {
      all.add(content.schema().field(column).name());
    }
    return new TrainingExport(features, content, all);
  }

  /**
   * Writes the files, making the directory if it is not there. An export that is there already is
   * replaced: first its manifest goes, then the rows are written, then the new manifest.
   *
   * @throws TrainingExportException if the directory or the manifest cannot be written
   * @throws dev.mlops4j.MlopsException if the rows cannot be computed or written
   */
  public void write(Path directory, Format format) {
    try {
      Files.createDirectories(directory);
      Files.deleteIfExists(directory.resolve(MANIFEST));
      byte[] manifest = writeRows(directory.resolve(format.fileName()), format);
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

  /** Writes the rows, and gives the manifest for them. */
  private byte[] writeRows(Path file, Format format) throws IOException {
    List<Field> kept = fields(false);
    String[] names = kept.stream().map(Field::name).toArray(String[]::new);
    Schema schema = Schema.of(kept);
    Written written = new Written();
    Facts facts;
    try (DatasetWriter writer = format.open(schema, file)) {
      facts =
          content.show(
              batch -> {
                Dataset rows = batch.columns(names);
                writer.write(rows);
                written.rows += rows.rowCount();
                written.last = rows;
              });
      writer.finish();
    }
    Dataset held = facts.digest() == null ? null : written.last;
    return TrainingManifestJson.write(
        features,
        facts,
        schema,
        fields(true).stream().map(Field::name).toList(),
        new TrainingManifestJson.DataFile(
            format.fileName(),
            Files.size(file),
            sha256(file),
            written.rows,
            held == null ? null : held.digest()));
  }

  private static final class Written {

    private long rows;
    private @Nullable Dataset last;
  }

  private List<Field> fields(boolean leftOut) {
    return content.schema().fields().stream()
        .filter(field -> leftOut == (field.sensitive() && !disclosed.contains(field.name())))
        .toList();
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

  /** A training set, in one batch. */
  private record Held(TrainingSet training) implements Content {

    @Override
    public Schema schema() {
      return training.dataset().schema();
    }

    @Override
    public Facts show(Consumer<? super Dataset> batches) {
      batches.accept(training.dataset());
      return new Facts(
          training.signature(),
          training.leftOutWithoutLabel(),
          training.leftOutNotYetKnown(),
          training.leftOutNotYetAsked(),
          training.digest());
    }
  }

  /** A training set that is computed when it is asked for. */
  private record Computed<T, L>(
      FeatureStore store,
      FeatureSet<T> features,
      Iterable<? extends T> records,
      Target<T, L> target,
      Instant asOf,
      Schema schema)
      implements Content {

    @Override
    public Facts show(Consumer<? super Dataset> batches) {
      TrainingColumns<T> columns = new TrainingColumns<>(features, target);
      TrainingRows done =
          store.trainingRows(
              features,
              records,
              target,
              asOf,
              BATCH_ROWS,
              batch -> {
                columns.add(batch);
                batches.accept(batch);
              });
      return new Facts(
          columns.signature(),
          done.leftOutWithoutLabel(),
          done.leftOutNotYetKnown(),
          done.leftOutNotYetAsked(),
          null);
    }
  }
}
