package dev.mlops4j.tracking;

import dev.mlops4j.MlopsException;
import dev.mlops4j.data.Timestamps;
import dev.mlops4j.workspace.Artifacts;
import dev.mlops4j.workspace.ProcessIdentity;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The runs that a {@link Tracking} has open: starts them, lets them go on, and ends them. */
final class OpenRuns {

  private static final Logger LOG = LoggerFactory.getLogger(OpenRuns.class);
  private static final int NAME_SUFFIX_LENGTH = 8;

  /** Each time another process was faster, and the run was read anew. */
  private static final int MOST_TRIES = 100;

  private static final EndedRun.Points NO_POINTS =
      new EndedRun.Points() {
        @Override
        public <E extends Exception> void read(EndedRun.PointReader<E> to) {}
      };

  private final TrackingStore store;
  private final Artifacts artifacts;
  private final InstantSource clock;
  private final Heartbeat heartbeat;
  private final TrackingOptions options;
  private @Nullable SortedMap<String, String> environment;

  OpenRuns(TrackingStore store, Artifacts artifacts, InstantSource clock, TrackingOptions options) {
    this.store = store;
    this.artifacts = artifacts;
    this.clock = clock;
    this.options = options;
    this.heartbeat = new Heartbeat(store, clock);
  }

  /**
   * Starts a run.
   *
   * @param name null for one made of the experiment's and the id
   */
  Run start(@Nullable String parentId, String experiment, @Nullable String name) {
    return start(parentId, experiment, name, Map.of(), Map.of());
  }

  /** The same with first params and tags. */
  Run start(
      @Nullable String parentId,
      String experiment,
      @Nullable String name,
      Map<String, String> params,
      Map<String, String> tags) {
    requireOpen();
    String id = newId();
    String chosen = name == null ? experiment + "-" + id.substring(0, NAME_SUFFIX_LENGTH) : name;
    Names.checkName("experiment", experiment);
    Names.checkName("run name", chosen);
    RunStart start =
        new RunStart(
            id,
            experiment,
            chosen,
            clock.instant(),
            ProcessIdentity.current(),
            environment(),
            parentId);
    store.create(start, params, tags);
    return opened(new Run(start, 0, true, store, artifacts, clock, this));
  }

  /** An id that no other run has. */
  static String newId() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  /** Records runs that are over; gives their ids. */
  List<String> add(String parentId, String experiment, List<PastRun> past) {
    List<EndedRun> ended =
        past.stream()
            .map(each -> new EndedRun(record(parentId, experiment, each), NO_POINTS))
            .toList();
    store.add(ended);
    return ended.stream().map(each -> each.run().id()).toList();
  }

  private RunRecord record(String parentId, String experiment, PastRun past) {
    RunStart start =
        new RunStart(
            past.id(),
            experiment,
            past.name(),
            past.startedAt(),
            ProcessIdentity.current(),
            environment(),
            parentId);
    Instant now = Timestamps.fromMicros(Timestamps.toMicros(clock.instant()));
    SortedMap<String, RunArtifact> made = new TreeMap<>();
    past.artifacts().forEach(artifact -> made.put(artifact.path(), artifact));
    return new RunRecord(
        start,
        past.status(),
        now,
        now,
        past.failure(),
        null,
        new TreeMap<>(past.params()),
        new TreeMap<>(),
        new TreeMap<>(past.tags()),
        List.of(),
        made,
        "",
        List.of());
  }

  /** See {@link Tracking#resume}; with {@code reopens} also of a run that is FINISHED. */
  Run resume(String id, boolean reopens) {
    requireOpen();
    for (int i = 0; i < MOST_TRIES; i++) {
      RunRecord stored = store.find(id).orElseThrow(() -> new NoSuchRunException(id));
      RunRecord run = Liveness.at(clock.instant()).judge(stored);
      if (run.deletedAt() != null) {
        throw new DeletedRunException(id, "to go on");
      }
      if (run.status() == RunStatus.RUNNING) {
        return opened(new Run(run.start(), 0, false, store, artifacts, clock, this));
      }
      if (run.status() == RunStatus.FINISHED && !reopens) {
        throw new RunNotResumableException(run);
      }
      RunResume resume = new RunResume(clock.instant(), run.status(), run.failure(), environment());
      int before = run.resumes().size();
      if (store.resume(id, stored.status(), before, ProcessIdentity.current(), resume)) {
        return opened(new Run(run.start(), before + 1, true, store, artifacts, clock, this));
      }
    }
    throw new MlopsException(
        "run " + id + " was changed by others " + MOST_TRIES + " times while it was to be resumed");
  }

  /** Does something within a run, and ends it as that went. */
  <R, E extends Exception> R call(Run run, RunFunction<R, E> body) throws E {
    R result;
    try {
      result = body.apply(run);
    } catch (Throwable e) {
      failQuietly(run, e);
      throw e;
    }
    run.close();
    return result;
  }

  /** The same, for the run as it ended. */
  <E extends Exception> RunRecord within(Run run, RunBody<E> body) throws E {
    this.<Boolean, E>call(
        run,
        open -> {
          body.run(open);
          return true;
        });
    RunRecord ended = store.find(run.id()).orElseThrow(() -> new NoSuchRunException(run.id()));
    return Liveness.at(clock.instant()).judge(ended);
  }

  /** A source of data without what looks like a secret. */
  String masked(String source) {
    return options.mask().maskSource(source);
  }

  void ended(Run run) {
    heartbeat.remove(run);
  }

  void beat() {
    heartbeat.beat();
  }

  /** Stops the heartbeat and ends all that is open; all of it, also if some of it fails. */
  void close(RunStatus status, @Nullable String reason) {
    heartbeat.close();
    MlopsException failure = null;
    for (Run run : heartbeat.openRuns()) {
      try {
        run.endAnyway(status, reason);
      } catch (RunEndedException | RunTakenOverException e) {
        LOG.warn("{} was ended elsewhere before it was closed here", run, e);
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
  }

  /** Ends all that is open KILLED, as the JVM goes down. */
  void kill(String reason) {
    for (Run run : heartbeat.openRuns()) {
      try {
        run.endAnyway(RunStatus.KILLED, reason);
      } catch (RuntimeException e) {
        LOG.warn("{} could not be ended while the JVM shuts down", run, e);
      }
    }
  }

  private Run opened(Run run) {
    if (!heartbeat.add(run)) {
      run.end(RunStatus.KILLED, "its tracking was closed while it started");
      throw closed();
    }
    return run;
  }

  /** Nobody would keep the run alive and write its metrics. */
  private void requireOpen() {
    if (heartbeat.isClosed()) {
      throw closed();
    }
  }

  private static IllegalStateException closed() {
    return new IllegalStateException(
        "this tracking is closed, and starts and resumes no run; do so before its close, or open"
            + " another");
  }

  private synchronized SortedMap<String, String> environment() {
    SortedMap<String, String> known = environment;
    if (known == null) {
      known = RunEnvironment.current(options);
      environment = known;
    }
    return known;
  }

  private static void failQuietly(Run run, Throwable cause) {
    try {
      run.fail(cause);
    } catch (RuntimeException e) {
      cause.addSuppressed(e);
    }
  }
}
