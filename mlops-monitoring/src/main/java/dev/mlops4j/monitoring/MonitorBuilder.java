package dev.mlops4j.monitoring;

import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.feature.Target;
import dev.mlops4j.model.Signature.Task;
import dev.mlops4j.monitoring.AlertBook.NamedSink;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.storage.Database;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a {@link Monitor}. Not safe for use by several threads.
 *
 * @param <T> the records
 * @param <L> the labels
 */
public final class MonitorBuilder<T, L> {

  /** How long a window is unless stated. */
  public static final Duration DEFAULT_WINDOW = Duration.ofDays(7);

  /** How long after a window's end its outcomes are awaited unless stated. */
  public static final Duration DEFAULT_OUTCOME_GRACE = Duration.ofDays(1);

  /** How many predictions and outcomes wait at most to be recorded unless stated. */
  public static final int DEFAULT_QUEUE_CAPACITY = 65_536;

  /** Of how many predictions the request is kept, once a feature log is asked for: one percent. */
  public static final double DEFAULT_LOGGED_SHARE = 0.01;

  /** The share of reports of a single window that have a false alarm at most: one in twenty. */
  public static final double DEFAULT_FALSE_ALARM_RATE = Judge.ALPHA;

  /** How many bytes of a spool wait at most for the ledger unless stated: one GiB. */
  public static final long DEFAULT_SPOOL_BYTES = 1L << 30;

  private static final int[] DEFAULT_SPANS = {1, 4, 8};
  private static final int MAX_QUEUE_CAPACITY = 1 << 24;
  private static final int MAX_SPAN = 100;
  static final long LEAST_SPOOL_BYTES = 16 << 20;
  private static final Duration LEAST_WINDOW = Duration.ofMinutes(1);
  private static final Duration GREATEST_WINDOW = Duration.ofDays(3660);

  private final String model;
  private final Target<T, L> target;
  private final List<NamedSink> sinks = new ArrayList<>();
  private @Nullable Workspace workspace;
  private Duration window = DEFAULT_WINDOW;
  private int @Nullable [] spans;
  private MonitorReference reference = MonitorReference.training();
  private Duration outcomeGrace = DEFAULT_OUTCOME_GRACE;
  private @Nullable FeatureSet<T> logged;
  private double loggedShare;
  private int queueCapacity = DEFAULT_QUEUE_CAPACITY;
  private @Nullable Path spool;
  private long spoolBytes;
  private final List<AlertRule> rules = new ArrayList<>();
  private final List<Segment> segments = new ArrayList<>();
  private final List<BusinessMetric> metrics = new ArrayList<>();
  private @Nullable Duration retention;
  private boolean vectorsKept = true;
  private double falseAlarmRate = DEFAULT_FALSE_ALARM_RATE;

  MonitorBuilder(String model, Target<T, L> target) {
    this.model = model;
    this.target = target;
  }

  /** The workspace whose ledger, registry and clock are used; it closes the monitor with itself. */
  public MonitorBuilder<T, L> in(Workspace workspace) {
    this.workspace = workspace;
    return this;
  }

  /**
   * How long a window is: whole seconds, at least a minute, at most ten years. It must be the
   * length of the reference's windows where it has any; profiles of training sets have weeks.
   */
  public MonitorBuilder<T, L> window(Duration window) {
    this.window = window;
    return this;
  }

  /**
   * Over how many windows, up to the one that ended, verdicts are given; 1, 4 and 8 unless stated,
   * and 1 with {@link MonitorReference#previousWindow}.
   */
  public MonitorBuilder<T, L> spans(int... spans) {
    this.spans = spans.clone();
    return this;
  }

  /**
   * How long after a window's end its outcomes are taken to be in: by then most labels should have
   * come. Those that never come do no harm.
   */
  public MonitorBuilder<T, L> outcomeGrace(Duration outcomeGrace) {
    this.outcomeGrace = outcomeGrace;
    return this;
  }

  /**
   * What windows are compared with; the training data of the version that answered unless stated.
   */
  public MonitorBuilder<T, L> reference(MonitorReference reference) {
    this.reference = reference;
    return this;
  }

  /**
   * Of the reports of a single window the share that has any alert of drift at most, if nothing
   * drifted; {@link #DEFAULT_FALSE_ALARM_RATE} unless stated. A smaller one finds less; what is too
   * small to matter alerts at no rate.
   *
   * <p>Each of the {@linkplain #spans(int...) spans} has a report, and this rate, of its own: of
   * all of them together at most the sum. For one rate of all divide it by their number.
   *
   * @param falseAlarmRate above 0, at most 0.5
   */
  public MonitorBuilder<T, L> falseAlarmRate(double falseAlarmRate) {
    this.falseAlarmRate = falseAlarmRate;
    return this;
  }

  /**
   * A rule that raises alerts; without any, every drift is a warning. May be called several times;
   * each rule has a name of its own.
   */
  public MonitorBuilder<T, L> rule(AlertRule rule) {
    rules.add(rule);
    return this;
  }

  /**
   * Tells apart the performance by a column of the vector: each category, or each number. Not by a
   * sensitive one, whose values would be shown.
   *
   * @param column the name of an input of the model: of one of its latest versions, if there are
   *     any when the monitor is built
   */
  public MonitorBuilder<T, L> segment(String column) {
    segments.add(Segment.column(column));
    return this;
  }

  /**
   * Tells apart the performance by a function of predictions, which must give the same for the same
   * prediction, in any thread; null for one without a value. The most frequent {@link
   * PerformanceReport#MOST_VALUES} values are shown apart.
   */
  public MonitorBuilder<T, L> segment(
      String name, Function<? super RecordedPrediction<L>, ? extends @Nullable String> value) {
    Task task = target.task();
    segments.add(new Segment(name, row -> value.apply(row.recorded(task))));
    return this;
  }

  /**
   * A metric of the business: the mean of a number that each labelled prediction has, such as what
   * a wrong one cost. It is in {@link Performance#business}, and rules know it by its name, which
   * is not that of a metric of any task.
   *
   * @param value a finite number; asked of predictions with an outcome
   */
  public MonitorBuilder<T, L> metric(
      String name, ToDoubleFunction<? super RecordedPrediction<L>> value) {
    Task task = target.task();
    metrics.add(new BusinessMetric(name, row -> value.applyAsDouble(row.recorded(task))));
    return this;
  }

  /**
   * Keeps no vectors in the ledger: features are only counted, by version and window, in the bins
   * of the reference of the version that answered. Of a window that several versions answered, the
   * features of those of the judged version are compared; what it looked like before is not counted
   * anew by a version that comes later. Not with a feature log, a segment by column or {@link
   * MonitorReference#served}, which need vectors.
   */
  public MonitorBuilder<T, L> withoutVectors() {
    this.vectorsKept = false;
    return this;
  }

  /**
   * How long predictions are kept, with their outcomes and requests; for ever unless stated. {@link
   * Monitor#evaluate} removes whole windows that are older and were evaluated with their outcomes;
   * their counts and metrics stay, without any number of a single row, and predictions that were
   * asked before what is removed are no longer taken, but counted as {@linkplain
   * Monitor#droppedCount dropped}. At least as long as the longest span, one window more and the
   * outcome grace. Not with {@link MonitorReference#served}, whose range is counted anew for each
   * version.
   */
  public MonitorBuilder<T, L> retention(Duration retention) {
    this.retention = retention;
    return this;
  }

  /** A sink for the alerts; without any they are logged. May be called several times. */
  public MonitorBuilder<T, L> alertTo(AlertSink sink) {
    return alertTo("unnamed " + UUID.randomUUID(), sink);
  }

  /**
   * The same with a name, by which other processes, and this one after a restart, know what it has
   * heard while another sink fails.
   *
   * @param name its own among the sinks of the monitor, the same in all processes
   */
  public MonitorBuilder<T, L> alertTo(String name, AlertSink sink) {
    sinks.add(
        new NamedSink(Objects.requireNonNull(name, "name"), Objects.requireNonNull(sink, "sink")));
    return this;
  }

  /** How many predictions and outcomes wait at most; what comes beyond is dropped or waits. */
  public MonitorBuilder<T, L> queueCapacity(int queueCapacity) {
    this.queueCapacity = queueCapacity;
    return this;
  }

  /** A spool of {@link #DEFAULT_SPOOL_BYTES}; see {@link #spool(Path, long)}. */
  public MonitorBuilder<T, L> spool(Path directory) {
    return spool(directory, DEFAULT_SPOOL_BYTES);
  }

  /**
   * Keeps what is recorded on this disk until it is in the ledger, for a ledger on another host:
   * what was handed over is durable about 50 ms later, whatever the state of the database, and
   * survives a killed process, a crash of the host, and a database that is away for as long as
   * there is room. Without a spool it waits in memory. It comes to the ledger in its order, at
   * least once, which changes nothing of predictions and outcomes; a failed request whose id cannot
   * be stored may count twice after a crash.
   *
   * <p>Any number of monitors and processes of one host may have the same directory, if they have
   * the same ledger: each writes in a directory of its own there, and takes over what dead ones of
   * its model have left. It holds vectors, requests and outcomes, also {@linkplain #withoutVectors
   * where the ledger does not}, and only its owner may read them, where the file system knows
   * owners.
   *
   * @param directory on a local disk that stays when the process is gone; made if it is not there
   * @param maxBytes how many bytes of this monitor may be there, at least 16 MiB: when they are,
   *     the queue fills, predictions beyond it are dropped and counted, and outcomes wait for room
   */
  public MonitorBuilder<T, L> spool(Path directory, long maxBytes) {
    this.spool = Objects.requireNonNull(directory, "directory");
    this.spoolBytes = maxBytes;
    return this;
  }

  /**
   * A feature log of {@link #DEFAULT_LOGGED_SHARE}; see {@link #featureLog(FeatureSet, double)}.
   */
  public MonitorBuilder<T, L> featureLog(FeatureSet<T> features) {
    return featureLog(features, DEFAULT_LOGGED_SHARE);
  }

  /**
   * Keeps the requests of a share of the predictions in the ledger, beside the vectors it has of
   * all, so that a {@link SkewReport} can compute them once more; and the status and event time of
   * each lookup as it was served, so that it can say why values differ. Off unless stated. Which
   * ones is decided by a hash of the prediction's id: the same in every process, and those of a
   * smaller share are among those of a larger one. A request is kept as the row of the set's codec,
   * for as long as the ledger is.
   *
   * @param features what predicts, of the requests' type: with a codec, and without sensitive
   *     columns, as those are never stored and nothing could be computed without them
   * @param share 0 to 1
   */
  public MonitorBuilder<T, L> featureLog(FeatureSet<T> features, double share) {
    this.logged = features;
    this.loggedShare = share;
    return this;
  }

  /**
   * The monitor, ready to record.
   *
   * @throws MonitorConfigurationException with all that is wrong
   */
  public Monitor<T, L> build() {
    Workspace in = workspace;
    List<String> problems = problems();
    if (in == null || !problems.isEmpty()) {
      throw new MonitorConfigurationException("the monitor of \"" + model + "\"", problems);
    }
    Database database = in.database(Area.LEDGER);
    JdbcMonitoringSchema.Model stored =
        new JdbcMonitoringSchema.Model(JdbcMonitoringSchema.over(database), model);
    Periods periods = Periods.of(window);
    Registry registry = Registry.in(in);
    References references = new RegistryReferences(registry, model, () -> Tracking.in(in));
    problems = KnownNames.problemsOfSegments(segments, model, registry, references);
    if (!problems.isEmpty()) {
      throw new MonitorConfigurationException("the monitor of \"" + model + "\"", problems);
    }
    JdbcFeatureCounts counts = vectorsKept ? null : new JdbcFeatureCounts(references, periods);
    Monitor<T, L> monitor = build(in, new JdbcLedger(stored, counts), stored, references);
    in.onClose(monitor);
    return monitor;
  }

  Monitor<T, L> build(
      Workspace in, Ledger ledger, JdbcMonitoringSchema.Model stored, References references) {
    List<NamedSink> to =
        sinks.isEmpty() ? List.of(new NamedSink("log", AlertSink.toLog())) : List.copyOf(sinks);
    JdbcWindows windows = new JdbcWindows(stored);
    Periods periods = Periods.of(window);
    EvaluationKey key = EvaluationKey.of(reference, periods);
    PerformanceReader performances =
        new PerformanceReader(ledger, target.task(), references, segments, metrics);
    Supplier<WindowEvaluator> evaluator =
        () ->
            new WindowEvaluator(
                model,
                periods,
                Arrays.stream(spans()).sorted().distinct().toArray(),
                outcomeGrace,
                ledger,
                windows,
                references,
                performances,
                new RuleJudge(model, rules, new JdbcRules(stored), key),
                new WindowJudge(reference, periods, falseAlarmRate));
    AlertBook alerts = new AlertBook(model, stored, key, to, in.systemClock());
    return new Monitor<>(
        model,
        target,
        in,
        ledger,
        new LedgerWriter(ledger, model, queueCapacity, openSpool()),
        logged == null
            ? null
            : logged.codec().map(codec -> new FeatureLog<>(codec, loggedShare)).orElse(null),
        references,
        evaluator.get(),
        alerts,
        new MonitorReporter(
            model, target.task(), evaluator.get(), references, alerts, performances),
        performances,
        new Retention(ledger, windows, key, periods, references, retention));
  }

  private List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (workspace == null) {
      problems.add("in(workspace) is missing: say where predictions are recorded");
    }
    if (model.isBlank()) {
      problems.add("the model's name is blank: give the one it is registered under");
    }
    if (window.compareTo(LEAST_WINDOW) < 0
        || window.compareTo(GREATEST_WINDOW) > 0
        || !window.truncatedTo(ChronoUnit.SECONDS).equals(window)) {
      problems.add(
          "window("
              + window
              + ") is not accepted: whole seconds, at least a minute, at most 10 years");
    }
    int[] over = spans();
    if (over.length == 0 || Arrays.stream(over).anyMatch(s -> s < 1 || s > MAX_SPAN)) {
      problems.add(
          "spans("
              + Arrays.toString(over)
              + ") is not accepted: numbers of windows, 1 to "
              + MAX_SPAN);
    }
    if (problems.isEmpty()) {
      problems.addAll(problemsOfReference(over));
    }
    String rate = Judge.problemOf(falseAlarmRate);
    if (rate != null) {
      problems.add(rate);
    }
    if (outcomeGrace.isNegative() || outcomeGrace.compareTo(GREATEST_WINDOW) > 0) {
      problems.add("outcomeGrace(" + outcomeGrace + ") is not accepted: 0 to 10 years");
    }
    if (queueCapacity < 1 || queueCapacity > MAX_QUEUE_CAPACITY) {
      problems.add(
          "queueCapacity(" + queueCapacity + ") is not accepted: 1 to " + MAX_QUEUE_CAPACITY);
    }
    if (spool != null && spoolBytes < LEAST_SPOOL_BYTES) {
      problems.add(
          "spool("
              + spool
              + ", "
              + spoolBytes
              + ") is not accepted: at least "
              + LEAST_SPOOL_BYTES
              + " bytes");
    }
    problems.addAll(
        MonitorProblems.of(rules, segments, metrics, logged != null && loggedShare > 0));
    problems.addAll(MonitorProblems.ofSinks(sinks.stream().map(NamedSink::name).toList()));
    problems.addAll(KnownNames.problemsOfFunctions(metrics));
    problems.addAll(KnownNames.problemsOfMetrics(rules, target.task(), metrics));
    if (logged != null) {
      problems.addAll(KnownNames.problemsOfLookups(rules, logged.lookupNames()));
    }
    if (!vectorsKept) {
      problems.addAll(MonitorProblems.withoutVectors(logged != null, segments));
    }
    problems.addAll(MonitorProblems.ofServed(reference, retention != null, vectorsKept));
    if (problems.isEmpty()) {
      problems.addAll(
          MonitorProblems.ofRetention(
              retention, window, Arrays.stream(spans()).max(), rules, outcomeGrace));
    }
    if (logged != null) {
      problems.addAll(FeatureLog.problems(logged, loggedShare));
    }
    return problems;
  }

  private @Nullable Spool openSpool() {
    Path directory = spool;
    if (directory == null) {
      return null;
    }
    try {
      return Spool.open(directory, model, spoolBytes);
    } catch (IOException | UnsupportedOperationException e) {
      throw new MonitorConfigurationException(
          "the monitor of \"" + model + "\"",
          List.of(
              "spool("
                  + directory
                  + ") cannot be made ("
                  + e
                  + "): give a directory of a local disk that this process may make and write"));
    }
  }

  private int[] spans() {
    int[] stated = spans;
    if (stated != null) {
      return stated;
    }
    return reference instanceof MonitorReference.PreviousWindow ? new int[] {1} : DEFAULT_SPANS;
  }

  private List<String> problemsOfReference(int[] over) {
    if (reference instanceof MonitorReference.PreviousWindow
        && Arrays.stream(over).anyMatch(span -> span != 1)) {
      return List.of(
          "spans("
              + Arrays.toString(over)
              + ") is not accepted with reference(previousWindow()), which judges each window by"
              + " itself: leave spans out");
    }
    if (reference instanceof MonitorReference.Served served) {
      if (served.from().isBefore(Recordable.EARLIEST) || served.to().isAfter(Recordable.LATEST)) {
        return List.of("reference(" + served + ") is not accepted: years 1 to 9999");
      }
      Periods periods = Periods.of(window);
      long whole =
          WindowJudge.endOfWhole(periods, served) - WindowJudge.firstWhole(periods, served);
      int needed = PeriodDrift.neededPeriods(Arrays.stream(over).max().orElse(1));
      if (whole < needed) {
        return List.of(
            "reference("
                + served
                + ") is not accepted: at least "
                + needed
                + " windows of "
                + window
                + " lie in the range whole, with spans("
                + Arrays.toString(over)
                + "), here "
                + Math.max(0, whole));
      }
    }
    return List.of();
  }
}
