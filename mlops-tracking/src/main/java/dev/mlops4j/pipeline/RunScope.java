package dev.mlops4j.pipeline;

import dev.mlops4j.tracking.Run;
import dev.mlops4j.workspace.Artifacts;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the steps of one run share. Safe for any number of threads. */
final class RunScope {

  private static final Logger LOG = LoggerFactory.getLogger(RunScope.class);

  private final Pipeline pipeline;
  private final Run run;
  private final Artifacts artifacts;
  private final JdbcStepCache cache;
  private final InstantSource clock;
  private final JobPool pool;
  private final RunRecorder recorder;
  private final Path scratch;
  private final Instant startedAt;
  private final LaunchSettings settings;

  /** By the name of a step. */
  private final Map<String, Given> given;

  /** Steps whose outputs only steps take that have theirs already. */
  private final Set<String> unneeded;

  /** By the digest of the key of an element. */
  private final Map<String, Given> givenItems;

  private final String token;
  private final @Nullable PipelineLease lease;
  private final Set<Interruption> working = new HashSet<>();
  private boolean cancelled;
  private volatile boolean quiet;
  private volatile boolean takenOver;

  RunScope(
      Pipeline pipeline,
      Run run,
      Artifacts artifacts,
      JdbcStepCache cache,
      InstantSource clock,
      JobPool pool,
      Path scratch,
      LaunchSettings settings,
      GivenOutputs given,
      String token,
      @Nullable PipelineLease lease) {
    this.token = token;
    this.lease = lease;
    this.pipeline = pipeline;
    this.run = run;
    this.artifacts = artifacts;
    this.cache = cache;
    this.clock = clock;
    this.pool = pool;
    this.recorder = new RunRecorder(pool, cache, token);
    this.scratch = scratch;
    this.settings = settings;
    this.startedAt = clock.instant();
    this.given = given.steps();
    this.givenItems = given.items();
    this.unneeded = given.unneeded();
  }

  Pipeline pipeline() {
    return pipeline;
  }

  Run run() {
    return run;
  }

  Artifacts artifacts() {
    return artifacts;
  }

  JdbcStepCache cache() {
    return cache;
  }

  JobPool pool() {
    return pool;
  }

  RunRecorder recorder() {
    return recorder;
  }

  Path scratch() {
    return scratch;
  }

  InstantSource clock() {
    return clock;
  }

  Instant startedAt() {
    return startedAt;
  }

  LaunchSettings settings() {
    return settings;
  }

  /** By which this run holds its claims. */
  String token() {
    return token;
  }

  Optional<Given> given(Step<?> step) {
    return Optional.ofNullable(given.get(step.name()));
  }

  Optional<Given> givenItem(StepKey key) {
    return Optional.ofNullable(givenItems.get(key.digest().hex()));
  }

  boolean isNeeded(Step<?> step) {
    return !unneeded.contains(step.name());
  }

  /** Whether an output that was kept then may be taken. */
  boolean isFresh(Step<?> step, Instant at) {
    boolean refreshed = settings.refreshesAll() || settings.refreshed().contains(step.name());
    return (!refreshed || !at.isBefore(startedAt))
        && CacheLookup.isYoung(step, at, clock.instant());
  }

  /** Begins a work that a cancellation interrupts. */
  Interruption begin() {
    Interruption begun = new Interruption();
    boolean late;
    synchronized (working) {
      working.add(begun);
      late = cancelled;
    }
    if (late) {
      begun.interrupt(Interruption.Cause.CANCELLATION);
    }
    return begun;
  }

  /** Ends the work; says whether and why it was interrupted. */
  Interruption.@Nullable Cause end(Interruption work) {
    synchronized (working) {
      working.remove(work);
    }
    return work.end();
  }

  boolean isCancelled() {
    synchronized (working) {
      return cancelled;
    }
  }

  /** Interrupts what goes on; says whether this was the first time. */
  boolean cancel() {
    Set<Interruption> all;
    synchronized (working) {
      if (cancelled) {
        return false;
      }
      cancelled = true;
      all = Set.copyOf(working);
    }
    all.forEach(each -> each.interrupt(Interruption.Cause.CANCELLATION));
    pool.hurry();
    return true;
  }

  /** Whether it was cancelled because another run has its lease. */
  boolean wasTakenOver() {
    return takenOver;
  }

  /** The lease is given up, and that it is gone means nothing from now on. */
  void quiet() {
    quiet = true;
  }

  /** Says that the claims of this run are held by somebody who lives; tried again if it fails. */
  void beat() {
    try {
      cache.beat(token, clock.instant());
      if (!quiet && !isCancelled() && lease != null && !lease.isHeld()) {
        LOG.warn("run {} is cancelled: another run took its pipeline over", run.id());
        takenOver = true;
        boolean unused = cancel();
      }
    } catch (Throwable e) {
      LOG.warn("the claims of run {} were not renewed; that is tried again", run.id(), e);
    }
  }
}
