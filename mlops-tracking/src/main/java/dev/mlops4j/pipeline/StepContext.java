package dev.mlops4j.pipeline;

import dev.mlops4j.tracking.Run;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * What a step has while it runs, beside its inputs. Safe for any number of threads, until the step
 * returns.
 */
public final class StepContext {

  private final String name;
  private final int attempt;
  private final long seed;
  private final Run pipelineRun;
  private final Supplier<Run> run;
  private final StepLog log;
  private final Path scratch;
  private @Nullable Path directory;

  StepContext(
      String name,
      int attempt,
      long seed,
      Run pipelineRun,
      Supplier<Run> run,
      StepLog log,
      Path scratch) {
    this.name = name;
    this.attempt = attempt;
    this.seed = seed;
    this.pipelineRun = pipelineRun;
    this.run = run;
    this.log = log;
    this.scratch = scratch;
  }

  /** The step's name, with that of the element in brackets if it is one of a step for each. */
  public String name() {
    return name;
  }

  /** Which try this is, the first being 1. */
  public int attempt() {
    return attempt;
  }

  /**
   * A number to begin randomness with: the same whenever the step is run with the same version,
   * parameters and inputs, so that a run that is resumed ends as one that was not.
   */
  public long seed() {
    return seed;
  }

  /** The child run of this step, which takes what a run takes and is ended by the pipeline. */
  public Run run() {
    return run.get();
  }

  /**
   * The run of the whole pipeline. What a step registers should be logged here: a step that is done
   * again after a crash then logs the same package to the same run, and it is the same version.
   */
  public Run pipelineRun() {
    return pipelineRun;
  }

  /** Logs a metric of the step's run at step 0. */
  public void metric(String key, double value) {
    run().metric(key, value);
  }

  /** Logs a metric of the step's run, such as one of each epoch. */
  public void metric(String key, long step, double value) {
    run().metric(key, step, value);
  }

  /**
   * A log of the step: what it is given goes to the program's logging as {@code
   * dev.mlops4j.pipeline.step}, and into the artifact {@code pipeline/log.txt} of the step's run.
   * What the step's thread logs elsewhere has {@code pipeline}, {@code pipeline.run} and {@code
   * pipeline.step} in its MDC, and is in the artifact too where there is a {@link LogSource} for
   * the program's logging.
   */
  public Logger log() {
    return log;
  }

  /** Keeps lines in the step's log without passing them on. */
  void keep(String lines) {
    log.keep(lines);
  }

  /** A directory for the step's files, empty at first, deleted when the run has ended. */
  public synchronized Path directory() {
    Path known = directory;
    if (known == null) {
      known = ScratchFiles.file(scratch, "work");
      ScratchFiles.directory(known);
      directory = known;
    }
    return known;
  }
}
