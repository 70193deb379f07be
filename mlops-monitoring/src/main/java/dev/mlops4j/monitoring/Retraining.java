package dev.mlops4j.monitoring;

import dev.mlops4j.monitoring.RetrainingRecord.State;
import dev.mlops4j.pipeline.PipelineFailedException;
import dev.mlops4j.pipeline.PipelineRunningException;
import dev.mlops4j.pipeline.WorkspaceClosingException;
import dev.mlops4j.workspace.Workspace;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains a model again when something calls for it, by a policy: alerts, planned times, new
 * labelled rows. Runs a function, and remembers why it ran and what came of it.
 *
 * <pre>{@code
 * Retraining retraining = Retraining.of("flight-delay").in(workspace)
 *     .on(AlertKind.CALIBRATION, AlertKind.LABEL_DRIFT)
 *     .planned(Timing.cron("0 3 * * MON", ZoneId.of("America/New_York")))
 *     .onNewRows(50_000)
 *     .coolDown(Duration.ofDays(3))
 *     .run(trigger -> pipeline.train(trigger.from(), trigger.triggeredAt()))
 *     .build();
 * Monitor<Flight, Boolean> monitor =
 *     Monitor.of("flight-delay", LATE).in(workspace).alertTo(retraining).build();
 * scheduler.schedule("retraining").every(Duration.ofHours(1)).run(f -> "" + retraining.check());
 * }</pre>
 *
 * <p>What was decided is stored before the function runs. Its process holds a {@linkplain
 * RetrainingBuilder#lease lease}. If it dies meanwhile, {@link #resume}, the next {@link #check} or
 * the next alert in any process runs it again with the same trigger id, so the function must be
 * able to tell by it what it has done already; a {@linkplain RetrainingBuilder#pipeline pipeline}
 * goes on where it was. If three processes die of it, it has failed. At most one retraining of a
 * model runs at a time, also with several processes; one that was only suspended is interrupted,
 * and what it gives is not recorded. Work that throws because its thread was interrupted, as by the
 * end of a scheduler, has not failed but waits for the next check; so does a pipeline that the
 * close of its workspace has cut off. Times are of the workspace's clock, and those of leases of
 * its system clock. Safe for any number of threads.
 */
public final class Retraining implements AlertSink {

  private static final Logger LOG = LoggerFactory.getLogger(Retraining.class);

  private static final RetrainingDecision LEFT_UNDONE =
      new RetrainingDecision(true, List.of("an earlier one was left undone"), List.of());

  private final String model;
  private final RetrainingPolicy policy;
  private final @Nullable Duration window;
  private final @Nullable RowCounter rows;
  private final InstantSource clock;
  private final Executor executor;
  private final RetrainingWork work;
  private final JdbcRetrainings store;
  private final RetrainingLeases leases;
  private final RetrainingFailures failures;

  Retraining(
      RetrainingBuilder settings, Workspace workspace, RetrainingWork work, JdbcRetrainings store) {
    this.model = settings.model;
    this.policy = settings.policy();
    this.window = settings.window;
    this.rows = settings.rows;
    this.executor = settings.executor;
    this.clock = workspace.clock();
    this.work = work;
    this.store = store;
    this.leases = new RetrainingLeases(store, workspace.systemClock(), settings.lease);
    this.failures = new RetrainingFailures(model, settings.sinks);
  }

  /** Starts to configure the retraining of a model. */
  public static RetrainingBuilder of(String model) {
    return new RetrainingBuilder(model);
  }

  /** Counts labelled rows. */
  @FunctionalInterface
  public interface RowCounter {

    /** How many rows have a label that became known after one instant, and at the other at last. */
    long count(Instant after, Instant upTo);
  }

  /**
   * Runs the function if the alert calls for it: it is of this model and of a kind that counts, and
   * nothing in the policy stands against it. A retraining that was left undone is run in place of a
   * new one.
   */
  @Override
  public void alert(Alert alert) {
    if (!alert.model().equals(model)) {
      return;
    }
    store.ask(clock.instant());
    if (!resume() && policy.kinds().contains(alert.kind())) {
      RetrainingDecision unused = decide(alert, id(alert));
    }
  }

  /** The same as for a new alert: what came too early then may be due now. */
  @Override
  public void repeated(Alert alert) {
    alert(alert);
  }

  /**
   * Runs the function if a planned time, new labelled rows or an alert that goes on call for it and
   * nothing in the policy stands against it; to be called by a schedule, each hour for instance. An
   * alert goes on as {@link MonitorReport#openAlerts} has it: so one that came in quiet hours is
   * heard after them, and a failure is made good. A retraining that was left undone, as by a
   * process that died, is run in place of a new one.
   *
   * <p>The first call of all processes, or the first alert, begins the time from which on planned
   * times and new rows count.
   *
   * @return what was decided; what came of it is in the {@link #history}
   */
  public RetrainingDecision check() {
    store.ask(clock.instant());
    if (resume()) {
      return LEFT_UNDONE;
    }
    List<RetrainingRecord> past = store.all();
    Alert alert = goingOn().orElse(null);
    String id = "retrain-" + (past.size() + 1) + "-at-" + clock.instant();
    if (alert != null) {
      String heard = id(alert);
      boolean isHeard = past.stream().anyMatch(each -> each.id().equals(heard));
      id = isHeard ? id : heard;
    }
    return decide(alert, id);
  }

  /** What {@link #check} would decide now: a dry run, which changes nothing. */
  public RetrainingDecision plan() {
    Instant now = clock.instant();
    if (!policy.isQuiet(now) && leases.isLeftUndone()) {
      return LEFT_UNDONE;
    }
    return planned(goingOn().orElse(null), store.all(), now);
  }

  /**
   * Runs what a process that has died, or an executor that refused, left undone; in quiet hours
   * nothing. What three processes died of is not run again but has failed.
   *
   * @return whether something is run
   */
  public boolean resume() {
    Instant now = clock.instant();
    if (policy.isQuiet(now)) {
      return false;
    }
    if (leases.giveUp(now)) {
      LOG.error("a retraining of {} has failed: the processes that ran it died", model);
      tellOfFailures();
    }
    Optional<RetrainingLease> left = leases.takeOver();
    left.ifPresent(this::execute);
    return left.isPresent();
  }

  /** All retrainings of the model, in the order in which they were decided. */
  public List<RetrainingRecord> history() {
    return store.all();
  }

  /** The same for the same delivery, so that one that comes twice is heard once. */
  private static String id(Alert alert) {
    return "retrain-" + alert.id() + "-" + alert.repeats();
  }

  private RetrainingDecision decide(@Nullable Alert alert, String id) {
    while (true) {
      // As it is stored, so that another process gives its work the same times.
      Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
      List<RetrainingRecord> past = store.all();
      RetrainingDecision decision = planned(alert, past, now);
      if (decision.runs() && past.stream().anyMatch(each -> each.id().equals(id))) {
        return new RetrainingDecision(
            false, decision.why(), List.of("it was decided before, as " + id));
      }
      if (!decision.runs()) {
        LOG.debug("{} {}", model, decision);
        return decision;
      }
      Instant from = window == null ? Instant.EPOCH : now.minus(window);
      RetrainingTrigger trigger = new RetrainingTrigger(id, decision.why(), alert, now, from);
      Optional<RetrainingLease> begun = leases.begin(trigger, past);
      if (begun.isPresent()) {
        execute(begun.get());
        return decision;
      }
      // Another process has decided meanwhile: what it left is looked at again.
    }
  }

  private RetrainingDecision planned(
      @Nullable Alert alert, List<RetrainingRecord> past, Instant now) {
    Instant since = store.since(now);
    return policy.decide(alert, past, since, now, after -> count(after, now));
  }

  private long count(Instant after, Instant upTo) {
    return rows == null ? store.labelledRows(after, upTo) : rows.count(after, upTo);
  }

  /** The last alert of a kind that counts that no retraining was begun for and that goes on. */
  private Optional<Alert> goingOn() {
    Instant now = clock.instant();
    Instant heard = RetrainingPolicy.newSince(store.all(), store.since(now));
    return store.openAlerts().stream()
        .filter(alert -> policy.kinds().contains(alert.kind()))
        .filter(alert -> alert.end().isAfter(heard))
        .reduce((one, later) -> later);
  }

  /** Gives a sign of life, as its thread does from time to time. */
  void beat() {
    leases.beat();
  }

  private void execute(RetrainingLease lease) {
    try {
      executor.execute(() -> run(lease));
    } catch (RejectedExecutionException e) {
      lease.release();
      LOG.error("retraining {} was refused by its executor and waits", lease.id(), e);
    }
  }

  private void run(RetrainingLease lease) {
    if (!lease.begin()) {
      return;
    }
    LOG.info("retraining {} of {} begins: {}", lease.id(), model, lease.trigger().why());
    String result = null;
    Throwable failure = null;
    try {
      result = work.run(lease);
    } catch (Throwable e) {
      // Also an Error, as of a native library that is absent: else it would count as running.
      failure = e;
    }
    // The thread is interrupted again at last: a database may not be used by one that is.
    boolean interrupted = lease.leave() || (isInterrupt(failure) && !lease.isLost());
    if (failure == null) {
      String words = String.valueOf(result);
      Runnable stored = () -> LOG.info("retraining {} is done: {}", lease.id(), words);
      lease.end(State.DONE, clock.instant(), words, stored);
    } else if (interrupted
        || failure instanceof PipelineRunningException
        || failure instanceof WorkspaceClosingException) {
      lease.release();
      LOG.warn(
          "retraining {} waits for the next check or alert: {}", lease.id(), failure.toString());
    } else {
      LOG.error("retraining {} failed", lease.id(), failure);
      lease.end(State.FAILED, clock.instant(), failure.toString(), this::tellOfFailures);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void tellOfFailures() {
    try {
      failures.tell(store.all());
    } catch (RuntimeException e) {
      LOG.error("whether to alert of the retrainings of {} could not be read", model, e);
    }
  }

  /** What interrupts a step of a pipeline says nothing of this thread. */
  private static boolean isInterrupt(@Nullable Throwable failure) {
    for (Throwable each = failure;
        each != null && !(each instanceof PipelineFailedException);
        each = each.getCause()) {
      if (each instanceof InterruptedException || each instanceof ClosedByInterruptException) {
        return true;
      }
    }
    return false;
  }
}
