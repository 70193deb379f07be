package dev.mlops4j.tracking;

import dev.mlops4j.Digest;
import dev.mlops4j.evaluation.Evaluation;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.RunFacts;
import dev.mlops4j.model.StoredPackage;
import dev.mlops4j.model.TrainingData;
import dev.mlops4j.model.TrainingListener;
import dev.mlops4j.workspace.Artifacts;
import dev.mlops4j.workspace.UnreadableFileException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A run that goes on: takes params, metrics, tags, datasets and artifacts until it ends. It is a
 * {@link TrainingListener}, so that a training logs itself.
 *
 * <pre>{@code
 * try (Run run = tracking.start("flight-delay")) {
 *   run.param("depth", 6);
 *   run.metric("auc", 0.737);
 * }
 * }</pre>
 *
 * <p><b>How it ends.</b> {@link #close()} ends it FINISHED, for a closing run cannot know that an
 * exception is on its way: call {@link #fail} in a catch block, or use {@link Tracking#run(String,
 * RunBody)}, which ends the run FAILED with the stack trace. If the process dies first, the run is
 * seen to be ABANDONED; see {@link Tracking}. Whatever is asked of a run that has ended throws
 * {@link RunEndedException}, and the run stays as it was.
 *
 * <p><b>Durability.</b> Metrics are buffered, at most {@link #BUFFERED_POINTS} of them: when the
 * buffer is full the call writes it, so none is dropped. They are durable after {@link #flush()},
 * {@link #fail} or {@link #close()}, and otherwise within {@link #FLUSH_INTERVAL}, which is what a
 * crash can lose. Everything else is durable when its call returns, and either happens wholly or
 * throws.
 *
 * <p>Keys and names have 1 to 255 characters, values up to 65,536, else {@link
 * InvalidNameException}. Safe for any number of threads.
 */
public final class Run implements TrainingListener, AutoCloseable {

  /** How many points are held until they are written. */
  public static final int BUFFERED_POINTS = 8_192;

  /** How long a point is held until it is written. */
  public static final Duration FLUSH_INTERVAL = Duration.ofSeconds(1);

  private static final String MODEL_PATH = "model";

  private final RunStart start;
  private final TrackingStore store;
  private final Artifacts artifacts;
  private final InstantSource clock;
  private final Consumer<Run> onEnd;

  /** Guards the two below, and holds back who logs while the buffer is written. */
  private final ReentrantLock lock = new ReentrantLock();

  private final List<MetricPoint> buffer = new ArrayList<>();
  private @Nullable RunStatus ended;

  Run(
      RunStart start,
      TrackingStore store,
      Artifacts artifacts,
      InstantSource clock,
      Consumer<Run> onEnd) {
    this.start = start;
    this.store = store;
    this.artifacts = artifacts;
    this.clock = clock;
    this.onEnd = onEnd;
  }

  /** The run's id, by which {@link Tracking#run(String)} finds it. */
  public String id() {
    return start.id();
  }

  /** The experiment it belongs to. */
  public String experiment() {
    return start.experiment();
  }

  /** What people call it. */
  public String name() {
    return start.name();
  }

  /**
   * Logs a param. The same value again is fine.
   *
   * @throws ParamConflictException if the param has another value
   */
  public void param(String key, String value) {
    params(Map.of(key, value));
  }

  /**
   * Logs a number as a param, written as its {@code toString()}; see {@link #param(String,
   * String)}.
   */
  public void param(String key, Number value) {
    param(key, value.toString());
  }

  /** Logs a truth value as a param; see {@link #param(String, String)}. */
  public void param(String key, boolean value) {
    param(key, Boolean.toString(value));
  }

  /**
   * Logs params, all or none. Values that are there already are fine.
   *
   * @throws ParamConflictException if one of them has another value; then none is added
   */
  @Override
  public void params(Map<String, String> params) {
    requireOpen("params " + params.keySet());
    Names.checkEntries("param", params);
    store.addParams(id(), params);
  }

  /** Logs a metric at step 0; see {@link #metric(String, long, double)}. */
  public void metric(String key, double value) {
    metric(key, 0, value);
  }

  /**
   * Logs a point of a metric at the present time.
   *
   * @param step the round, epoch or the like; points may come in any order
   * @param value any double, NaN and infinities included
   * @throws dev.mlops4j.MlopsException if the buffer was full and could not be written; the points
   *     in it are kept and written later, this one is not logged
   */
  @Override
  public void metric(String key, long step, double value) {
    Names.checkName("metric", key);
    lock.lock();
    try {
      requireOpen("metric \"" + key + "\"");
      if (buffer.size() >= BUFFERED_POINTS) {
        writeBuffer();
      }
      buffer.add(new MetricPoint(key, step, clock.instant(), value));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Stores how much the inputs mattered as the artifact {@code importance/<measure>.json}, the
   * greatest first.
   *
   * @param measure what the numbers are, such as {@code gain}
   */
  @Override
  public void importance(String measure, Map<String, Double> byInput) {
    artifact("importance/" + measure + ".json", ImportanceJson.write(measure, byInput));
  }

  /** Sets a tag; a value that is there is replaced. */
  public void tag(String key, String value) {
    requireOpen("tag \"" + key + "\"");
    Map<String, String> tags = Map.of(key, value);
    Names.checkEntries("tag", tags);
    store.setTags(id(), tags);
  }

  /**
   * Logs the datasets behind a training set, in their roles. Logging them again changes nothing.
   */
  public void log(TrainingData data) {
    addDatasets(data.datasets());
  }

  /**
   * Logs the datasets behind a set, in this role instead of their own.
   *
   * @param role what it is used for, such as {@code test}
   */
  public void log(TrainingData data, String role) {
    addDatasets(
        data.datasets().stream()
            .map(d -> new DatasetReference(d.name(), role, d.digest(), d.rows()))
            .toList());
  }

  /** Logs a dataset. Logging it again changes nothing. */
  public void log(DatasetReference dataset) {
    addDatasets(List.of(dataset));
  }

  /** Logs the metrics of an evaluation under their own names, at step 0. */
  public void log(Evaluation evaluation) {
    evaluation.metrics().forEach(this::metric);
  }

  /**
   * Logs the metrics of an evaluation at step 0 as {@code prefix_name}, such as {@code test_auc}.
   */
  public void log(Evaluation evaluation, String prefix) {
    evaluation.metrics().forEach((name, value) -> metric(prefix + "_" + name, value));
  }

  /**
   * Stores a model package, with this run in its lineage, as the artifact {@code model}; see {@link
   * #log(ModelPackage, String)}.
   */
  public StoredPackage log(ModelPackage modelPackage) {
    return log(modelPackage, MODEL_PATH);
  }

  /**
   * Stores a model package, with this run in its lineage, at a path of its own. The same package
   * logged again to the same run has the same digest. Writes the buffered metrics.
   *
   * @return what a registry registers, with the params, the latest metrics and the datasets that
   *     the run has by now: log these first
   */
  public StoredPackage log(ModelPackage modelPackage, String path) {
    requireOpen("model \"" + path + "\"");
    Names.checkPath(path);
    ModelPackage own = modelPackage.fromRun(id());
    Digest digest = artifacts.putTree(own.files());
    long bytes = own.files().values().stream().mapToLong(file -> file.length).sum();
    put(new RunArtifact(path, RunArtifact.Kind.MODEL, digest, bytes));
    flush();
    return new StoredPackage(digest, own.manifest(), facts());
  }

  /**
   * Stores an artifact. One that is there at this path is replaced.
   *
   * @param path its name within the run, such as {@code plots/roc.html}: relative, its parts
   *     separated by {@code /}
   * @throws dev.mlops4j.workspace.InvalidArtifactPathException if the path could lead out of the
   *     run
   */
  public RunArtifact artifact(String path, byte[] content) {
    requireOpen("artifact \"" + path + "\"");
    Names.checkPath(path);
    Digest digest = artifacts.put(content);
    return put(new RunArtifact(path, RunArtifact.Kind.FILE, digest, content.length));
  }

  /** Stores a text in UTF-8; see {@link #artifact(String, byte[])}. */
  public RunArtifact artifact(String path, String text) {
    return artifact(path, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Stores a copy of a file, read piece by piece; see {@link #artifact(String, byte[])}.
   *
   * @throws UnreadableFileException if the file cannot be read
   */
  public RunArtifact artifact(String path, Path file) {
    requireOpen("artifact \"" + path + "\"");
    Names.checkPath(path);
    Digest digest = artifacts.put(file);
    return put(new RunArtifact(path, RunArtifact.Kind.FILE, digest, size(file)));
  }

  /**
   * Writes the buffered points; when it returns, all that was logged before is durable.
   *
   * @throws dev.mlops4j.MlopsException if they cannot be written; they are kept
   */
  public void flush() {
    lock.lock();
    try {
      writeBuffer();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the run FAILED with this stack trace; of a run that has ended it changes nothing. */
  public void fail(Throwable cause) {
    StringWriter trace = new StringWriter();
    cause.printStackTrace(new PrintWriter(trace));
    end(RunStatus.FAILED, trace.toString());
  }

  /**
   * Ends the run FINISHED, also when an exception is what closes it; of a run that has ended, by
   * {@link #fail} for one, it changes nothing.
   *
   * @throws dev.mlops4j.MlopsException if the store cannot be written; then the run goes on and may
   *     be closed again
   */
  @Override
  public void close() {
    end(RunStatus.FINISHED, null);
  }

  @Override
  public String toString() {
    return "run " + id() + " \"" + name() + "\" of experiment \"" + experiment() + "\"";
  }

  void end(RunStatus status, @Nullable String failure) {
    lock.lock();
    try {
      if (ended == null) {
        writeBuffer();
        store.end(id(), status, clock.instant(), failure);
        ended = status;
        onEnd.accept(this);
      }
    } finally {
      lock.unlock();
    }
  }

  private RunFacts facts() {
    return store.find(id()).map(RunRecord::facts).orElse(RunFacts.NONE);
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UnreadableFileException(file, e);
    }
  }

  private void addDatasets(List<DatasetReference> datasets) {
    requireOpen("datasets");
    for (DatasetReference dataset : datasets) {
      Names.checkName("dataset", dataset.name());
      Names.checkName("role", dataset.role());
    }
    store.addDatasets(id(), datasets);
  }

  private RunArtifact put(RunArtifact artifact) {
    store.putArtifact(id(), artifact);
    return artifact;
  }

  private void requireOpen(String asked) {
    lock.lock();
    try {
      if (ended != null) {
        throw new RunEndedException(id(), ended, asked);
      }
    } finally {
      lock.unlock();
    }
  }

  private void writeBuffer() {
    if (!buffer.isEmpty()) {
      store.addMetrics(id(), List.copyOf(buffer));
      buffer.clear();
    }
  }
}
