package dev.mlops4j.tracking;

import dev.mlops4j.Digest;
import dev.mlops4j.MlopsException;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.StoredPackage;
import dev.mlops4j.workspace.Archive;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.Artifacts;
import dev.mlops4j.workspace.ProcessIdentity;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Starts runs and finds them again.
 *
 * <pre>{@code
 * try (Workspace workspace = Workspace.open(Path.of("workspace"))) {
 *   Tracking tracking = Tracking.in(workspace);
 *   RunRecord run = tracking.run("flight-delay", r -> r.metric("auc", train(r)));
 *   System.out.println(run.metric("auc"));
 * }
 * }</pre>
 *
 * <p><b>Abandoned runs.</b> While a run is open, a daemon thread notes every {@link
 * #HEARTBEAT_INTERVAL} that its process lives. A RUNNING run is read as ABANDONED when no heartbeat
 * came for {@link #ABANDONED_AFTER}, and at once when it ran on this host and its process has
 * ended. That is judged at reading, by this machine's clock: a process that was only suspended and
 * goes on makes its run RUNNING again.
 *
 * <p>Safe for any number of threads; several instances, in one process or many, may use the same
 * workspace.
 */
public final class Tracking implements AutoCloseable {

  /** How often an open run is noted to live. */
  public static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(10);

  /** How long after its last heartbeat a run is taken to be ABANDONED. */
  public static final Duration ABANDONED_AFTER = Duration.ofSeconds(60);

  /** How long before a purge an artifact must have been put last to go with its run. */
  public static final Duration PURGE_GRACE = Duration.ofDays(1);

  private static final int NAME_SUFFIX_LENGTH = 8;

  private final TrackingStore store;
  private final Artifacts artifacts;

  /** Null if it is not known who else refers to the artifacts. */
  private final @Nullable Artifacts collected;

  private final InstantSource clock;
  private final Heartbeat heartbeat;
  private final Consumer<Tracking> onClose;

  private Tracking(
      TrackingStore store,
      Artifacts artifacts,
      @Nullable Artifacts collected,
      InstantSource clock,
      Consumer<Tracking> onClose) {
    this.store = store;
    this.artifacts = artifacts;
    this.collected = collected;
    this.clock = clock;
    this.heartbeat = new Heartbeat(store, clock);
    this.onClose = onClose;
  }

  /** The runs of a workspace. Closed with it. */
  public static Tracking in(Workspace workspace) {
    Tracking tracking =
        new Tracking(
            new JdbcTrackingStore(workspace.database(Area.METADATA)),
            workspace.artifacts(),
            workspace.artifacts(),
            workspace.systemClock(),
            workspace::forget);
    workspace.onClose(tracking);
    return tracking;
  }

  /**
   * The runs of a store, to be closed by the caller.
   *
   * @param clock gives the times of runs, metrics and heartbeats
   */
  public static Tracking over(TrackingStore store, Artifacts artifacts, InstantSource clock) {
    return new Tracking(store, artifacts, null, clock, tracking -> {});
  }

  /** Starts a run with a name made of the experiment's and its id. */
  public Run start(String experiment) {
    String id = newId();
    return start(id, experiment, experiment + "-" + id.substring(0, NAME_SUFFIX_LENGTH));
  }

  /**
   * Starts a run, durably: when this returns, the run is seen by every process.
   *
   * @param name what people call it; names may repeat
   * @throws InvalidNameException if the experiment or the name is blank, longer than 255 characters
   *     or has a control character
   */
  public Run start(String experiment, String name) {
    return start(newId(), experiment, name);
  }

  /** Does something within a run; see {@link #run(String, String, RunBody)}. */
  public <E extends Exception> RunRecord run(String experiment, RunBody<E> body) throws E {
    return run(start(experiment), body);
  }

  /**
   * Does something within a run: it ends FINISHED, or if {@code body} throws, FAILED with the stack
   * trace.
   *
   * @param name what people call the run; names may repeat
   * @return the run as it ended
   * @throws E what {@code body} throws, after the run has ended
   */
  public <E extends Exception> RunRecord run(String experiment, String name, RunBody<E> body)
      throws E {
    return run(start(experiment, name), body);
  }

  private <E extends Exception> RunRecord run(Run run, RunBody<E> body) throws E {
    try {
      body.run(run);
    } catch (Throwable e) {
      failQuietly(run, e);
      throw e;
    }
    run.close();
    return run(run.id());
  }

  /**
   * The run of this id; also if it is deleted, which {@link RunRecord#deletedAt} says.
   *
   * @throws NoSuchRunException if there is none
   */
  public RunRecord run(String id) {
    RunRecord run = store.find(id).orElseThrow(() -> new NoSuchRunException(id));
    return Liveness.at(clock.instant()).judge(run);
  }

  /**
   * The runs of an experiment that are not deleted, newest first; empty if there is no such
   * experiment.
   */
  public List<RunRecord> runs(String experiment) {
    Liveness liveness = Liveness.at(clock.instant());
    return store.runs(experiment).stream().map(liveness::judge).toList();
  }

  /** The runs of an experiment that stand like this, newest first. */
  public List<RunRecord> runs(String experiment, RunStatus status) {
    return runs(experiment).stream().filter(run -> run.status() == status).toList();
  }

  /**
   * A search among the runs of these experiments that are not deleted, newest first until {@link
   * RunSearch} says otherwise. What is not an experiment has no runs.
   */
  public RunSearch search(String experiment, String... others) {
    List<String> all = new ArrayList<>(List.of(experiment));
    all.addAll(List.of(others));
    return RunSearch.of(store, clock, all);
  }

  /** A search among the runs of all experiments; see {@link #search}. */
  public RunSearch searchAll() {
    return RunSearch.of(store, clock, List.of());
  }

  /**
   * Deletes a run: it is not listed or found any longer, unless a search asks for deleted runs, and
   * {@link #restore} takes it back until it is purged. Of a deleted run it changes nothing.
   *
   * @throws NoSuchRunException if there is no such run
   * @throws RunNotEndedException if the run is RUNNING
   */
  public void delete(String runId) {
    RunRecord run = run(runId);
    if (run.status() == RunStatus.RUNNING) {
      throw new RunNotEndedException(run);
    }
    store.delete(runId, clock.instant());
  }

  /**
   * Takes back {@link #delete}. Of a run that is not deleted it changes nothing.
   *
   * @throws NoSuchRunException if there is no such run
   */
  public void restore(String runId) {
    store.restore(runId);
  }

  /**
   * Removes the runs that were deleted so long ago or earlier, with a grace of {@link #PURGE_GRACE}
   * for their artifacts; see {@link #purge(Duration, Duration)}.
   *
   * @return the ids of those removed
   */
  public List<String> purge(Duration deletedFor) {
    return purge(deletedFor, PURGE_GRACE).ids();
  }

  /**
   * Removes the runs that were deleted so long ago or earlier, for good: params, metrics, tags,
   * datasets, which artifacts they had, and of those artifacts the bytes that no other run and no
   * version of a model refers to. Other artifacts are left alone, also garbage.
   *
   * <p>The bytes go only of {@linkplain #in a workspace's} runs, and stay if they were put within
   * {@code grace}: {@link Artifacts#collectGarbage(Duration)} takes those later, as it does if this
   * throws after the runs are removed.
   *
   * @param deletedFor how long they must have been deleted; zero for all that are
   * @param grace as that of {@link Artifacts#collectGarbage(Duration)}, a minute at least
   * @throws IllegalArgumentException if {@code deletedFor} is negative, or the grace too short
   * @throws MlopsException as {@link Artifacts#collectGarbage(Duration)}; the runs are removed then
   */
  public PurgedRuns purge(Duration deletedFor, Duration grace) {
    return new RunPurge(store, collected, clock).purge(deletedFor, grace);
  }

  /** The experiments that have a run that is not deleted, by name. */
  public List<String> experiments() {
    return store.experiments();
  }

  /**
   * A metric's series by (step, time); empty if the run has no such metric. Points that an open run
   * holds in its buffer are not in it.
   *
   * @throws NoSuchRunException if there is no such run
   */
  public List<MetricPoint> series(String runId, String key) {
    return store.series(runId, key);
  }

  /**
   * The bytes of an artifact that is a file, verified.
   *
   * @throws NoSuchRunException if there is no such run
   * @throws NoSuchRunArtifactException if the run has no file at this path
   * @throws dev.mlops4j.workspace.CorruptArtifactException if the bytes were altered
   */
  public byte[] artifact(String runId, String path) {
    return artifacts.read(find(runId, path, RunArtifact.Kind.FILE).digest());
  }

  /**
   * A model package that a run logged, every file verified.
   *
   * @param path where it was logged, {@code model} if no path was given
   * @throws NoSuchRunException if there is no such run
   * @throws NoSuchRunArtifactException if the run has no model at this path
   * @throws dev.mlops4j.workspace.CorruptArtifactException if a file was altered
   */
  public ModelPackage model(String runId, String path) {
    return ModelPackage.of(artifacts.readTree(find(runId, path, RunArtifact.Kind.MODEL).digest()));
  }

  /**
   * A model package that a run logged, to be registered, also by a later process; with the params,
   * metrics and datasets that the run has now.
   *
   * @param path where it was logged, {@code model} if no path was given
   * @throws NoSuchRunException if there is no such run
   * @throws NoSuchRunArtifactException if the run has no model at this path
   * @throws dev.mlops4j.workspace.CorruptArtifactException if a file was altered
   */
  public StoredPackage storedModel(String runId, String path) {
    Digest digest = find(runId, path, RunArtifact.Kind.MODEL).digest();
    return new StoredPackage(
        digest, ModelPackage.of(artifacts.readTree(digest)).manifest(), run(runId).facts());
  }

  /**
   * Two or more runs side by side, with the series of their metrics as they are now; see {@link
   * RunComparison}. Reads all series, one at a time.
   *
   * @throws NoSuchRunException if one of them is not there
   * @throws IllegalArgumentException if there are fewer than two
   */
  public RunComparison compare(RunRecord... runs) {
    return RunComparison.of(
        Arrays.stream(runs).map(run -> ComparedRun.read(run, store, artifacts)).toList());
  }

  /** Runs side by side by their ids; see {@link #compare(RunRecord...)}. */
  public RunComparison compare(String... runIds) {
    return compare(Arrays.stream(runIds).map(this::run).toArray(RunRecord[]::new));
  }

  /**
   * Writes runs with their series, artifacts and models to one archive file, to be taken to another
   * workspace by {@link #importFrom}. The same runs give the same bytes. The file is seen whole, or
   * not at all. Artifacts pass through piece by piece; the points wait in temporary files.
   *
   * @param runs at least one, each once, all ended; what is read is how they are now
   * @throws RunNotEndedException if one is RUNNING
   * @throws NoSuchRunException if one is not there
   * @throws dev.mlops4j.workspace.ArchiveException if there is something at {@code file} already,
   *     it cannot be written, or there is no run or one twice
   * @throws dev.mlops4j.workspace.CorruptArtifactException if an artifact was altered
   */
  public void exportTo(Path file, List<RunRecord> runs) {
    try (RunExport export = new RunExport(store, artifacts)) {
      export.write(file, runs.stream().map(RunRecord::id).map(this::run).toList());
    }
  }

  /**
   * Adds the runs of an archive, all or none, as they were: ids, times, status, series, artifacts.
   * A run that is here already, the same in all, stays as it is, deleted or not. Everything in the
   * archive is verified before anything is kept, and artifacts pass through piece by piece.
   *
   * @return what became of the runs, in the archive's order
   * @throws RunExistsException if a run is here already and is not the same; nothing is added
   * @throws dev.mlops4j.workspace.ArchiveException if the file is no archive, is damaged, has
   *     entries it should not have, or unpacks to more than {@link Archive#DEFAULT_MAX_BYTES};
   *     nothing is added
   */
  public List<ImportedRun> importFrom(Path file) {
    return importFrom(file, Archive.DEFAULT_MAX_BYTES);
  }

  /**
   * As {@link #importFrom(Path)} with another limit.
   *
   * @param maxBytes how many bytes the files of the archive may have together when unpacked
   */
  public List<ImportedRun> importFrom(Path file, long maxBytes) {
    return RunImport.read(file, maxBytes, store, artifacts, Liveness.at(clock.instant())::judge);
  }

  /**
   * Stops the heartbeat. Runs that are still open are flushed and end ABANDONED, for nobody said
   * how they went. Closing twice does nothing.
   */
  @Override
  public void close() {
    heartbeat.close();
    MlopsException failure = null;
    for (Run run : heartbeat.openRuns()) {
      try {
        run.end(RunStatus.ABANDONED, null);
      } catch (MlopsException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
    onClose.accept(this);
  }

  void beat() {
    heartbeat.beat();
  }

  private Run start(String id, String experiment, String name) {
    Names.checkName("experiment", experiment);
    Names.checkName("run name", name);
    RunStart start =
        new RunStart(
            id,
            experiment,
            name,
            clock.instant(),
            ProcessIdentity.current(),
            RunEnvironment.current());
    store.create(start);
    Run run = new Run(start, store, artifacts, clock, heartbeat::remove);
    heartbeat.add(run);
    return run;
  }

  private RunArtifact find(String runId, String path, RunArtifact.Kind kind) {
    RunRecord run = run(runId);
    RunArtifact artifact = run.artifacts().get(path);
    if (artifact == null || artifact.kind() != kind) {
      throw new NoSuchRunArtifactException(run, kind, path);
    }
    return artifact;
  }

  private static void failQuietly(Run run, Throwable cause) {
    try {
      run.fail(cause);
    } catch (RuntimeException e) {
      cause.addSuppressed(e);
    }
  }

  private static String newId() {
    return UUID.randomUUID().toString().replace("-", "");
  }
}
