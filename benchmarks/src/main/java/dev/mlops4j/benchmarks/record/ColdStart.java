package dev.mlops4j.benchmarks.record;

import dev.mlops4j.model.GoldenRow;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.Signature.InputType;
import dev.mlops4j.serving.Predictor;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A program that loads a package, answers once, and ends. */
public final class ColdStart {

  private ColdStart() {}

  /**
   * Predicts the first golden row of a package, and prints the prediction, what training predicted,
   * and the nanoseconds since the package began to be read.
   *
   * @param args the package's directory
   */
  public static void main(String[] args) {
    long begin = System.nanoTime();
    ModelPackage modelPackage = ModelPackage.read(Path.of(args[0]));
    try (Predictor<Map<String, @Nullable Object>> predictor =
        Predictor.ofInputs().serve(modelPackage).build()) {
      GoldenRow first = modelPackage.goldenRows().get(0);
      Prediction prediction = predictor.predict(inputs(modelPackage, first.sample().vector()));
      long nanos = System.nanoTime() - begin;
      System.out.println(prediction.value() + " " + first.output()[0] + " " + nanos);
    }
  }

  private static Map<String, @Nullable Object> inputs(ModelPackage modelPackage, double[] vector) {
    Map<String, @Nullable Object> inputs = new HashMap<>();
    for (int i = 0; i < vector.length; i++) {
      Input input = modelPackage.manifest().signature().inputs().get(i);
      inputs.put(input.name(), value(input, vector[i]));
    }
    return inputs;
  }

  private static @Nullable Object value(Input input, double value) {
    if (Double.isNaN(value)) {
      return null;
    }
    return input.type() == InputType.CATEGORICAL ? input.categories().get((int) value) : value;
  }
}
