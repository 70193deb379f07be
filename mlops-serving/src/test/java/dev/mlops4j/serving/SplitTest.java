package dev.mlops4j.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mlops4j.model.Model;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.Signature.Output;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SplitTest {

  private static final Signature SIGNATURE =
      new Signature(List.of(Input.numeric("x")), Output.regression("y"));

  static Model constant(double value) {
    return Model.of(SIGNATURE, (vector, output) -> output[0] = value);
  }

  static Model failing() {
    return Model.of(
        SIGNATURE,
        (vector, output) -> {
          throw new IllegalArgumentException("the model is broken");
        });
  }

  private static PredictorBuilder<Map<String, Object>> champion() {
    return Predictor.ofInputs().serve("m", constant(1));
  }

  private static Map<String, Object> request(int x) {
    return Map.of("x", x);
  }

  @Test
  void anArmHasItsShareOfTheKeysAndAKeyAlwaysTheSameArm() {
    try (Predictor<Map<String, Object>> predictor =
        champion()
            .splitBy(request -> request.get("x"))
            .arm("canary", 0.1, ServedModel.of("m2", constant(2)))
            .build()) {
      List<Prediction> first = predictor.predictAll(requests(20_000));
      List<Prediction> again = predictor.predictAll(requests(20_000));

      double share = first.stream().filter(p -> p.arm().equals("canary")).count() / 20_000.0;
      assertThat(share).isCloseTo(0.1, within(0.01));
      assertThat(first)
          .allMatch(p -> p.value() == (p.arm().equals("canary") ? 2 : 1))
          .allMatch(p -> p.arm().equals("canary") || p.arm().equals(Prediction.CHAMPION));
      assertThat(again)
          .extracting(Prediction::arm)
          .isEqualTo(first.stream().map(Prediction::arm).toList());
      assertThat(predictor.predict(request(7)).arm()).isEqualTo(first.get(7).arm());
      assertThat(predictor.counts().allAnswered()).isEqualTo(40_001);
    }
  }

  @Test
  void aKeyStaysInAnArmThatGrows() {
    assertThat(IntStream.range(0, 5_000).filter(x -> Split.place("m\n", "" + x) < 0.05))
        .isNotEmpty()
        .allMatch(x -> Split.place("m\n", "" + x) < 0.2);
  }

  /**
   * A change of the hash would move every entity to another arm in the middle of a test. The number
   * is that of Python's xxhash: {@code xxh3_64_intdigest(text.encode("utf-16-le"))}, shifted right
   * by 11 and divided by 2^53.
   */
  @Test
  void theHashIsTheSameInEveryRelease() {
    assertThat(Split.place("flight-delay\n", "N12345")).isEqualTo(0.6359955636983537);
  }

  @Test
  void anArmThatFailsLeavesTheRequestToTheChampion() {
    try (Predictor<Map<String, Object>> predictor =
        champion()
            .splitBy(request -> "everyone")
            .arm("b", 1, ServedModel.of("m2", failing()))
            .build()) {
      Prediction prediction = predictor.predict(request(1));

      assertThat(prediction.arm()).isEqualTo(Prediction.CHAMPION);
      assertThat(prediction.value()).isEqualTo(1);
      assertThat(predictor.predictAll(requests(3))).allMatch(p -> p.value() == 1);
      assertThat(predictor.counts().armFailures()).isEqualTo(4);
    }
  }

  @Test
  void requestsWithoutAKeyAreTheChampions() {
    try (Predictor<Map<String, Object>> predictor =
        champion()
            .splitBy(request -> null)
            .arm("b", 1, ServedModel.of("m2", constant(2)))
            .build()) {
      assertThat(predictor.predict(request(1)).arm()).isEqualTo(Prediction.CHAMPION);
    }
  }

  @Test
  void badArmsAreRefusedAtOnce() {
    ServedModel other = ServedModel.of("m2", constant(2));

    assertThatThrownBy(() -> champion().arm("b", 0, other))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> champion().arm("b", Double.NaN, other))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> champion().arm("b", 0.6, other).arm("c", 0.5, other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1.1");
    assertThatThrownBy(() -> champion().arm("b", 0.1, other).shadow("b", other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("taken are");
    assertThatThrownBy(() -> champion().arm(Prediction.FALLBACK, 0.1, other))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> champion().arm("b", 0.1, other).build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("splitBy");
  }

  private static List<Map<String, Object>> requests(int count) {
    return IntStream.range(0, count).mapToObj(SplitTest::request).toList();
  }
}
