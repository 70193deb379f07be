package dev.mlops4j.monitoring;

import dev.mlops4j.data.Timestamps;
import dev.mlops4j.feature.Target;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.PredictionListener;
import dev.mlops4j.model.ServedLookup;
import dev.mlops4j.model.Signature;
import dev.mlops4j.storage.Database;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches a model in production: records its predictions and what came true, compares each window
 * with a {@link MonitorReference}, the training data unless stated, and says when something
 * drifted.
 *
 * <pre>{@code
 * try (Monitor<Flight, Boolean> monitor = Monitor.of("flight-delay", LATE).in(workspace).build();
 *     Predictor<Flight> predictor = Predictor.of(FEATURES).online(features)
 *         .follow(registry, "flight-delay", Stage.PRODUCTION).listener(monitor).build()) {
 *   Prediction prediction = predictor.predict(flight);
 *   monitor.outcome(prediction.id(), true);
 *   monitor.evaluate().forEach(System.out::println);
 * }
 * }</pre>
 *
 * <p>Time is cut into windows of one length, weeks unless stated; they begin on Monday 00:00Z as
 * far as the length allows. A window holds the predictions asked in it, {@link Prediction#askedAt},
 * by whatever version. When it has ended, by the workspace's clock, {@link #evaluate} compares it,
 * and the spans of several windows that end with it, with the reference; unless another is stated,
 * that is the profile in the package of the version that answered most of the span. Windows that
 * began before the first request by more than a seventh of their length are not evaluated, nor are
 * spans with such a window or without any request, answered or not.
 *
 * <p>A verdict needs an effect that is large enough to matter and a difference beyond what periods
 * of the reference differ from each other; without periods in the reference, beyond chance. If
 * nothing drifted, at most one report of a single window in twenty has an alert; spans of several
 * windows keep that rate where windows are independent, and alert more often where each resembles
 * the one before and the reference is short: {@link ReferenceCheck} measures it. It takes windows
 * of a whole cycle of what is served, see {@link MonitorReference#served}.
 *
 * <p>Outcome verdicts wait until a stated grace after the window's end has passed. The window is
 * reported at its end without them, and again with them; what alerted at first alerts then too.
 * When outcomes or predictions come later than that, the next evaluation reports the window once
 * more, {@linkplain WindowReport#restated restated}, and keeps its metrics anew; that raises no
 * alert, and longer spans take it into account from their next evaluation on.
 *
 * <p>Safe for any number of threads; evaluations run one after the other. Several processes may
 * record into one workspace.
 *
 * @param <T> the records
 * @param <L> the labels
 */
public final class Monitor<T, L> implements PredictionListener, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Monitor.class);
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private final String model;
  private final Target<T, L> target;
  private final Workspace workspace;
  private final InstantSource clock;
  private final PredictionIntake intake;
  private final Ledger ledger;
  private final LedgerWriter writer;
  private final @Nullable FeatureLog<T> featureLog;
  private final References references;
  private final WindowEvaluator evaluator;
  private final AlertBook alerts;
  private final MonitorReporter reporter;
  private final PerformanceReader performances;
  private final Retention retention;

  Monitor(
      String model,
      Target<T, L> target,
      Workspace workspace,
      Ledger ledger,
      LedgerWriter writer,
      @Nullable FeatureLog<T> featureLog,
      References references,
      WindowEvaluator evaluator,
      AlertBook alerts,
      MonitorReporter reporter,
      PerformanceReader performances,
      Retention retention) {
    this.model = model;
    this.target = target;
    this.workspace = workspace;
    this.clock = workspace.clock();
    this.intake = new PredictionIntake(model, target, ledger);
    this.ledger = ledger;
    this.writer = writer;
    this.featureLog = featureLog;
    this.references = references;
    this.evaluator = evaluator;
    this.alerts = alerts;
    this.reporter = reporter;
    this.performances = performances;
    this.retention = retention;
  }

  /**
   * Starts to configure the monitor of a model.
   *
   * @param model the model's name in the registry
   * @param target what it predicts
   */
  public static <T, L> MonitorBuilder<T, L> of(String model, Target<T, L> target) {
    return new MonitorBuilder<>(model, target);
  }

  /**
   * Makes the tables of monitoring known to a database, so that {@link Database#migrate} and {@link
   * Database#ddl} have them before any monitor is built; changes nothing in it.
   */
  public static void declareTables(Database database) {
    JdbcMonitoringSchema.over(database);
  }

  /**
   * Hands a prediction to the thread that records it. Never blocks and never throws: what does not
   * fit into the queue, comes after {@link #close}, is of another model or target or cannot be
   * recorded is dropped and counted, by that thread in the last two cases; the first of another
   * model or target is logged as well. A second prediction of the same id is ignored.
   */
  @Override
  public void predicted(Prediction prediction) {
    record(null, prediction, null);
  }

  /**
   * As {@link #predicted(Prediction)}; the request is kept beside it if {@link
   * MonitorBuilder#featureLog} asks for it, and turned into its row on this thread then.
   */
  @Override
  public void predicted(Object request, Prediction prediction) {
    record(request, prediction, null);
  }

  /** Of those whose request the feature log keeps. */
  @Override
  public boolean wantsLookups(String predictionId) {
    FeatureLog<T> log = featureLog;
    return log != null && log.isSampled(predictionId);
  }

  /** As {@link #predicted(Object, Prediction)}; the lookups are kept beside the request. */
  @Override
  public void predicted(Object request, Prediction prediction, List<ServedLookup> lookups) {
    record(request, prediction, lookups);
  }

  private void record(
      @Nullable Object request, Prediction prediction, @Nullable List<ServedLookup> lookups) {
    try {
      FeatureLog<T> log = featureLog;
      FeatureLog.Logged logged =
          log == null || request == null || !intake.isRecordable(prediction)
              ? null
              : log.taken(prediction.id(), request, lookups);
      writer.offer(intake.handed(prediction, clock.instant(), logged));
    } catch (RuntimeException e) {
      writer.drop();
      LOG.debug("a prediction could not be recorded", e);
    }
  }

  /**
   * Counts a request that no model answered, for {@link AlertRule#failures}: once, however many
   * monitors of the model hear of it. Never blocks and never throws, as {@link
   * #predicted(Prediction)}.
   */
  @Override
  public void failed(String predictionId, Throwable failure) {
    try {
      Instant now = clock.instant();
      if (Recordable.isMoment(now)) {
        boolean named =
            predictionId != null
                && Recordable.isId(predictionId)
                && Recordable.isText(predictionId)
                && ledger.holds(predictionId);
        writer.offer(new LedgerEntry.Failed(named ? predictionId : null, Timestamps.toMicros(now)));
      }
    } catch (RuntimeException e) {
      LOG.debug("a failure could not be recorded", e);
    }
  }

  /**
   * Records what came true, known from now on by the workspace's clock.
   *
   * @throws MonitoringException as {@link #outcome(String, Object, Instant)}
   */
  public void outcome(String predictionId, L value) {
    outcome(predictionId, value, clock.instant());
  }

  /**
   * Records what came true. When this returns the outcome is in memory; it is durable after {@link
   * #flush}, and without it about 50 ms later, or, without a {@linkplain MonitorBuilder#spool(Path)
   * spool}, when the ledger can be written again: a process that is killed before that loses it, as
   * it does predictions. To be sure, flush, and record again what was not flushed: outcomes come in
   * any order, also before their prediction. The same value again changes nothing but since when it
   * is known last; another value is a correction: of several, the one known last counts, of those
   * known at the same time the one recorded last.
   *
   * <p>Waits while the queue is full, at most a minute and a half.
   *
   * @param predictionId the prediction's, at most 1024 bytes in UTF-8
   * @param value what came true: neither NaN nor infinite
   * @param knownAt since when it is known
   * @throws MonitoringException if id or value cannot be recorded, the queue stays full, or the
   *     thread is interrupted while it waits, and stays so
   * @throws IllegalStateException if the monitor is closed
   */
  public void outcome(String predictionId, L value, Instant knownAt) {
    Objects.requireNonNull(value, "an outcome has a value; one that is not known yet is left out");
    String text = OutcomeText.of(target.task(), value);
    Recordable.checkOutcome(ledger, predictionId, text, knownAt);
    LedgerEntry entry = new LedgerEntry.Known(predictionId, text, Timestamps.toMicros(knownAt));
    if (!writer.put(entry, PATIENCE)) {
      throw new MonitoringException(
          "the outcome of a prediction was not recorded: the queue was full for "
              + PATIENCE
              + "; see the log for why the ledger cannot be written, then record it again");
    }
  }

  /**
   * Waits until all that was handed over is in the ledger, and what dead processes have left in the
   * {@linkplain MonitorBuilder#spool(Path) spool}; at most a minute and a half.
   *
   * @throws MonitoringException if the ledger cannot be written; it is tried again nevertheless
   */
  public void flush() {
    writer.flush(PATIENCE);
  }

  /**
   * How many predictions this monitor could not record, or did not as they were asked before what
   * {@link MonitorBuilder#retention} has removed. A damaged record of a spool counts as one, and a
   * prediction of a dead process that this one could not record counts here.
   */
  public long droppedCount() {
    return writer.dropped() + ledger.refused();
  }

  /**
   * How many predictions were recorded whose features are neither kept nor counted: vectors are not
   * kept, and there is no reference of their version.
   */
  public long uncountedFeatureCount() {
    return ledger.uncountedFeatures();
  }

  /**
   * How many requests the feature log should have kept and could not, as they are not of its set's
   * type, have more than 64 KiB with what was looked up or their codec failed; their predictions
   * were recorded, as far as {@link #droppedCount} does not count them.
   */
  public long droppedRequestCount() {
    FeatureLog<T> log = featureLog;
    return log == null ? 0 : log.dropped();
  }

  /**
   * How many outcomes this monitor took and could not record. While the ledger fails they wait, so
   * until the monitor is closed it is 0, but for outcomes that the database itself refuses, each
   * with an error in the log.
   */
  public long lostOutcomeCount() {
    return writer.lostOutcomes();
  }

  /**
   * How many bytes wait in the {@linkplain MonitorBuilder#spool(Path) spool} for the ledger: of
   * this monitor, and of a dead one that it has taken over; 0 without a spool. Grows while the
   * ledger cannot be written, or not as fast as is recorded.
   */
  public long spooledBytes() {
    return writer.spooledBytes();
  }

  /** How many predictions of the model the ledger holds. */
  public long predictionCount() {
    return ledger.predictionCount();
  }

  /** The latest moment for which a prediction in the ledger was asked. */
  public Optional<Instant> lastPredictionAt() {
    OptionalLong last = ledger.lastAskedAt();
    return last.isPresent()
        ? Optional.of(Timestamps.fromMicros(last.getAsLong()))
        : Optional.empty();
  }

  /** How many predictions are not in the ledger of which it holds an outcome. */
  public long outcomesWithoutPrediction() {
    return ledger.outcomesWithoutPrediction();
  }

  /**
   * Shows the predictions in the ledger that were asked in {@code [from, to)}, by that time, then
   * by id: a consistent state, in constant memory. {@code action} must not use the monitor.
   */
  public void predictions(
      Instant from, Instant to, Consumer<? super RecordedPrediction<L>> action) {
    ledger.scan(
        Timestamps.toMicros(from),
        Timestamps.toMicros(to),
        row -> action.accept(row.recorded(target.task())));
  }

  /**
   * Evaluates every window that has ended by the workspace's clock and was not evaluated yet, those
   * whose outcomes are due now and those that have changed since; delivers new alerts, and those
   * not delivered before, to the sinks; removes what is older than the retention. Flushes first.
   * What was evaluated is stored together with its alerts, so that another process neither repeats
   * nor loses one.
   *
   * @return a report for each window and span, by the end of the window, the short ones first;
   *     those of windows that have changed come before
   * @throws MonitoringException if the ledger cannot be written
   */
  public List<WindowReport> evaluate() {
    flush();
    synchronized (evaluator) {
      Instant now = clock.instant();
      alerts.deliver(now);
      List<WindowReport> reports = evaluator.evaluate(now, () -> alerts.deliver(now));
      alerts.remind();
      if (!reports.isEmpty()) {
        retention.apply(now);
      }
      return reports;
    }
  }

  /**
   * What was found over the last {@link MonitorReport#DEFAULT_WINDOWS} windows that have ended by
   * the workspace's clock. It is made of what is stored, by whatever process: windows that were
   * evaluated are read as they were counted then, others are counted now; nothing is evaluated, no
   * alert raised. A window takes the time and the memory of its labelled predictions, or of all its
   * predictions if it was not evaluated; {@linkplain MonitorBuilder#segment segments} take those of
   * twice as many windows as the longest span has. Of very many columns there are fewer windows,
   * and the summary says so. Evaluations go on meanwhile.
   */
  public MonitorReport report() {
    synchronized (reporter) {
      return reporter.report(null, null, clock.instant());
    }
  }

  /**
   * The same over the windows that lie in {@code [from, to)} whole. The alerts that touch them are
   * in their present state, also if they went on after {@code to}.
   *
   * @throws IllegalArgumentException if there are more than {@link MonitorReport#MAX_WINDOWS}
   */
  public MonitorReport report(Instant from, Instant to) {
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(to, "to");
    synchronized (reporter) {
      return reporter.report(
          from.isBefore(Recordable.EARLIEST) ? Recordable.EARLIEST : from,
          to.isAfter(Recordable.LATEST) ? Recordable.LATEST : to,
          clock.instant());
    }
  }

  /**
   * How good the predictions in the ledger were that were asked in {@code [from, to)}: all of them,
   * by version, by arm and by each {@link MonitorBuilder#segment}, as far as outcomes are known
   * now. Flushes first, and takes memory for every labelled prediction of the time.
   *
   * @throws MonitoringException if the ledger cannot be written
   */
  public PerformanceReport performance(Instant from, Instant to) {
    flush();
    synchronized (evaluator) {
      return performances.read(Timestamps.toMicros(from), Timestamps.toMicros(to));
    }
  }

  /**
   * Profiles of what a version was asked and answered in {@code [from, to)}, with the outcomes
   * known by now: as a whole, by window, by segment. Flushes first; the ledger is read when they
   * are asked for.
   *
   * @throws dev.mlops4j.MlopsException if there is no such version, or its package cannot be read
   * @throws MonitoringException if the ledger cannot be written
   */
  public ServedProfiles profiles(int version, Instant from, Instant to) {
    flush();
    return new ServedProfiles(
        ledger,
        evaluator.periods(),
        references.signature(version),
        references.profile(version).overall(),
        version,
        Timestamps.toMicros(from.isBefore(Recordable.EARLIEST) ? Recordable.EARLIEST : from),
        Timestamps.toMicros(to.isAfter(Recordable.LATEST) ? Recordable.LATEST : to));
  }

  /**
   * A metric of all windows that were evaluated, in their order, also of those whose predictions
   * are removed: one of {@link Performance#metrics}, {@code predictions}, {@code unlabelled_share},
   * or what a rule of this monitor looks at.
   */
  public List<WindowMetric> metricHistory(String name) {
    return evaluator.history(name);
  }

  /**
   * Tells nothing of a rule until a moment, by the workspace's clock, also in other processes. It
   * goes on watching; what is still so afterwards is told then. A silence takes the place of the
   * one before, so one until now ends it.
   *
   * @param rule the name of a rule, or {@link Alert#NO_RULE} for drift without one
   * @param reason why, for people
   * @throws MonitoringException if there is no such rule
   */
  public void silence(String rule, Instant until, String reason) {
    evaluator.silence(rule, until, reason);
  }

  /**
   * Removes predictions with their outcomes, vectors and logged requests, and outcomes of these ids
   * that have no prediction; durable on return. Flushes first, so that nothing of them is in the
   * {@linkplain MonitorBuilder#spool(Path) spool} of this monitor or of dead processes either; what
   * another one that lives, or another host, has not written to the ledger yet comes later and is
   * to be erased then. Counts of windows and metrics stay: they have no ids, and of a labelled
   * prediction at most its output and outcome, until {@link MonitorBuilder#retention}.
   *
   * @return how many predictions there were
   * @throws MonitoringException if the ledger cannot be written
   */
  public long erase(Collection<String> predictionIds) {
    flush();
    return ledger.erase(predictionIds.stream().filter(ledger::holds).toList());
  }

  /**
   * {@linkplain #erase Erases} all predictions of a key at once, if their ids start with it: all
   * whose id starts with this text, and outcomes and failed requests of such ids. End the key with
   * what no key contains, or that of {@code customer-1} is that of {@code customer-17} too. Goes
   * over all ids of the model: 0.15 s for a million of which none matches.
   *
   * <pre>{@code
   * Prediction prediction = predictor.predict("customer-17/" + requestId, request);
   * monitor.eraseStartingWith("customer-17/");
   * }</pre>
   *
   * @return how many predictions there were
   * @throws IllegalArgumentException if the text is empty, which all ids start with, or has half of
   *     a surrogate pair, which no id has
   * @throws MonitoringException if the ledger cannot be written
   */
  public long eraseStartingWith(String prefix) {
    if (prefix.isEmpty()) {
      throw new IllegalArgumentException(
          "every id starts with the empty text: erase by a key, or remove all by retention");
    }
    if (!Recordable.isText(prefix)) {
      throw new IllegalArgumentException(
          "ids are asked for that start with half of a surrogate pair, which none has; cut keys"
              + " between code points");
    }
    flush();
    return ledger.holds(prefix) ? ledger.eraseStartingWith(prefix) : 0;
  }

  /** The model's name. */
  public String model() {
    return model;
  }

  Ledger ledger() {
    return ledger;
  }

  Signature signature(int version) {
    synchronized (evaluator) {
      return references.signature(version);
    }
  }

  /**
   * All alerts that monitors of this model with this {@link MonitorBuilder#reference} have raised,
   * by the time at which they were, each in its present state.
   */
  public List<Alert> alerts() {
    return alerts.all();
  }

  /**
   * Records what was handed over and ends. While the ledger cannot be written it is tried again,
   * for a minute and a half. What is in a {@linkplain MonitorBuilder#spool(Path) spool} then is
   * written by the next monitor of the model that has it. Closing again does nothing.
   *
   * @throws MonitoringException if not all could be recorded or spooled, with what was lost; the
   *     monitor is closed nevertheless
   */
  @Override
  public void close() {
    try {
      writer.close();
    } finally {
      workspace.forget(this);
    }
  }

  @Override
  public String toString() {
    return "monitor of " + model;
  }
}
