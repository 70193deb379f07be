package dev.mlops4j.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.model.Model;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.Signature.Output;
import dev.mlops4j.serving.Fallback;
import dev.mlops4j.serving.Predictor;
import dev.mlops4j.serving.PredictorBuilder;
import dev.mlops4j.serving.ServedModel;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PredictorMetersTest {

  private static final Signature SIGNATURE =
      new Signature(List.of(Input.numeric("x")), Output.regression("y"));

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  private static Model identity() {
    return Model.of(
        SIGNATURE,
        (vector, output) -> {
          if (vector[0] < 0) {
            throw new IllegalArgumentException("negative");
          }
          output[0] = vector[0];
        });
  }

  private static PredictorBuilder<Map<String, Object>> builder() {
    return Predictor.ofInputs().serve("m", identity());
  }

  private double counted(String name, String... tags) {
    return registry.get(name).tags(tags).functionCounter().count();
  }

  private double gauged(String name, String... tags) {
    return registry.get(name).tags(tags).gauge().value();
  }

  @Test
  void answersAndTheirTimesAreMeteredByArm() {
    try (Predictor<Map<String, Object>> predictor =
        builder()
            .splitBy(request -> request.get("x"))
            .arm("b", 0.5, ServedModel.of("m2", identity()))
            .build()) {
      new PredictorMeters(predictor, Tags.of("service", "shop")).bindTo(registry);
      for (int i = 0; i < 100; i++) {
        predictor.predict(Map.of("x", i));
      }

      double champion = counted("mlops.predictions", "arm", "champion", "service", "shop");
      double other = counted("mlops.predictions", "arm", "b", "model", "m");
      assertThat(champion + other).isEqualTo(100);
      assertThat(other).isPositive();
      assertThat(registry.get("mlops.prediction.latency").tag("arm", "b").timer().count())
          .isEqualTo((long) other);
      assertThat(
              registry
                  .get("mlops.prediction.latency")
                  .tag("arm", "b")
                  .timer()
                  .takeSnapshot()
                  .percentileValues())
          .hasSize(3);
      assertThat(gauged("mlops.predictor.ready")).isEqualTo(1);
      assertThat(gauged("mlops.model.version", "arm", "champion")).isZero();
      assertThat(counted("mlops.model.swaps", "arm", "b")).isZero();
    }
    assertThat(gauged("mlops.predictor.ready")).isZero();
  }

  @Test
  void whatGoesWrongIsMetered() {
    try (Predictor<Map<String, Object>> predictor =
        builder().fallback(Fallback.to(SIGNATURE.output(), 7)).build()) {
      new PredictorMeters(predictor).bindTo(registry);
      predictor.predict(Map.of("x", -1));
      assertThatThrownBy(() -> predictor.predict(Map.of("z", 1))).isNotNull();

      assertThat(counted("mlops.fallbacks", "cause", "error")).isEqualTo(1);
      assertThat(counted("mlops.fallbacks", "cause", "timeout")).isZero();
      assertThat(counted("mlops.predictions.failed")).isEqualTo(1);
      assertThat(registry.get("mlops.prediction.latency").timer().count()).isZero();
    }
  }

  @Test
  void shadowsAreMetered() {
    try (Predictor<Map<String, Object>> predictor =
        builder().shadow("s", ServedModel.of("m2", identity())).build()) {
      new PredictorMeters(predictor).bindTo(registry);
      predictor.predict(Map.of("x", 1));
      while (gauged("mlops.shadow.compared", "arm", "s") == 0) {
        Thread.onSpinWait();
      }
      assertThat(gauged("mlops.shadow.difference.max", "arm", "s")).isZero();
      assertThat(counted("mlops.shadow.dropped", "arm", "s")).isZero();
    }
  }

  /** A name that differs from the table in the Javadoc would be found by nobody. */
  @Test
  void theNamesAreThoseThatAreDocumented() {
    try (Predictor<Map<String, Object>> predictor =
        builder().shadow("s", ServedModel.of("m2", identity())).build()) {
      new PredictorMeters(predictor).bindTo(registry);

      assertThat(registry.getMeters().stream().map(Meter::getId).map(Meter.Id::getName))
          .contains(
              "mlops.predictions",
              "mlops.prediction.latency",
              "mlops.predictions.failed",
              "mlops.fallbacks",
              "mlops.arm.failures",
              "mlops.listener.failures",
              "mlops.model.version",
              "mlops.model.swaps",
              "mlops.model.stale",
              "mlops.predictor.ready",
              "mlops.shadow.compared",
              "mlops.shadow.failed",
              "mlops.shadow.dropped",
              "mlops.shadow.difference.mean",
              "mlops.shadow.difference.max");
    }
  }
}
