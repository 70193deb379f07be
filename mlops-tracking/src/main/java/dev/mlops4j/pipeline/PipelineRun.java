package dev.mlops4j.pipeline;

import dev.mlops4j.MlopsException;
import dev.mlops4j.storage.StorageException;
import dev.mlops4j.tracking.RunStatus;
import dev.mlops4j.workspace.Artifacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A run of a pipeline that has ended. Immutable, safe for any number of threads.
 *
 * <p>Outputs are read from the workspace, which must be open for that.
 */
public final class PipelineRun {

  private final Pipeline pipeline;
  private final PipelineReport report;
  private final Map<String, Throwable> failures;
  private final Function<Step<?>, @Nullable StoredOutput> stored;
  private final Artifacts artifacts;

  PipelineRun(
      Pipeline pipeline,
      PipelineReport report,
      Map<String, Throwable> failures,
      Function<Step<?>, @Nullable StoredOutput> stored,
      Artifacts artifacts) {
    this.pipeline = pipeline;
    this.report = report;
    this.failures = Collections.unmodifiableMap(new LinkedHashMap<>(failures));
    this.stored = stored;
    this.artifacts = artifacts;
  }

  /** The id of the run, among the runs of the experiment that has the pipeline's name. */
  public String id() {
    return report.runId();
  }

  /**
   * FINISHED if no step failed, though some may have been skipped; FAILED if one did; KILLED if the
   * run was cancelled.
   */
  public RunStatus status() {
    return report.status();
  }

  /** How each step went. */
  public List<StepResult> steps() {
    return report.steps();
  }

  /**
   * How a step went.
   *
   * @throws NoSuchStepException if the run has no such step
   */
  public StepResult step(String name) {
    return report.steps().stream()
        .filter(step -> step.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new NoSuchStepException(
                    pipeline.name(), name, steps().stream().map(StepResult::name).toList()));
  }

  /** How a step went; see {@link #step(String)}. */
  public StepResult step(Step<?> step) {
    return step(step.name());
  }

  /** All of it, to be shown. */
  public PipelineReport report() {
    return report;
  }

  /** Why steps failed, by the name of the step, in the order of the steps. */
  public Map<String, Throwable> failures() {
    return failures;
  }

  /**
   * The output of a step, read from the workspace and verified. A file or directory is written to a
   * new directory for temporary files, which is the caller's to delete.
   *
   * @throws NoSuchStepException if the run has no such step
   * @throws NoOutputException if the step has no output; the message says why
   * @throws BrokenOutputException if it was altered since
   */
  public <T> T output(Step<T> step) {
    StepResult result = step(step);
    StoredOutput output = stored.apply(step);
    if (output == null) {
      throw new NoOutputException(id(), result);
    }
    Path scratch = ScratchFiles.temporary("mlops4j-output");
    try {
      return step.output().readChecked(output, artifacts, scratch);
    } catch (BrokenOutputException e) {
      ScratchFiles.deleteAll(scratch);
      throw e;
    } finally {
      // Of an output that has no files nothing is left, so that the directory is empty.
      boolean unused = scratch.toFile().delete();
    }
  }

  /**
   * This, if the run is FINISHED.
   *
   * @throws PipelineFailedException if not, with all failures
   */
  public PipelineRun orThrow() {
    if (status() != RunStatus.FINISHED) {
      throw failure();
    }
    return this;
  }

  /** The steps and how they went, for terminals and logs. */
  public String toText() {
    return report.toText();
  }

  /** The graph in the language of Mermaid, with how the steps went. */
  public String toMermaid() {
    return report.toMermaid();
  }

  /**
   * Writes a page with the status and time of each step, and what it depends on.
   *
   * @throws MlopsException if the file cannot be written
   */
  public void writeHtml(Path file) {
    try {
      Files.writeString(file, report.toHtml());
    } catch (IOException e) {
      throw new StorageException("cannot write " + file + ": " + e, e);
    }
  }

  PipelineFailedException failure() {
    String why = status() == RunStatus.KILLED ? "was cancelled" : "failed in " + failures.keySet();
    return new PipelineFailedException(pipeline.name(), id(), why, failures);
  }

  @Override
  public String toString() {
    return "run " + id() + " of pipeline \"" + pipeline.name() + "\": " + status();
  }
}
