package dev.mlops4j.serving;

import dev.mlops4j.data.Dataset;
import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.feature.TrainingSet;
import dev.mlops4j.model.ModelDescription;
import dev.mlops4j.model.ModelLoaders;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Output;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes a package of a model that was trained elsewhere: of a bare file of XGBoost, LightGBM or
 * ONNX, or of a directory that MLflow's Python saved. Not safe for use by several threads.
 *
 * <pre>{@code
 * ModelPackage imported = ModelImport.of(Path.of("mlruns/.../artifacts/model"))
 *     .output(Output.binary("late"))
 *     .training(training)
 *     .read();
 * }</pre>
 *
 * <p>The signature comes from the file, where it says it: names and categories of the inputs, the
 * task. The rest is given. What is not known is never guessed: {@link #read} says all that is
 * missing in one message. A format is read by one of the {@link dev.mlops4j.model.ModelLoader}s: of
 * ONNX, by {@code mlops-onnx}.
 */
public final class ModelImport {

  private final Path path;
  private final Map<String, List<String>> categories = new HashMap<>();
  private final List<Map<String, @Nullable Object>> golden = new ArrayList<>();
  private List<String> names = List.of();
  private boolean allRounds;
  private @Nullable ModelLoaders loaders;
  private @Nullable Output output;
  private @Nullable FeatureSet<?> features;
  private @Nullable TrainingSet training;
  private @Nullable Dataset profile;

  private ModelImport(Path path) {
    this.path = path;
  }

  /** Imports this file, or this directory with an {@code MLmodel}. */
  public static ModelImport of(Path path) {
    return new ModelImport(Objects.requireNonNull(path, "path"));
  }

  /**
   * What the model predicts: its name, its task, the labels of its classes in the order of their
   * probabilities. Unless given, a target named {@code target} of the task that the file says, with
   * the labels {@code 0}, {@code 1}, ... of a multiclass model.
   */
  public ModelImport output(Output output) {
    this.output = Objects.requireNonNull(output, "output");
    return this;
  }

  /** The names of the inputs, in order, for a file without names. */
  public ModelImport inputs(List<String> names) {
    this.names = List.copyOf(names);
    return this;
  }

  /**
   * The categories of an input, in the order of their codes, for a file that does not say them. An
   * input that the file has as a number becomes a category by its code.
   */
  public ModelImport categories(String input, List<String> categories) {
    this.categories.put(input, List.copyOf(categories));
    return this;
  }

  /**
   * The features that will make the vectors. Their names and types are checked against the model's;
   * the package carries their fingerprint. A file without names takes those of the features, in
   * their order.
   */
  public ModelImport features(FeatureSet<?> features) {
    this.features = Objects.requireNonNull(features, "features");
    return this;
  }

  /**
   * Rows as the training had them, of the features that will make the vectors: the package gets
   * their fingerprint, golden rows with the requests, the reference profile and the lineage.
   */
  public ModelImport training(TrainingSet training) {
    this.training = Objects.requireNonNull(training, "training");
    return this;
  }

  /**
   * Sample inputs by name, as {@link Predictor#ofInputs} takes them: their predictions now are
   * those that every load must give again. Unless given, those of MLflow's input example.
   */
  public ModelImport golden(List<? extends Map<String, ? extends @Nullable Object>> rows) {
    rows.forEach(row -> golden.add(new HashMap<>(row)));
    return this;
  }

  /**
   * Rows of the inputs by name, for the reference profile that a service is monitored against;
   * other columns, such as the label's, are profiled too. Without them and without {@link
   * #training} the profile has no rows, and a monitor has nothing to compare with.
   */
  public ModelImport profile(Dataset dataset) {
    this.profile = Objects.requireNonNull(dataset, "dataset");
    return this;
  }

  /**
   * Predicts with all rounds of boosting of a model that stopped early, as XGBoost's {@code
   * Booster.predict} does and its {@code XGBClassifier} and the like do not.
   */
  public ModelImport allRounds() {
    this.allRounds = true;
    return this;
  }

  /** Reads the file with these loaders instead of those found on the class path. */
  public ModelImport loaders(ModelLoaders loaders) {
    this.loaders = Objects.requireNonNull(loaders, "loaders");
    return this;
  }

  /**
   * Reads the model, and makes the package. It has been loaded once, as a service will load it, and
   * gave the predictions of its golden rows.
   *
   * @throws ModelImportException if the path holds no model that can be read, or more has to be
   *     said, or what was said does not fit the model; all of it in one message
   * @throws dev.mlops4j.model.ModelLoadException if the model is of a known format, and damaged or
   *     refused by name
   */
  public ModelPackage read() {
    ModelFile file = ModelFile.of(path);
    ModelLoaders with = loaders == null ? ModelLoaders.discovered() : loaders;
    ModelDescription description =
        with.describe(file.bytes())
            .orElseThrow(
                () ->
                    new ModelImportException(
                        path
                            + " is no model that can be read here; there are loaders for "
                            + with.formats().stream().sorted().toList()
                            + ", and mlops-onnx reads ONNX"));
    Signature signature =
        new ImportedSignature(description, file, names, categories, output, features, training)
            .signature(allRounds);
    try (ImportedModel bare = ImportedModel.of(description, file.bytes(), signature, with)) {
      ImportedData data =
          ImportedData.of(
              signature, features, training, golden.isEmpty() ? file.examples() : golden, profile);
      ModelPackage imported = bare.packaged(data);
      with.load(imported).close();
      return imported;
    }
  }
}
