package dev.mlops4j.tracking;

import dev.mlops4j.Digest;
import dev.mlops4j.MlopsException;
import dev.mlops4j.data.Timestamps;
import dev.mlops4j.evaluation.Evaluation;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.RunFacts;
import dev.mlops4j.model.StoredPackage;
import dev.mlops4j.model.TrainingData;
import dev.mlops4j.model.TrainingListener;
import dev.mlops4j.workspace.Artifacts;
import dev.mlops4j.workspace.UnreadableFileException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A run that goes on: takes params, metrics, tags, datasets and artifacts until it ends. It is a
 * {@link TrainingListener}, so that a training logs itself.
 *
 * <pre>{@code
 * tracking.run("flight-delay", run -> {
 *   run.param("depth", 6);
 *   run.metric("auc", 0.737);
 * });
 * }</pre>
 *
 * <p><b>How it ends.</b> {@link #close()} ends it FINISHED, for a closing run cannot know that an
 * exception is on its way: use {@link Tracking#run(String, RunBody)} or {@link Tracking#call},
 * which end the run FAILED with the stack trace, or call {@link #fail} in a catch block. {@link
 * #kill} ends it KILLED, called by whoever stops it: a listener, another thread. If the process
 * dies first, the run is seen to be ABANDONED; see {@link Tracking}. Whatever is asked of a run
 * that has ended throws {@link RunEndedException}, and the run stays as it was.
 *
 * <p><b>Several processes.</b> Each has a {@code Run} of its own, by {@link Tracking#resume}. One
 * leads: the one that started the run or that resumed it last when it had ended. Only that one ends
 * it, so it waits for the others before. Those that joined write as it does, and their {@code
 * close}, {@code fail} and {@code kill} write the buffered metrics and leave the run as it is.
 *
 * <p><b>Durability.</b> Metrics are buffered, at most {@link #BUFFERED_POINTS} of them: when the
 * buffer is full the call writes it, so none is dropped. They are durable after {@link #flush()},
 * {@link #fail} or {@link #close()}, and otherwise within {@link #FLUSH_INTERVAL}, which is what a
 * crash can lose. Everything else is durable when its call returns, and either happens wholly or
 * throws.
 *
 * <p>Keys and names have 1 to 255 characters, values up to 65,536 and neither U+0000 nor half of a
 * surrogate pair, else {@link InvalidNameException}. Safe for any number of threads.
 */
public final class Run implements TrainingListener, AutoCloseable {

  /** How many points are held until they are written. */
  public static final int BUFFERED_POINTS = 8_192;

  /** How long a point is held until it is written. */
  public static final Duration FLUSH_INTERVAL = Duration.ofSeconds(1);

  private static final String MODEL_PATH = "model";

  /** What the key of a seed begins with. */
  static final String SEED = "seed.";

  private final RunStart start;
  private final int resumes;
  private final boolean leading;
  private final TrackingStore store;
  private final RunArtifacts artifacts;
  private final InstantSource clock;
  private final OpenRuns open;

  /** Guards those below, and holds back who logs while the buffer is written. */
  private final ReentrantLock lock = new ReentrantLock();

  private final MetricBuffer buffer = new MetricBuffer();

  /** How the run ended; RUNNING if it goes on elsewhere and was left. */
  private @Nullable RunStatus ended;

  /** How it is to end, without its points, once the store takes it; null if nobody has said. */
  private volatile @Nullable RunEnd wanted;

  /** What the background was refused, and does not ask again; not told yet. */
  private @Nullable MlopsException lost;

  /** With how often it had been resumed when this process came to lead it, if it does. */
  Run(
      RunStart start,
      int resumes,
      boolean leading,
      TrackingStore store,
      Artifacts artifacts,
      InstantSource clock,
      OpenRuns open) {
    this.start = start;
    this.resumes = resumes;
    this.leading = leading;
    this.store = store;
    this.artifacts = new RunArtifacts(start.id(), store, artifacts);
    this.clock = clock;
    this.open = open;
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

  /** Whether this is the one that ends the run, and not one that joined it. */
  public boolean isLeading() {
    return leading;
  }

  /** How often it had been resumed when this process came to lead it. */
  int resumes() {
    return resumes;
  }

  /**
   * Starts a run that is a part of this one, in the same experiment; see {@link
   * Tracking#startChild}.
   */
  public Run child(String childName) {
    return child(experiment(), childName);
  }

  /** Starts a run that is a part of this one; see {@link Tracking#startChild}. */
  public Run child(String childExperiment, String childName) {
    requireOpen("child \"" + childName + "\"");
    return open.start(id(), childExperiment, childName);
  }

  /**
   * Starts a run that is a part of this one with its first params and tags, in one write.
   *
   * @throws InvalidNameException if a name, a key or a value is not accepted
   */
  public Run child(String childName, Map<String, String> params, Map<String, String> tags) {
    requireOpen("child \"" + childName + "\"");
    Names.checkEntries("param", params);
    Names.checkEntries("tag", tags);
    return open.start(id(), experiment(), childName, params, tags);
  }

  /**
   * Records a part of this run that is over already, in one write.
   *
   * @return its id
   * @throws RunExistsException if there is a run of its id
   */
  public String child(PastRun past) {
    return children(List.of(past)).get(0);
  }

  /**
   * Records parts of this run that are over already, all or none, in one write.
   *
   * @return their ids, in order
   * @throws RunExistsException if there is a run of one of the ids, or two of these have the same
   */
  public List<String> children(List<PastRun> past) {
    requireOpen("children");
    Set<String> ids = new HashSet<>();
    for (PastRun each : past) {
      if (!ids.add(each.id())) {
        throw RunExistsException.twice(each.id());
      }
    }
    return open.add(id(), experiment(), past);
  }

  /**
   * Does something within a run that is a part of this one; see {@link Tracking#run(String, String,
   * RunBody)}.
   *
   * @throws E what {@code body} throws, after the child has ended FAILED; this run goes on
   */
  public <E extends Exception> RunRecord child(String childName, RunBody<E> body) throws E {
    return open.within(child(childName), body);
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
        buffer.write(store, id());
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

  /** Replaces the notes, in Markdown, of up to 65,536 characters; empty ones are none. */
  public void notes(String markdown) {
    requireOpen("notes");
    store.setNotes(id(), Names.checkText("notes", markdown));
  }

  /**
   * Logs a seed of something random, as the param {@code seed.NAME}: with the others it is part of
   * the run's recipe.
   *
   * @param name what it is the seed of, such as {@code split}
   * @throws ParamConflictException if this name has another seed
   */
  public void seed(String name, long value) {
    param(SEED + Names.checkName("seed", name), Long.toString(value));
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
    addDatasets(data.datasets().stream().map(d -> d.withRole(role)).toList());
  }

  /**
   * Logs a dataset: name, role, digest and rows tell it apart, and its columns and source are kept
   * with it. Logging it again adds what was not known of these, and changes nothing else. In the
   * source, secrets are masked as they are in the command; see {@link
   * TrackingOptions.Builder#maskNames}.
   *
   * @throws InvalidNameException if a name is not accepted, or the source, which has up to 65,536
   *     characters
   */
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
    ModelPackage own = modelPackage.fromRun(id());
    Digest digest = artifacts.putModel(path, own);
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
    return artifacts.put(path, content);
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
    return artifacts.put(path, file);
  }

  /**
   * Stores copies of all files below a directory, each read piece by piece, as {@code path/...}.
   * They are there all or none; files that are there already at other paths stay. Empty directories
   * are not kept.
   *
   * @return what was stored, by path
   * @throws UnreadableFileException if something in it cannot be read, or is a symbolic link
   * @throws dev.mlops4j.workspace.InvalidArtifactPathException if a name is not accepted, or two
   *     files would be one where case does not count
   */
  public List<RunArtifact> directory(String path, Path directory) {
    requireOpen("directory \"" + path + "\"");
    return artifacts.putDirectory(path, directory);
  }

  /**
   * Stores a value as JSON in UTF-8: maps (their keys in order), lists, arrays, records, texts,
   * numbers, truth values, null; times as in ISO 8601, NaN and infinities as texts.
   *
   * @throws IllegalArgumentException if the value cannot be written
   */
  public RunArtifact json(String path, @Nullable Object value) {
    requireOpen("artifact \"" + path + "\"");
    return artifacts.put(path, ArtifactJson.write(path, value));
  }

  /**
   * Stores an image whose bytes are of the type that its name says: {@code .png}, {@code .jpg},
   * {@code .jpeg} or {@code .svg}.
   *
   * @throws InvalidImageException if they are not, or the name ends otherwise
   */
  public RunArtifact image(String path, byte[] content) {
    requireOpen("image \"" + path + "\"");
    ImageType.check(path, content);
    return artifacts.put(path, content);
  }

  /**
   * Writes the buffered points; when it returns, all that was logged before is durable.
   *
   * @throws RunEndedException if the run was ended elsewhere before; the points are lost
   * @throws dev.mlops4j.MlopsException if they cannot be written; they are kept
   */
  public void flush() {
    lock.lock();
    try {
      throwLost();
      buffer.write(store, id());
    } finally {
      lock.unlock();
    }
  }

  /** What the background does every {@link #FLUSH_INTERVAL}: writes points, or the end. */
  void tend() {
    lock.lock();
    try {
      RunEnd end = wanted;
      if (ended == null && end != null) {
        end(end);
      } else if (ended == null) {
        buffer.write(store, id());
      }
    } catch (RunEndedException e) {
      // Asked once more it would be the same, so that nobody asks.
      lost = e;
      left(e.status());
      throw e;
    } catch (NoSuchRunException e) {
      lost = e;
      left(RunStatus.ABANDONED); // else it could not have been deleted and purged
      throw e;
    } catch (ParamConflictException e) {
      lost = e;
      throw e;
    } finally {
      lock.unlock();
    }
  }

  /** Whether this process is to say that the run lives: it leads it, and nobody has ended it. */
  boolean isBeating() {
    return leading && wanted == null; // waits for no write, or other runs would seem dead
  }

  /** Ends the run FAILED with this stack trace; of a run that has ended it changes nothing. */
  public void fail(Throwable cause) {
    StringWriter trace = new StringWriter();
    cause.printStackTrace(new PrintWriter(trace));
    end(RunStatus.FAILED, trace.toString());
  }

  /**
   * Ends the run KILLED with this reason, because somebody stops it and not because it failed; of a
   * run that has ended it changes nothing. It only notes that: who works at the run hears of it by
   * the {@link RunEndedException} of the next call. A run of another process cannot be killed from
   * here, only {@linkplain Tracking#resume joined}.
   */
  public void kill(String reason) {
    end(RunStatus.KILLED, reason);
  }

  /**
   * Ends the run FINISHED, also when an exception is what closes it; of a run that has ended, by
   * {@link #fail} for one, it changes nothing.
   *
   * @throws RunTakenOverException if another process took this one for dead and leads the run now;
   *     the metrics are written
   * @throws RunEndedException if the run was ended elsewhere before the last metrics were written;
   *     they are lost
   * @throws dev.mlops4j.MlopsException if the store cannot be written; then it is written in the
   *     background as soon as that goes, as long as the tracking is open, and may be closed again.
   *     Until it is written, the run is not said to live any longer
   */
  @Override
  public void close() {
    throwLost();
    end(RunStatus.FINISHED, null);
  }

  /**
   * Ends the run FINISHED as {@link #close()} does, with these params, tags and artifacts, all in
   * one write with the buffered metrics. Of a run that has ended it changes nothing; one that was
   * joined gets them and goes on.
   *
   * @param artifacts what is among the workspace's artifacts already
   * @throws ParamConflictException if a param has another value; the run goes on then
   * @throws dev.mlops4j.MlopsException if the store cannot be written; then it is written in the
   *     background, as {@link #close()} says. If a param has another value by then the run goes on,
   *     and the next {@link #flush()} or {@link #close()} throws that
   */
  public void finish(
      Map<String, String> params, Map<String, String> tags, List<RunArtifact> artifacts) {
    Names.checkEntries("param", params);
    Names.checkEntries("tag", tags);
    artifacts.forEach(artifact -> Names.checkPath(artifact.path()));
    end(RunStatus.FINISHED, null, params, tags, artifacts);
  }

  @Override
  public String toString() {
    return "run " + id() + " \"" + name() + "\" of experiment \"" + experiment() + "\"";
  }

  /** Ends the run like this, unless it has been asked to end otherwise and could not be yet. */
  void endAnyway(RunStatus status, @Nullable String failure) {
    lock.lock();
    try {
      RunEnd end = wanted;
      if (end == null) {
        end(status, failure);
      } else {
        end(end);
      }
    } finally {
      lock.unlock();
    }
  }

  void end(RunStatus status, @Nullable String failure) {
    end(status, failure, Map.of(), Map.of(), List.of());
  }

  private void end(
      RunStatus status,
      @Nullable String failure,
      Map<String, String> params,
      Map<String, String> tags,
      List<RunArtifact> made) {
    lock.lock();
    try {
      // The time of the first try, so that an end that was written without an answer is known.
      Instant at = wanted == null ? clock.instant() : wanted.at();
      end(new RunEnd(status, at, failure, params, tags, made, List.of()));
    } finally {
      lock.unlock();
    }
  }

  /** Ends the run, or remembers how it is to end; the caller holds the lock. */
  private void end(RunEnd end) {
    if (ended != null) {
      return;
    }
    try {
      write(end);
      lost = null;
      left(leading ? end.status() : RunStatus.RUNNING);
    } catch (RunTakenOverException e) {
      left(RunStatus.RUNNING);
      throw e;
    } catch (RunEndedException e) {
      boolean mine = wanted != null && isStored(end);
      left(e.status());
      if (!mine) {
        throw e;
      }
    } catch (ParamConflictException e) {
      wanted = null; // the run goes on
      throw e;
    } catch (MlopsException e) {
      wanted = end;
      throw e;
    }
  }

  private void write(RunEnd end) {
    if (leading) {
      try {
        store.end(id(), resumes, end.withPoints(buffer.last(store, id())));
      } catch (RunTakenOverException e) {
        buffer.write(store, id());
        throw e;
      }
    } else {
      buffer.write(store, id());
      join(end.params(), end.tags(), end.artifacts());
    }
  }

  /** Whether an earlier try arrived, of which the store could not say so. */
  private boolean isStored(RunEnd end) {
    Instant at = Timestamps.fromMicros(Timestamps.toMicros(end.at()));
    return store
        .find(id())
        .filter(run -> run.status() == end.status() && at.equals(run.endedAt()))
        .isPresent();
  }

  private void throwLost() {
    lock.lock();
    try {
      MlopsException e = lost;
      lost = null;
      if (e != null) {
        throw e;
      }
    } finally {
      lock.unlock();
    }
  }

  private void join(Map<String, String> params, Map<String, String> tags, List<RunArtifact> made) {
    if (!params.isEmpty()) {
      store.addParams(id(), params);
    }
    if (!tags.isEmpty()) {
      store.setTags(id(), tags);
    }
    if (!made.isEmpty()) {
      store.putArtifacts(id(), made);
    }
  }

  /** From now on it takes nothing; the caller holds the lock. */
  private void left(RunStatus status) {
    ended = status;
    buffer.clear();
    open.ended(this);
  }

  /** The seed that a param is; null if it is none. */
  static @Nullable Long seedOf(String key, String value) {
    if (!key.startsWith(SEED) || key.length() == SEED.length()) {
      return null;
    }
    try {
      return Long.valueOf(value);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private RunFacts facts() {
    return store.find(id()).map(RunRecord::facts).orElse(RunFacts.NONE);
  }

  private void addDatasets(List<DatasetReference> datasets) {
    requireOpen("datasets");
    datasets.forEach(Names::checkDataset);
    store.addDatasets(
        id(), datasets.stream().map(each -> each.withSource(open.masked(each.source()))).toList());
  }

  private void requireOpen(String asked) {
    lock.lock();
    try {
      if (ended == RunStatus.RUNNING) {
        throw RunEndedException.left(id(), asked);
      }
      if (ended != null) {
        throw new RunEndedException(id(), ended, asked);
      }
    } finally {
      lock.unlock();
    }
  }
}
