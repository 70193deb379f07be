package dev.mlops4j.model;

import java.util.SortedMap;

/** A model that can be written down: what training gives. */
public interface PortableModel extends Model {

  /** The name of the format of {@link #files()}, such as {@code xgboost-ubj}. */
  String format();

  /**
   * The model's own files by path within a package, such as {@code model.ubj}. The same model gives
   * the same bytes.
   */
  SortedMap<String, byte[]> files();

  /** This model with all that {@code training} says of it, ready to be logged and registered. */
  default ModelPackage packaged(TrainingData training) {
    return ModelPackage.of(this, training);
  }
}
