package dev.mlops4j.tracking;

import dev.mlops4j.Digest;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.StoredPackage;
import dev.mlops4j.workspace.Archive;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.Artifacts;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
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

  private final TrackingStore store;
  private final Artifacts artifacts;

  /** Null if it is not known who else refers to the artifacts. */
  private final @Nullable Artifacts collected;

  private final InstantSource clock;
  private final OpenRuns open;
  private final @Nullable ShutdownHook hook;
  private final Consumer<Tracking> onClose;

  private Tracking(
      TrackingStore store,
      Artifacts artifacts,
      @Nullable Artifacts collected,
      InstantSource clock,
      TrackingOptions options,
      Consumer<Tracking> onClose) {
    this.store = store;
    this.artifacts = artifacts;
    this.collected = collected;
    this.clock = clock;
    this.open = new OpenRuns(store, artifacts, clock, options);
    this.hook = options.killsOnShutdown() ? ShutdownHook.install(open) : null;
    this.onClose = onClose;
  }

  /** The runs of a workspace. Closed with it. */
  public static Tracking in(Workspace workspace) {
    return in(workspace, TrackingOptions.DEFAULT);
  }

  /**
   * The runs of a workspace, with these options. Closed with it.
   *
   * @throws IllegalStateException if runs are to be killed on shutdown and the JVM shuts down
   */
  public static Tracking in(Workspace workspace, TrackingOptions options) {
    Tracking tracking =
        new Tracking(
            new JdbcTrackingStore(workspace.database(Area.METADATA)),
            workspace.artifacts(),
            workspace.artifacts(),
            workspace.systemClock(),
            options,
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
    return over(store, artifacts, clock, TrackingOptions.DEFAULT);
  }

  /**
   * The runs of a store, with these options, to be closed by the caller.
   *
   * @throws IllegalStateException if runs are to be killed on shutdown and the JVM shuts down
   */
  public static Tracking over(
      TrackingStore store, Artifacts artifacts, InstantSource clock, TrackingOptions options) {
    return new Tracking(store, artifacts, null, clock, options, tracking -> {});
  }

  /** Starts a run with a name made of the experiment's and its id. */
  public Run start(String experiment) {
    return open.start(null, experiment, null);
  }

  /**
   * Starts a run, durably: when this returns, the run is seen by every process.
   *
   * @param name what people call it; names may repeat
   * @throws InvalidNameException if the experiment or the name is blank, longer than 255 characters
   *     or has a control character
   * @throws IllegalStateException if this is closed, as of all that start or resume a run
   */
  public Run start(String experiment, String name) {
    return open.start(null, experiment, name);
  }

  /**
   * Starts a run with its first params and tags, in one write, and a name made of the experiment's
   * and its id.
   *
   * @throws InvalidNameException if a name, a key or a value is not accepted
   */
  public Run start(String experiment, Map<String, String> params, Map<String, String> tags) {
    Names.checkEntries("param", params);
    Names.checkEntries("tag", tags);
    return open.start(null, experiment, null, params, tags);
  }

  /**
   * Starts a run with its first params and tags, in one write: one wait for the disk less than
   * params that are logged after the start.
   *
   * @param name what people call it; names may repeat
   * @throws InvalidNameException if a name, a key or a value is not accepted
   */
  public Run start(
      String experiment, String name, Map<String, String> params, Map<String, String> tags) {
    Names.checkEntries("param", params);
    Names.checkEntries("tag", tags);
    return open.start(null, experiment, name, params, tags);
  }

  /**
   * Starts a run that is a part of another one, of the same experiment or another: a step of a
   * pipeline, a trial of a tuning. It ends for itself, whatever becomes of its parent, which may
   * have ended already.
   *
   * @throws NoSuchRunException if there is no such parent
   * @throws DeletedRunException if the parent is deleted
   * @throws InvalidNameException as {@link #start(String, String)}
   */
  public Run startChild(String parentId, String experiment, String name) {
    return open.start(parentId, experiment, name);
  }

  /**
   * Goes on with a run of any process. One that is ABANDONED, FAILED or KILLED is RUNNING again,
   * led from here; {@link RunRecord#resumes} tells how it had ended. One that is RUNNING is joined;
   * see {@link Run}. Params stay write-once, series are continued.
   *
   * <p>Of those that resume a run at the same time one leads and the others join. A process that
   * was only suspended, and taken for dead, logs on when it goes on again, but does not end the
   * run: {@link RunTakenOverException}.
   *
   * @throws NoSuchRunException if there is no such run
   * @throws RunNotResumableException if it is FINISHED
   * @throws DeletedRunException if it is deleted
   */
  public Run resume(String runId) {
    return open.resume(runId, false);
  }

  /**
   * Goes on with a run even if it is FINISHED; else as {@link #resume}. A version that was
   * registered from the run keeps what the run said then.
   *
   * @throws NoSuchRunException if there is no such run
   * @throws DeletedRunException if it is deleted
   */
  public Run reopen(String runId) {
    return open.resume(runId, true);
  }

  /** Does something within a run; see {@link #run(String, String, RunBody)}. */
  public <E extends Exception> RunRecord run(String experiment, RunBody<E> body) throws E {
    return open.within(start(experiment), body);
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
    return open.within(start(experiment, name), body);
  }

  /**
   * Does something within a run, as {@link #run(String, String, RunBody)}, and gives back what that
   * gives.
   *
   * <pre>{@code
   * ModelVersion version = tracking.call("flight-delay", "night of 3 March", run -> train(run));
   * }</pre>
   *
   * @return what {@code body} gives, after the run has ended
   * @throws E what {@code body} throws, after the run has ended
   */
  public <R, E extends Exception> R call(String experiment, String name, RunFunction<R, E> body)
      throws E {
    return open.call(start(experiment, name), body);
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
   * The children of a run that are not deleted, in the order in which they started.
   *
   * @throws NoSuchRunException if there is no such run
   */
  public List<RunRecord> children(String runId) {
    run(runId);
    return childrenOf(runId);
  }

  private List<RunRecord> childrenOf(String runId) {
    RunSearch search = searchAll().where(SearchField.parentRunId().is(runId));
    List<RunRecord> children = new ArrayList<>();
    String cursor = null;
    do {
      RunPage page = search.after(cursor).page();
      children.addAll(page.runs());
      cursor = page.next();
    } while (cursor != null);
    Collections.reverse(children);
    return List.copyOf(children);
  }

  /**
   * Sets a tag of a run, also of one that has ended or goes on elsewhere; see {@link Run#tag}.
   *
   * @throws NoSuchRunException if there is no such run
   */
  public void tag(String runId, String key, String value) {
    Map<String, String> tags = Map.of(key, value);
    Names.checkEntries("tag", tags);
    store.setTags(runId, tags);
  }

  /**
   * Removes a tag of a run; one that is not there is passed over.
   *
   * @throws NoSuchRunException if there is no such run
   */
  public void removeTag(String runId, String key) {
    store.removeTag(runId, key);
  }

  /**
   * Replaces the notes of a run, also of one that has ended; see {@link Run#notes}.
   *
   * @throws NoSuchRunException if there is no such run
   */
  public void notes(String runId, String markdown) {
    store.setNotes(runId, Names.checkText("notes", markdown));
  }

  /**
   * Deletes a run: it is not listed or found any longer, unless a search asks for deleted runs, and
   * {@link #restore} takes it back until it is purged. Its children, theirs and so on are deleted
   * with it, at once. Of a deleted run it changes nothing.
   *
   * @throws NoSuchRunException if there is no such run
   * @throws RunNotEndedException if the run, or one of those deleted with it, is RUNNING
   */
  public void delete(String runId) {
    delete(List.of(runId));
  }

  /**
   * Deletes runs, all or none; see {@link #delete(String)}.
   *
   * @throws NoSuchRunException if one of them is not there; none is deleted then
   * @throws RunNotEndedException if one of them, or one of those deleted with them, is RUNNING;
   *     none is deleted then
   */
  public void delete(List<String> runIds) {
    Instant now = clock.instant();
    store.delete(runIds, now, Liveness.at(now));
  }

  /**
   * Takes back {@link #delete}, of the run and of those that were deleted with it. Of a run that is
   * not deleted it changes nothing.
   *
   * @throws NoSuchRunException if there is no such run
   * @throws DeletedRunException if its parent is deleted
   */
  public void restore(String runId) {
    restore(List.of(runId));
  }

  /**
   * Takes back {@link #delete} of several runs, all or none; of those that are parts of others of
   * them after these, in whatever order they are given.
   *
   * @throws NoSuchRunException if one of them is not there; none is restored then
   * @throws DeletedRunException if the parent of one is deleted and not among them; none is
   *     restored then
   */
  public void restore(List<String> runIds) {
    store.restore(runIds);
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
   * @throws dev.mlops4j.MlopsException as {@link Artifacts#collectGarbage(Duration)}; the runs are
   *     removed then
   */
  public PurgedRuns purge(Duration deletedFor, Duration grace) {
    return new RunPurge(store, collected, clock).purge(deletedFor, grace);
  }

  /** The experiments that have a run that is not deleted, by name. */
  public List<String> experiments() {
    return store.experiments();
  }

  /** How many runs are not deleted, by experiment, of those experiments that have one. */
  public SortedMap<String, Long> runCounts() {
    return store.runCounts();
  }

  /**
   * The artifacts of all runs, also of deleted ones until they are purged: of those that are alike
   * in content and kind one, with one of the runs that have it.
   */
  public List<MadeArtifact> madeArtifacts() {
    return store.madeArtifacts();
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
   * Writes an artifact that is a file to a file, in place of what it holds, piece by piece. The
   * file is seen whole and verified, or not at all.
   *
   * @throws NoSuchRunException if there is no such run
   * @throws NoSuchRunArtifactException if the run has no file at this path
   * @throws dev.mlops4j.workspace.CorruptArtifactException if the bytes were altered
   * @throws dev.mlops4j.storage.StorageException if the file cannot be written
   */
  public void artifact(String runId, String path, Path file) {
    artifacts.writeTo(find(runId, path, RunArtifact.Kind.FILE).digest(), file);
  }

  /**
   * What a run has at a path and below it, by path: the artifact of that path, and those of which
   * it is the directory.
   *
   * @param path without a slash at its end; empty for all
   * @throws NoSuchRunException if there is no such run
   */
  public List<RunArtifact> artifacts(String runId, String path) {
    return run(runId).artifacts().values().stream()
        .filter(
            artifact ->
                path.isEmpty()
                    || artifact.path().equals(path)
                    || artifact.path().startsWith(path + "/"))
        .toList();
  }

  /**
   * Writes the files that a run has below a path to a directory, as they lay in the one that {@link
   * Run#directory} took; directories are made, files that are there replaced. Models are not
   * written.
   *
   * @param path without a slash at its end; empty for all
   * @return how many files were written
   * @throws NoSuchRunException if there is no such run
   * @throws dev.mlops4j.workspace.InvalidArtifactPathException if these cannot lie in one directory
   *     on every system: two paths differ by case alone, or one is a directory of another; nothing
   *     is written then, and {@link #artifact(String, String, Path)} writes one
   * @throws dev.mlops4j.workspace.CorruptArtifactException if a file was altered; those before it
   *     are written
   * @throws dev.mlops4j.storage.StorageException if a file cannot be written; those before it are
   */
  public int directory(String runId, String path, Path directory) {
    return RunArtifacts.write(artifacts, artifacts(runId, path), path, directory);
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
   * What is needed to make a run again, and what of that is missing.
   *
   * @throws NoSuchRunException if there is no such run
   */
  public Recipe recipe(String runId) {
    return run(runId).recipe();
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
   * @throws DeletedRunException if the parent of a run that is not here is, and is deleted; nothing
   *     is added
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
   * how they went, or KILLED if the JVM shuts down and {@link
   * TrackingOptions.Builder#killOnShutdown} says so; those that were joined are left. Closing twice
   * does nothing.
   */
  @Override
  public void close() {
    boolean killed = hook != null && !hook.remove();
    open.close(
        killed ? RunStatus.KILLED : RunStatus.ABANDONED, killed ? ShutdownHook.REASON : null);
    onClose.accept(this);
  }

  void beat() {
    open.beat();
  }

  private RunArtifact find(String runId, String path, RunArtifact.Kind kind) {
    RunRecord run = run(runId);
    RunArtifact artifact = run.artifacts().get(path);
    if (artifact == null || artifact.kind() != kind) {
      throw new NoSuchRunArtifactException(run, kind, path);
    }
    return artifact;
  }
}
