package dev.mlops4j.serving;

import dev.mlops4j.model.ModelPackage;
import org.jspecify.annotations.Nullable;

/** One package outside a registry, for as long as the predictor lives. */
record FixedPackage(String model, ModelPackage modelPackage) implements ModelSource {

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
  public ModelPackage load(int version) {
    return modelPackage;
  }

  @Override
  public void serving(@Nullable Integer version) {}

  @Override
  public RuntimeException empty(@Nullable String problem) {
    return new IllegalStateException("a fixed package always serves");
  }

  @Override
  public void close() {}
}
