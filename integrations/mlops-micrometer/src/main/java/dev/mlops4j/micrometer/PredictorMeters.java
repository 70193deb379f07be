package dev.mlops4j.micrometer;

import dev.mlops4j.model.Prediction;
import dev.mlops4j.serving.Fallback;
import dev.mlops4j.serving.Predictor;
import dev.mlops4j.serving.PredictorCounts;
import dev.mlops4j.serving.PredictorState;
import dev.mlops4j.serving.ShadowReport;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * The meters of a {@link Predictor}. Bind it once to a registry, after the predictor was built and
 * before it is asked; meters hold the predictor weakly.
 *
 * <pre>{@code
 * new PredictorMeters(predictor).bindTo(registry);
 * }</pre>
 *
 * <table>
 * <caption>Meters, all with the tag {@code model}</caption>
 * <tr><th>name</th><th>more tags</th><th>what it is</th></tr>
 * <tr><td>{@code mlops.predictions}</td><td>arm</td><td>counter of answers of models</td></tr>
 * <tr><td>{@code mlops.prediction.latency}</td><td>arm</td><td>timer, with the percentiles 50, 95
 *     and 99</td></tr>
 * <tr><td>{@code mlops.predictions.failed}</td><td></td><td>counter of exceptions to callers</td></tr>
 * <tr><td>{@code mlops.fallbacks}</td><td>cause</td><td>counter of answers of the fallback</td></tr>
 * <tr><td>{@code mlops.arm.failures}</td><td></td><td>counter of requests an arm left to the
 *     champion by failing</td></tr>
 * <tr><td>{@code mlops.listener.failures}</td><td></td><td>counter</td></tr>
 * <tr><td>{@code mlops.model.version}</td><td>arm</td><td>gauge of the version that serves; 0 if none
 *     does or it is outside a registry</td></tr>
 * <tr><td>{@code mlops.model.swaps}</td><td>arm</td><td>counter of versions that took over</td></tr>
 * <tr><td>{@code mlops.model.stale}</td><td>arm</td><td>gauge, 1 if another version should serve or
 *     the registry cannot be asked</td></tr>
 * <tr><td>{@code mlops.predictor.ready}</td><td></td><td>gauge, 1 if a version serves</td></tr>
 * <tr><td>{@code mlops.feature.lookups}</td><td>view, freshness</td><td>counter of lookups that found
 *     features present, stale or missing</td></tr>
 * <tr><td>{@code mlops.shadow.compared}</td><td>arm</td><td>gauge of the requests compared
 *     since the present versions met</td></tr>
 * <tr><td>{@code mlops.shadow.failed}, {@code mlops.shadow.dropped}</td><td>arm</td><td>counters of
 *     requests</td></tr>
 * <tr><td>{@code mlops.shadow.difference.mean}, {@code mlops.shadow.difference.max}</td><td>arm</td><td>gauges of how far the
 *     shadow's outputs are from the answers</td></tr>
 * </table>
 *
 * <p>Immutable, safe for any number of threads.
 */
public final class PredictorMeters implements MeterBinder {

  private static final double[] PERCENTILES = {0.5, 0.95, 0.99};

  private final Predictor<?> predictor;
  private final Tags tags;

  /** The meters of this predictor. */
  public PredictorMeters(Predictor<?> predictor) {
    this(predictor, Tags.empty());
  }

  /** The meters of this predictor, all with these tags too. */
  public PredictorMeters(Predictor<?> predictor, Iterable<Tag> tags) {
    this.predictor = Objects.requireNonNull(predictor, "predictor");
    this.tags = Tags.of(tags).and("model", predictor.model());
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    PredictorCounts now = predictor.counts();
    Map<String, Timer> timers = new HashMap<>();
    for (String arm : now.answered().keySet()) {
      Tags of = tags.and("arm", arm);
      count(registry, "mlops.predictions", of, p -> p.counts().answered().getOrDefault(arm, 0L));
      timers.put(
          arm,
          Timer.builder("mlops.prediction.latency")
              .description("Time from the request to the answer")
              .tags(of)
              .publishPercentiles(PERCENTILES)
              .register(registry));
    }
    predictor.addListener(prediction -> time(timers, prediction));
    count(registry, "mlops.predictions.failed", tags, p -> p.counts().failed());
    count(registry, "mlops.arm.failures", tags, p -> p.counts().armFailures());
    count(registry, "mlops.listener.failures", tags, p -> p.counts().listenerFailures());
    for (Fallback.Cause cause : Fallback.Cause.values()) {
      count(
          registry,
          "mlops.fallbacks",
          tags.and("cause", cause.name().toLowerCase(Locale.ROOT)),
          p -> p.counts().fallbacks().getOrDefault(cause, 0L));
    }
    predictor.states().keySet().forEach(arm -> bindVersion(registry, arm));
    now.lookups().keySet().forEach(view -> bindLookups(registry, view));
    predictor.shadows().forEach(shadow -> bindShadow(registry, shadow.name()));
    gauge(registry, "mlops.predictor.ready", tags, p -> p.health().ready() ? 1 : 0);
  }

  private static void time(Map<String, Timer> timers, Prediction prediction) {
    Timer timer = timers.get(prediction.arm());
    if (timer != null) {
      timer.record(prediction.nanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void bindVersion(MeterRegistry registry, String arm) {
    Tags of = tags.and("arm", arm);
    gauge(registry, "mlops.model.version", of, p -> state(p, arm).version());
    gauge(
        registry,
        "mlops.model.stale",
        of,
        p -> state(p, arm).status() == PredictorState.Status.STALE ? 1 : 0);
    count(registry, "mlops.model.swaps", of, p -> state(p, arm).swaps());
  }

  private static PredictorState state(Predictor<?> predictor, String arm) {
    return Objects.requireNonNull(predictor.states().get(arm));
  }

  private void bindLookups(MeterRegistry registry, String view) {
    Tags of = tags.and("view", view);
    String name = "mlops.feature.lookups";
    count(registry, name, of.and("freshness", "present"), p -> lookups(p, view).present());
    count(registry, name, of.and("freshness", "stale"), p -> lookups(p, view).stale());
    count(registry, name, of.and("freshness", "missing"), p -> lookups(p, view).missing());
  }

  private static PredictorCounts.Lookups lookups(Predictor<?> predictor, String view) {
    return Objects.requireNonNull(predictor.counts().lookups().get(view));
  }

  private void bindShadow(MeterRegistry registry, String arm) {
    Tags of = tags.and("arm", arm);
    gauge(registry, "mlops.shadow.compared", of, p -> shadow(p, arm).compared());
    count(registry, "mlops.shadow.failed", of, p -> shadow(p, arm).failed());
    count(registry, "mlops.shadow.dropped", of, p -> shadow(p, arm).dropped());
    gauge(registry, "mlops.shadow.difference.mean", of, p -> shadow(p, arm).meanDifference());
    gauge(registry, "mlops.shadow.difference.max", of, p -> shadow(p, arm).maxDifference());
  }

  private static ShadowReport shadow(Predictor<?> predictor, String arm) {
    return predictor.shadows().stream()
        .filter(report -> report.name().equals(arm))
        .findFirst()
        .orElseThrow();
  }

  private void count(
      MeterRegistry registry, String name, Tags of, ToDoubleFunction<Predictor<?>> count) {
    FunctionCounter.builder(name, predictor, count::applyAsDouble).tags(of).register(registry);
  }

  private void gauge(
      MeterRegistry registry, String name, Tags of, ToDoubleFunction<Predictor<?>> value) {
    Gauge.builder(name, predictor, value::applyAsDouble).tags(of).register(registry);
  }
}
