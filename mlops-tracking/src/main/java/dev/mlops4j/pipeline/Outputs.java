package dev.mlops4j.pipeline;

import dev.mlops4j.data.Dataset;
import dev.mlops4j.model.ModelPackage;
import java.nio.file.Path;
import java.util.List;

/**
 * The forms in which outputs of steps are kept. What is read again is the same as what was kept, or
 * the step fails with an {@link UnstorableOutputException}.
 */
public final class Outputs {

  private Outputs() {}

  /**
   * A record, number, text or whatever is the same after it was written as JSON and read as this
   * class. Times are in the form of ISO 8601.
   */
  public static <T> Output<T> json(Class<T> type) {
    return new JsonOutput<>("json " + type.getTypeName(), StepJson.type(type));
  }

  /** A list of what {@link #json} takes. */
  public static <T> Output<List<T>> jsonList(Class<T> type) {
    return new JsonOutput<>("json list of " + type.getTypeName(), StepJson.listOf(type));
  }

  /** A dataset with at least one column, as CSV with its schema; sensitive columns as well. */
  public static Output<Dataset> dataset() {
    return new DatasetOutput();
  }

  /** A model package. */
  public static Output<ModelPackage> modelPackage() {
    return new ModelOutput();
  }

  /**
   * A file. It is copied; dependants may be given another path than the step gave, whose file has
   * the same name and bytes and must not be changed.
   */
  public static Output<Path> file() {
    return new FileOutput(false);
  }

  /** A directory with all files below it, else as {@link #file}; empty directories are not kept. */
  public static Output<Path> directory() {
    return new FileOutput(true);
  }
}
