package dev.mlops4j.serving;

import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.Schema;
import dev.mlops4j.model.Model;
import dev.mlops4j.model.ModelDescription;
import dev.mlops4j.model.ModelLoaders;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.PortableModel;
import dev.mlops4j.model.Signature;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The file of an imported model, with the model that a loader made of it. */
final class ImportedModel implements PortableModel {

  private final String format;
  private final SortedMap<String, byte[]> files;
  private final Model loaded;

  private ImportedModel(String format, SortedMap<String, byte[]> files, Model loaded) {
    this.format = format;
    this.files = files;
    this.loaded = loaded;
  }

  /**
   * Loads the model, by way of a package that has nothing but it.
   *
   * @throws dev.mlops4j.model.ModelLoadException if it is not of this signature
   */
  static ImportedModel of(
      ModelDescription description, byte[] bytes, Signature signature, ModelLoaders loaders) {
    SortedMap<String, byte[]> files = new TreeMap<>();
    files.put(description.path(), bytes);
    Model unloaded = Model.of(signature, (vector, output) -> {});
    ImportedModel bare = new ImportedModel(description.format(), files, unloaded);
    ImportedData nothing =
        ImportedData.of(
            signature, null, null, List.of(), Dataset.builder(Schema.of(List.of())).build());
    ModelPackage probe = bare.packaged(nothing);
    return new ImportedModel(description.format(), files, loaders.load(probe));
  }

  @Override
  public Signature signature() {
    return loaded.signature();
  }

  @Override
  public String format() {
    return format;
  }

  @Override
  public SortedMap<String, byte[]> files() {
    return new TreeMap<>(files);
  }

  @Override
  public void predict(double[] vector, double[] output) {
    loaded.predict(vector, output);
  }

  @Override
  public double[] predictAll(double[] vectors, int rows) {
    return loaded.predictAll(vectors, rows);
  }

  @Override
  public void close() {
    loaded.close();
  }
}
