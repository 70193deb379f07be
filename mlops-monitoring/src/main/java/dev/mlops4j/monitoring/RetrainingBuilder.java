package dev.mlops4j.monitoring;

import dev.mlops4j.pipeline.PipelineLaunch;
import dev.mlops4j.pipeline.Timing;
import dev.mlops4j.storage.Database;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.Workspace;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The settings of a {@link Retraining}. Not safe for use by several threads. */
public final class RetrainingBuilder {

  /** How long a process need not show that it lives unless stated. */
  public static final Duration DEFAULT_LEASE = Duration.ofMinutes(1);

  private static final Duration LEAST_LEASE = Duration.ofMillis(100);

  final String model;
  private final Set<AlertKind> kinds = EnumSet.noneOf(AlertKind.class);
  final List<AlertSink> sinks = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private @Nullable Timing timing;
  private long newRows;
  private long leastRows;
  Retraining.@Nullable RowCounter rows;
  @Nullable Duration window;
  private @Nullable Duration coolDown;
  private @Nullable QuietHours quietHours;
  private int mostPerWeek = Integer.MAX_VALUE;
  private Duration backOff = Duration.ofHours(1);
  Executor executor = Runnable::run;
  Duration lease = DEFAULT_LEASE;
  private @Nullable Workspace workspace;
  private @Nullable RetrainingWork work;

  RetrainingBuilder(String model) {
    this.model = model;
  }

  /** The workspace whose ledger and clock are used. */
  public RetrainingBuilder in(Workspace workspace) {
    this.workspace = workspace;
    return this;
  }

  /** The kinds of alerts that call for it. */
  public RetrainingBuilder on(AlertKind... kinds) {
    this.kinds.addAll(List.of(kinds));
    return this;
  }

  /**
   * The times that call for it, unless one that did not fail was decided since; by {@link
   * Retraining#check}.
   */
  public RetrainingBuilder planned(Timing timing) {
    this.timing = timing;
    return this;
  }

  /**
   * How many labelled rows that are new since the last one call for it; by {@link
   * Retraining#check}.
   */
  public RetrainingBuilder onNewRows(long rows) {
    requireThat(rows > 0, "onNewRows(" + rows + ") is not accepted: 1 or more");
    this.newRows = rows;
    return this;
  }

  /**
   * How many labelled rows there must be that are new since the last one, or before the first one
   * at all, whatever calls for it.
   */
  public RetrainingBuilder atLeastNewRows(long rows) {
    requireThat(rows > 0, "atLeastNewRows(" + rows + ") is not accepted: 1 or more");
    this.leastRows = rows;
    return this;
  }

  /**
   * What counts new labelled rows; the predictions of the ledger that got an outcome unless stated,
   * which takes time in proportion to all outcomes of the model.
   */
  public RetrainingBuilder rows(Retraining.RowCounter counter) {
    this.rows = counter;
    return this;
  }

  /** How long before the trigger the rows to train on begin; all there are unless stated. */
  public RetrainingBuilder window(Duration length) {
    requireThat(
        !length.isNegative() && !length.isZero(),
        "window(" + length + ") is not accepted: more than 0");
    this.window = length;
    return this;
  }

  /**
   * How long after one was decided that did not fail no other is, whatever calls for it; after a
   * planned one it counts from the planned time. Unless stated, there is none against planned times
   * and new rows, and 28 days against what an alert alone calls for: after one that an alert alone
   * called for, and after whichever was begun since this alert was raised.
   */
  public RetrainingBuilder coolDown(Duration coolDown) {
    requireThat(!coolDown.isNegative(), "coolDown(" + coolDown + ") is not accepted: 0 or more");
    this.coolDown = coolDown;
    return this;
  }

  /**
   * Hours of each day in which none is begun; what calls for it then is heard by {@link
   * Retraining#check} after them.
   *
   * @param to excluded; before {@code from} if they last past midnight
   */
  public RetrainingBuilder quietHours(LocalTime from, LocalTime to, ZoneId zone) {
    requireThat(
        !from.equals(to), "quietHours(" + from + ", " + to + ") is not accepted: they differ");
    this.quietHours = new QuietHours(from, to, zone);
    return this;
  }

  /**
   * How many are begun in seven days at most, those that fail included; any number unless stated.
   */
  public RetrainingBuilder atMostPerWeek(int most) {
    requireThat(most > 0, "atMostPerWeek(" + most + ") is not accepted: 1 or more");
    this.mostPerWeek = most;
    return this;
  }

  /**
   * How long after the second failure in a row none is begun, and twice as long after each further
   * one; an hour unless stated.
   */
  public RetrainingBuilder backOff(Duration first) {
    requireThat(!first.isNegative(), "backOff(" + first + ") is not accepted: 0 or more");
    this.backOff = first;
    return this;
  }

  /**
   * Where an alert of the kind {@link AlertKind#RETRAINING} goes from the second failure in a row
   * on.
   */
  public RetrainingBuilder alertTo(AlertSink sink) {
    sinks.add(sink);
    return this;
  }

  /**
   * What runs it; the thread that delivers the alert or checks unless stated. What an executor
   * takes and then drops counts as running while the process lives.
   */
  public RetrainingBuilder executor(Executor executor) {
    this.executor = executor;
    return this;
  }

  /**
   * How long a process that runs one need not show that it lives; {@link #DEFAULT_LEASE} unless
   * stated. So long after its last sign another process takes over, at once if it sees on its own
   * host that the process has ended. A sign is given every third of it, by a thread of its own. The
   * clocks of the hosts must not differ by more than a third of it.
   */
  public RetrainingBuilder lease(Duration length) {
    requireThat(
        length.compareTo(LEAST_LEASE) >= 0,
        "lease(" + length + ") is not accepted: " + LEAST_LEASE + " or longer");
    this.lease = length;
    return this;
  }

  /** What is to be done, unless a pipeline; gives in a sentence what came of it. */
  public RetrainingBuilder run(Function<RetrainingTrigger, String> function) {
    requireThat(work == null, "run(function) is not accepted beside what is to be run already");
    this.work = lease -> String.valueOf(function.apply(lease.trigger()));
    return this;
  }

  /**
   * What is to be done is the run of a pipeline. If its process dies, another goes on with the same
   * run; it begins another one if the pipeline or a parameter has changed since, or the run was
   * deleted. While another run of the pipeline goes on it waits, and so does the {@link #executor}.
   *
   * <pre>{@code
   * .pipeline(trigger -> PIPELINE.in(workspace)
   *     .parameter(FROM, trigger.from())
   *     .parameter(UP_TO, trigger.triggeredAt()))
   * }</pre>
   *
   * @param launch how it is run; asked again by each process that goes on with it, and must give
   *     the same parameters for the same trigger, and refresh no step. The run gets the tags {@code
   *     retraining}, which is the trigger's id, {@code retraining.why}, the words that say what
   *     called for it, and {@code retraining.alert}, the id of the alert if one did
   */
  public RetrainingBuilder pipeline(Function<RetrainingTrigger, PipelineLaunch> launch) {
    requireThat(work == null, "pipeline(launch) is not accepted beside what is to be run already");
    this.work = new PipelineWork(launch);
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
      all.add("run(function) is missing, pipeline(launch) too: say what is to be done");
    }
    if (kinds.isEmpty() && timing == null && newRows == 0) {
      all.add("on(kinds) is missing, planned(timing) and onNewRows(n) too: say what calls for it");
    }
    policy()
        .shorterThanCoolDown()
        .ifPresent(
            between ->
                all.add(
                    "coolDown("
                        + coolDown
                        + ") is not accepted beside planned times "
                        + between
                        + " apart, which it would hold back: shorter than that"));
    if (kinds.contains(AlertKind.RETRAINING)) {
      all.add("on(RETRAINING) is not accepted: a failure is made good by check()");
    }
    if (kinds.contains(AlertKind.UNJUDGED)) {
      all.add("on(UNJUDGED) is not accepted: what is not judged says nothing about the model");
    }
    if (workspace == null || work == null || !all.isEmpty()) {
      throw new MonitorConfigurationException("the retraining of \"" + model + "\"", all);
    }
    Database database = JdbcMonitoringSchema.over(workspace.database(Area.LEDGER));
    JdbcRetrainings store = new JdbcRetrainings(new JdbcMonitoringSchema.Model(database, model));
    return new Retraining(this, workspace, work, store);
  }

  RetrainingPolicy policy() {
    return new RetrainingPolicy(
        kinds, timing, newRows, leastRows, coolDown, quietHours, mostPerWeek, backOff);
  }

  private void requireThat(boolean holds, String otherwise) {
    if (!holds) {
      problems.add(otherwise);
    }
  }
}
