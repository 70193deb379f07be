package dev.mlops4j.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.model.Model;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.Signature.Output;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

class ShadowTest {

  private static final Signature SIGNATURE =
      new Signature(List.of(Input.numeric("x")), Output.regression("y"));
  private static final Signature CLASSES =
      new Signature(List.of(Input.numeric("x")), Output.multiclass("y", List.of("a", "b")));

  private static Model identity() {
    return Model.of(SIGNATURE, (vector, output) -> output[0] = vector[0]);
  }

  private static Map<String, Object> request(double x) {
    return Map.of("x", x);
  }

  @Test
  void theShadowPredictsTheSameRequestsAndItsDifferencesAreRecorded() throws Exception {
    BlockingQueue<Prediction> shadowed = new LinkedBlockingQueue<>();
    Model doubling = Model.of(SIGNATURE, (vector, output) -> output[0] = 2 * vector[0]);
    try (Predictor<Map<String, Object>> predictor =
        Predictor.ofInputs()
            .serve("m", identity())
            .shadow(
                "double",
                ServedModel.of("m2", doubling),
                10,
                (answered, one) -> {
                  assertThat(one.id()).isEqualTo(answered.id());
                  assertThat(one.askedAt()).isEqualTo(answered.askedAt());
                  shadowed.add(one);
                })
            .build()) {
      assertThat(predictor.predict(request(1)).value()).isEqualTo(1);
      assertThat(shadowed.take().value()).isEqualTo(2);
      assertThat(predictor.predict(request(3)).value()).isEqualTo(3);
      assertThat(shadowed.take().arm()).isEqualTo("double");

      ShadowReport report = predictor.shadows().get(0);
      assertThat(report).isEqualTo(new ShadowReport("double", 0, 0, 2, 2, 3, 0, 0, 0));
    }
  }

  @Test
  void otherLabelsAreCounted() {
    Model a = Model.of(CLASSES, (vector, output) -> set(output, 0.7, 0.3));
    Model b = Model.of(CLASSES, (vector, output) -> set(output, 0.4, 0.6));
    try (Predictor<Map<String, Object>> predictor =
        Predictor.ofInputs().serve("m", a).shadow("b", ServedModel.of("m2", b)).build()) {
      predictor.predict(request(1));

      Fixture.await(() -> predictor.shadows().get(0).compared() == 1);
      assertThat(predictor.shadows().get(0).otherLabels()).isEqualTo(1);
    }
  }

  @Test
  void aShadowThatIsSlowHoldsNobodyUpAndDropsWhatItCannotKeep() {
    CountDownLatch released = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    Model slow =
        Model.of(
            SIGNATURE,
            (vector, output) -> {
              begun.countDown();
              await(released);
            });
    try (Predictor<Map<String, Object>> predictor =
        Predictor.ofInputs()
            .serve("m", identity())
            .shadow("slow", ServedModel.of("m2", slow), 5, (answered, shadowed) -> {})
            .build()) {
      predictor.predict(request(0));
      await(begun);
      for (int i = 1; i <= 100; i++) {
        assertThat(predictor.predict(request(i)).value()).isEqualTo(i);
      }
      assertThat(predictor.shadows().get(0).dropped()).isEqualTo(95);
      released.countDown();
      Fixture.await(() -> predictor.shadows().get(0).compared() == 6);
    }
  }

  @Test
  void aShadowThatFailsIsCountedAndSeenByNobody() {
    try (Predictor<Map<String, Object>> predictor =
        Predictor.ofInputs()
            .serve("m", identity())
            .shadow("broken", ServedModel.of("m2", SplitTest.failing()))
            .build()) {
      assertThat(predictor.predict(request(1)).value()).isEqualTo(1);
      Fixture.await(() -> predictor.shadows().get(0).failed() == 1);
      assertThat(predictor.shadows().get(0).compared()).isZero();
      assertThat(predictor.shadows().get(0).meanDifference()).isNaN();
    }
  }

  private static void set(double[] output, double a, double b) {
    output[0] = a;
    output[1] = b;
  }

  static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
