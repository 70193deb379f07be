package dev.mlops4j.http;

import dev.mlops4j.model.Model;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.Signature.Output;
import dev.mlops4j.serving.Predictor;
import java.util.List;
import java.util.Map;

/** Models whose answers can be computed in the head. */
final class TestModels {

  private static final Signature SUM =
      new Signature(List.of(Input.numeric("a"), Input.numeric("b")), Output.regression("sum"));
  private static final Signature COFFEE =
      new Signature(
          List.of(Input.numeric("hour"), Input.categorical("weather", List.of("sun", "rain"))),
          Output.multiclass("drink", List.of("coffee", "tea")));

  private TestModels() {}

  /** {@code a + 2 b}. */
  static Predictor<Map<String, Object>> sum() {
    return Predictor.ofInputs()
        .serve("sum", Model.of(SUM, (v, out) -> out[0] = v[0] + 2 * v[1]))
        .build();
  }

  /** Tea with probability 0.75 if it rains, else 0.25; unknown weather is even. */
  static Predictor<Map<String, Object>> coffee() {
    return Predictor.ofInputs()
        .serve(
            "coffee",
            Model.of(
                COFFEE,
                (v, out) -> {
                  out[1] = Double.isNaN(v[1]) ? 0.5 : v[1] == 1 ? 0.75 : 0.25;
                  out[0] = 1 - out[1];
                }))
        .build();
  }
}
