package dev.mlops4j.serving;

import dev.mlops4j.model.Model;
import dev.mlops4j.model.ModelPackage;
import org.jspecify.annotations.Nullable;

/**
 * One package or model outside a registry, for as long as the predictor lives.
 *
 * @param modelPackage the package, or null if there is a loaded model
 * @param loaded the loaded model, or null if there is a package
 */
record FixedModel(String model, @Nullable ModelPackage modelPackage, @Nullable Model loaded)
    implements ModelSource {

  private static final int UNREGISTERED = 0;

  @Override
  public boolean changes() {
    return false;
  }

  @Override
  public Integer current() {
    return UNREGISTERED;
  }

  @Override
  public <T> ServedVersion<T> load(int version, VersionLoader<T> loader) {
    if (modelPackage != null) {
      return loader.load(model, version, modelPackage);
    }
    if (loaded != null) {
      return loader.load(model, loaded);
    }
    throw new IllegalStateException("neither a package nor a model");
  }

  @Override
  public void serving(@Nullable Integer version) {}

  @Override
  public RuntimeException empty(@Nullable String problem) {
    return new IllegalStateException("a fixed model always serves");
  }

  @Override
  public void close() {}
}
