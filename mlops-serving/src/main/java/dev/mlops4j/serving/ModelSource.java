package dev.mlops4j.serving;

import org.jspecify.annotations.Nullable;

/** Where a predictor gets its versions from. Asked by one thread at a time. */
interface ModelSource {

  /** The model's name, for predictions and messages. */
  String model();

  /** Whether another version may come. */
  boolean changes();

  /** The number of the version that should serve now, or null if none should. */
  @Nullable Integer current();

  /** That version, ready to serve. */
  <T> ServedVersion<T> load(int version, VersionLoader<T> loader);

  /** Hears after every look which version serves, or that none does. */
  void serving(@Nullable Integer version);

  /**
   * The version that served last, to go on with while the registry cannot be asked; null if none is
   * known.
   */
  default <T> @Nullable ServedVersion<T> lastKnown(VersionLoader<T> loader) {
    return null;
  }

  /** Whether {@link #lastKnown} may know one. */
  default boolean remembers() {
    return false;
  }

  /**
   * What to say when a prediction is asked and no version serves.
   *
   * @param problem why the version that should serve does not, or null if none should
   */
  RuntimeException empty(@Nullable String problem);

  /** Nobody asks any more. */
  void close();
}
