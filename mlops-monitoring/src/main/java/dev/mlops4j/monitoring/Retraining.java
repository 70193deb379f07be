package dev.mlops4j.monitoring;

import dev.mlops4j.storage.Database;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.Workspace;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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
 * Trains a model again when an alert calls for it: a sink that decides by a small policy, runs a
 * function and remembers why it ran and what came of it.
 *
 * <pre>{@code
 * Retraining retraining = Retraining.of("flight-delay").in(workspace)
 *     .on(AlertKind.CALIBRATION, AlertKind.LABEL_DRIFT)
 *     .coolDown(Duration.ofDays(28))
 *     .run(trigger -> pipeline.trainUntil(trigger.alert().end()))
 *     .build();
 * Monitor<Flight, Boolean> monitor =
 *     Monitor.of("flight-delay", LATE).in(workspace).alertTo(retraining).build();
 * }</pre>
 *
 * <p>What was decided is stored before the function runs. If the process dies meanwhile, {@link
 * #resume} or the next alert in any process runs it again with the same trigger id, so the function
 * must be able to tell by it what it has done already. At most one retraining of a model runs at a
 * time, also with several processes; what an alert calls for meanwhile is left to the alert's next
 * repetition. Safe for any number of threads.
 */
public final class Retraining implements AlertSink {

  private static final Logger LOG = LoggerFactory.getLogger(Retraining.class);

  private final String model;
  private final Set<AlertKind> kinds;
  private final Duration coolDown;
  private final InstantSource clock;
  private final Executor executor;
  private final Function<RetrainingTrigger, String> work;
  private final JdbcRetrainings store;

  private Retraining(
      Builder builder,
      InstantSource clock,
      Function<RetrainingTrigger, String> work,
      JdbcRetrainings store) {
    this.model = builder.model;
    this.kinds = EnumSet.copyOf(builder.kinds);
    this.coolDown = builder.coolDown;
    this.executor = builder.executor;
    this.clock = clock;
    this.work = work;
    this.store = store;
  }

  /** Starts to configure the retraining of a model. */
  public static Builder of(String model) {
    return new Builder(model);
  }

  /**
   * Runs the function if the alert calls for it: it is of this model and of a kind that counts, no
   * retraining runs, and since the last one that did not fail was decided the cool-down has passed.
   * A retraining that a dead process left is run in place of a new one.
   */
  @Override
  public void alert(Alert alert) {
    if (!alert.model().equals(model) || resume() || !kinds.contains(alert.kind())) {
      return;
    }
    Instant now = clock.instant();
    String id = "retrain-" + alert.id() + "-" + alert.repeats();
    Optional<RetrainingTrigger> begun =
        store.begin(id, alert, now, earlier -> !now.isBefore(earlier.triggeredAt().plus(coolDown)));
    begun.ifPresent(this::execute);
  }

  /** The same as for a new alert: what came too early then may be due now. */
  @Override
  public void repeated(Alert alert) {
    alert(alert);
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

  private void execute(RetrainingTrigger trigger) {
    try {
      executor.execute(() -> run(trigger));
    } catch (RejectedExecutionException e) {
      store.release(trigger.id());
      LOG.error("retraining {} was refused by its executor and waits", trigger.id(), e);
    }
  }

  private void run(RetrainingTrigger trigger) {
    LOG.info("retraining {} begins: {}", trigger.id(), trigger.alert());
    String result;
    try {
      result = String.valueOf(work.apply(trigger));
    } catch (Throwable e) {
      // Also an Error, as of a native library that is absent: else it would count as running.
      LOG.error("retraining {} failed", trigger.id(), e);
      store.end(trigger.id(), RetrainingRecord.State.FAILED, clock.instant(), String.valueOf(e));
      return;
    }
    store.end(trigger.id(), RetrainingRecord.State.DONE, clock.instant(), result);
    LOG.info("retraining {} is done: {}", trigger.id(), result);
  }

  /** The settings of a {@link Retraining}. Not safe for use by several threads. */
  public static final class Builder {

    private final String model;
    private final Set<AlertKind> kinds = EnumSet.noneOf(AlertKind.class);
    private Duration coolDown = Duration.ofDays(28);
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

    /** The kinds of alerts that call for it; at least one. */
    public Builder on(AlertKind... kinds) {
      this.kinds.addAll(List.of(kinds));
      return this;
    }

    /** How long after one was decided no other is; 28 days unless stated. */
    public Builder coolDown(Duration coolDown) {
      this.coolDown = coolDown;
      return this;
    }

    /** What runs the function; the thread that delivers the alert unless stated. */
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
      List<String> problems = new ArrayList<>();
      if (workspace == null) {
        problems.add("in(workspace) is missing: say where it is remembered");
      }
      if (work == null) {
        problems.add("run(function) is missing: say what is to be done");
      }
      if (kinds.isEmpty()) {
        problems.add("on(kinds) is missing: say which alerts call for it");
      }
      if (coolDown.isNegative()) {
        problems.add("coolDown(" + coolDown + ") is not accepted: 0 or more");
      }
      if (workspace == null || work == null || !problems.isEmpty()) {
        throw new MonitorConfigurationException("the retraining of \"" + model + "\"", problems);
      }
      Database database = JdbcMonitoringSchema.over(workspace.database(Area.LEDGER));
      JdbcRetrainings store = new JdbcRetrainings(new JdbcMonitoringSchema.Model(database, model));
      return new Retraining(this, workspace.clock(), work, store);
    }
  }
}
