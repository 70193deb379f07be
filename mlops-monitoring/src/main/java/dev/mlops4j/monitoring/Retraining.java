package dev.mlops4j.monitoring;

import dev.mlops4j.pipeline.Timing;
import dev.mlops4j.storage.Database;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.Workspace;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
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
 *     .coolDown(Duration.ofDays(7))
 *     .run(trigger -> pipeline.train(trigger.from(), trigger.triggeredAt()))
 *     .build();
 * Monitor<Flight, Boolean> monitor =
 *     Monitor.of("flight-delay", LATE).in(workspace).alertTo(retraining).build();
 * scheduler.schedule("retraining").every(Duration.ofHours(1)).run(f -> "" + retraining.check());
 * }</pre>
 *
 * <p>What was decided is stored before the function runs. If the process dies meanwhile, {@link
 * #resume}, the next {@link #check} or the next alert in any process runs it again with the same
 * trigger id, so the function must be able to tell by it what it has done already. At most one
 * retraining of a model runs at a time, also with several processes. Times are of the workspace's
 * clock. Safe for any number of threads.
 */
public final class Retraining implements AlertSink {

  private static final Logger LOG = LoggerFactory.getLogger(Retraining.class);

  private final String model;
  private final RetrainingPolicy policy;
  private final @Nullable Duration window;
  private final @Nullable RowCounter rows;
  private final InstantSource clock;
  private final Executor executor;
  private final Function<RetrainingTrigger, String> work;
  private final JdbcRetrainings store;
  private final RetrainingFailures failures;

  private Retraining(
      Builder builder,
      InstantSource clock,
      Function<RetrainingTrigger, String> work,
      JdbcRetrainings store) {
    this.model = builder.model;
    this.policy = builder.policy();
    this.window = builder.window;
    this.rows = builder.rows;
    this.executor = builder.executor;
    this.clock = clock;
    this.work = work;
    this.store = store;
    this.failures = new RetrainingFailures(model, builder.sinks);
  }

  /** Starts to configure the retraining of a model. */
  public static Builder of(String model) {
    return new Builder(model);
  }

  /** Counts labelled rows. */
  @FunctionalInterface
  public interface RowCounter {

    /** How many rows have a label that became known after one instant, and at the other at last. */
    long count(Instant after, Instant upTo);
  }

  /**
   * Runs the function if the alert calls for it: it is of this model and of a kind that counts, and
   * nothing in the policy stands against it. A retraining that a dead process left is run in place
   * of a new one.
   */
  @Override
  public void alert(Alert alert) {
    if (alert.model().equals(model) && !resume() && policy.kinds().contains(alert.kind())) {
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
   * alert goes on if the last window that alerted ended less than its length ago: so one that came
   * in quiet hours is heard after them, and a failure is made good. A retraining that a dead
   * process left is run in place of a new one.
   *
   * <p>The first call of all processes begins the time from which on planned times and new rows
   * count.
   *
   * @return what was decided; what came of it is in the {@link #history}
   */
  public RetrainingDecision check() {
    store.ask(clock.instant());
    if (resume()) {
      return new RetrainingDecision(true, List.of("a dead process left one"), List.of());
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
    return planned(goingOn().orElse(null), store.all(), clock.instant());
  }

  /**
   * Runs what a process that has died, or an executor that refused, left undone.
   *
   * @return whether there was something
   */
  public boolean resume() {
    Optional<RetrainingTrigger> left = store.takeOver();
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
      Instant now = clock.instant();
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
      if (store.begin(trigger, past)) {
        execute(trigger);
        return decision;
      }
      // Another process has decided meanwhile: what it left is looked at again.
    }
  }

  private RetrainingDecision planned(
      @Nullable Alert alert, List<RetrainingRecord> past, Instant now) {
    Instant since = store.since(now);
    return policy.decide(
        alert, past, since, now, () -> count(RetrainingPolicy.newSince(past, since), now));
  }

  private long count(Instant after, Instant upTo) {
    return rows == null ? store.labelledRows(after, upTo) : rows.count(after, upTo);
  }

  /** The last alert of a kind that counts that no retraining was begun for and that goes on. */
  private Optional<Alert> goingOn() {
    Instant now = clock.instant();
    Instant heard = RetrainingPolicy.newSince(store.all(), store.since(now));
    return store.alerts().stream()
        .filter(alert -> policy.kinds().contains(alert.kind()))
        .filter(alert -> alert.end().isAfter(heard))
        .filter(alert -> alert.end().plus(alert.length()).isAfter(now))
        .reduce((one, later) -> later);
  }

  private void execute(RetrainingTrigger trigger) {
    try {
      executor.execute(() -> run(trigger));
    } catch (RejectedExecutionException e) {
      store.release(trigger.id());
      LOG.error("retraining {} was refused by its executor and waits", trigger.id(), e);
    }
  }

  private void run(RetrainingTrigger trigger) {
    LOG.info("retraining {} of {} begins: {}", trigger.id(), model, trigger.why());
    String result;
    try {
      result = String.valueOf(work.apply(trigger));
    } catch (Throwable e) {
      // Also an Error, as of a native library that is absent: else it would count as running.
      LOG.error("retraining {} failed", trigger.id(), e);
      store.end(trigger.id(), RetrainingRecord.State.FAILED, clock.instant(), String.valueOf(e));
      failures.tell(store.all());
      return;
    }
    store.end(trigger.id(), RetrainingRecord.State.DONE, clock.instant(), result);
    LOG.info("retraining {} is done: {}", trigger.id(), result);
  }

  /** The settings of a {@link Retraining}. Not safe for use by several threads. */
  public static final class Builder {

    private final String model;
    private final Set<AlertKind> kinds = EnumSet.noneOf(AlertKind.class);
    private final List<AlertSink> sinks = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private @Nullable Timing timing;
    private long newRows;
    private long leastRows;
    private @Nullable RowCounter rows;
    private @Nullable Duration window;
    private Duration coolDown = Duration.ofDays(28);
    private @Nullable QuietHours quietHours;
    private int mostPerWeek = Integer.MAX_VALUE;
    private Duration backOff = Duration.ofHours(1);
    private Executor executor = Runnable::run;
    private @Nullable Workspace workspace;
    private @Nullable Function<RetrainingTrigger, String> work;

    private Builder(String model) {
      this.model = model;
    }

    /** The workspace whose ledger and clock are used. */
    public Builder in(Workspace workspace) {
      this.workspace = workspace;
      return this;
    }

    /** The kinds of alerts that call for it. */
    public Builder on(AlertKind... kinds) {
      this.kinds.addAll(List.of(kinds));
      return this;
    }

    /**
     * The times that call for it, unless one that did not fail was decided since; by {@link
     * #check}.
     */
    public Builder planned(Timing timing) {
      this.timing = timing;
      return this;
    }

    /** How many labelled rows that are new since the last one call for it; by {@link #check}. */
    public Builder onNewRows(long rows) {
      requireThat(rows > 0, "onNewRows(" + rows + ") is not accepted: 1 or more");
      this.newRows = rows;
      return this;
    }

    /** How many labelled rows there must be since the last one, whatever calls for it. */
    public Builder atLeastNewRows(long rows) {
      requireThat(rows > 0, "atLeastNewRows(" + rows + ") is not accepted: 1 or more");
      this.leastRows = rows;
      return this;
    }

    /**
     * What counts new labelled rows; the predictions of the ledger that got an outcome unless
     * stated, which takes time in proportion to all outcomes of the model.
     */
    public Builder rows(RowCounter counter) {
      this.rows = counter;
      return this;
    }

    /** How long before the trigger the rows to train on begin; all there are unless stated. */
    public Builder window(Duration length) {
      requireThat(
          !length.isNegative() && !length.isZero(),
          "window(" + length + ") is not accepted: more than 0");
      this.window = length;
      return this;
    }

    /** How long after one was decided that did not fail no other is; 28 days unless stated. */
    public Builder coolDown(Duration coolDown) {
      requireThat(!coolDown.isNegative(), "coolDown(" + coolDown + ") is not accepted: 0 or more");
      this.coolDown = coolDown;
      return this;
    }

    /**
     * Hours of each day in which none is begun; what calls for it then is heard by {@link #check}
     * after them.
     *
     * @param to excluded; before {@code from} if they last past midnight
     */
    public Builder quietHours(LocalTime from, LocalTime to, ZoneId zone) {
      requireThat(
          !from.equals(to), "quietHours(" + from + ", " + to + ") is not accepted: they differ");
      this.quietHours = new QuietHours(from, to, zone);
      return this;
    }

    /**
     * How many are begun in seven days at most, those that fail included; any number unless stated.
     */
    public Builder atMostPerWeek(int most) {
      requireThat(most > 0, "atMostPerWeek(" + most + ") is not accepted: 1 or more");
      this.mostPerWeek = most;
      return this;
    }

    /**
     * How long after the second failure in a row none is begun, and twice as long after each
     * further one; an hour unless stated.
     */
    public Builder backOff(Duration first) {
      requireThat(!first.isNegative(), "backOff(" + first + ") is not accepted: 0 or more");
      this.backOff = first;
      return this;
    }

    /**
     * Where an alert of the kind {@link AlertKind#RETRAINING} goes from the second failure in a row
     * on.
     */
    public Builder alertTo(AlertSink sink) {
      sinks.add(sink);
      return this;
    }

    /** What runs the function; the thread that delivers the alert or checks unless stated. */
    public Builder executor(Executor executor) {
      this.executor = executor;
      return this;
    }

    /** What is to be done; gives in a sentence what came of it. */
    public Builder run(Function<RetrainingTrigger, String> work) {
      this.work = work;
      return this;
    }

    /**
     * The retraining, ready to be a monitor's sink.
     *
     * @throws MonitorConfigurationException with all that is wrong
     */
    public Retraining build() {
      List<String> all = new ArrayList<>(problems);
      if (workspace == null) {
        all.add("in(workspace) is missing: say where it is remembered");
      }
      if (work == null) {
        all.add("run(function) is missing: say what is to be done");
      }
      if (kinds.isEmpty() && timing == null && newRows == 0) {
        all.add(
            "on(kinds) is missing, planned(timing) and onNewRows(n) too: say what calls for it");
      }
      if (kinds.contains(AlertKind.RETRAINING)) {
        all.add("on(RETRAINING) is not accepted: a failure is made good by check()");
      }
      if (workspace == null || work == null || !all.isEmpty()) {
        throw new MonitorConfigurationException("the retraining of \"" + model + "\"", all);
      }
      Database database = JdbcMonitoringSchema.over(workspace.database(Area.LEDGER));
      JdbcRetrainings store = new JdbcRetrainings(new JdbcMonitoringSchema.Model(database, model));
      return new Retraining(this, workspace.clock(), work, store);
    }

    private RetrainingPolicy policy() {
      return new RetrainingPolicy(
          kinds, timing, newRows, leastRows, coolDown, quietHours, mostPerWeek, backOff);
    }

    private void requireThat(boolean holds, String otherwise) {
      if (!holds) {
        problems.add(otherwise);
      }
    }
  }
}
