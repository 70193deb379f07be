package dev.mlops4j.pipeline;

import dev.mlops4j.workspace.Artifacts;
import java.nio.file.Path;

/**
 * How the output of a step is kept in the workspace; made by {@link Outputs}. Immutable, safe for
 * any number of threads.
 *
 * @param <T> the type of the output
 */
public abstract sealed class Output<T>
    permits JsonOutput, DatasetOutput, ModelOutput, FileOutput, ProcessFilesOutput, ListOutput {

  Output() {}

  /** Its name and type; part of the cache key, so that another type is not read from the old. */
  abstract String form();

  /**
   * Keeps a value.
   *
   * @param step whose it is, for messages
   * @param scratch a directory for temporary files, not made yet
   * @throws UnstorableOutputException if it cannot be kept
   */
  abstract StoredOutput store(String step, T value, Artifacts artifacts, Path scratch);

  /**
   * Reads a value that was kept, every byte verified.
   *
   * @param scratch a directory for the files of the value, not made yet
   * @throws dev.mlops4j.MlopsException if it is not there or was altered
   */
  abstract T read(StoredOutput stored, Artifacts artifacts, Path scratch);

  /** Whether all of a value is in the text, so that it can be read anew for each who takes it. */
  boolean isText() {
    return false;
  }

  /**
   * Reads a value of this form.
   *
   * @throws BrokenOutputException if it cannot be used, whatever the reason
   */
  T readChecked(StoredOutput stored, Artifacts artifacts, Path scratch) {
    try {
      if (!stored.form().equals(form())) {
        throw new BrokenOutputException(
            "it is of the form " + stored.form() + ", not " + form(), null);
      }
      return read(stored, artifacts, scratch);
    } catch (RuntimeException e) {
      throw BrokenOutputException.of(e);
    }
  }
}
