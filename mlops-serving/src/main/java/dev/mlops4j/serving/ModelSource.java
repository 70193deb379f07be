package dev.mlops4j.serving;

import dev.mlops4j.model.ModelPackage;
import org.jspecify.annotations.Nullable;

/** Where a predictor gets its versions from. */
interface ModelSource extends AutoCloseable {

  /** The model's name, for predictions and messages. */
  String model();

  /** The number of the version that should serve now, or null if none should. */
  @Nullable Integer current();

  /** The package of that version, verified. */
  ModelPackage load(int version);

  /** Hears that this version, or none, serves from now on. */
  void serving(@Nullable Integer version);

  /** What to say when a prediction is asked and no version serves. */
  RuntimeException empty();

  @Override
  void close();
}
