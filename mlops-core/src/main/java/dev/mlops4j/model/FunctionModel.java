package dev.mlops4j.model;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.BiConsumer;

/** A model that is a function of the vector. */
record FunctionModel(Signature signature, BiConsumer<double[], double[]> function)
    implements Model {

  FunctionModel {
    Objects.requireNonNull(signature, "signature");
    Objects.requireNonNull(function, "function");
  }

  @Override
  public void predict(double[] vector, double[] output) {
    ModelArrays.check(signature, vector, output);
    int in = signature.width();
    int out = signature.output().width();
    if (vector.length == in && output.length == out) {
      function.accept(vector, output);
      return;
    }
    double[] exact = new double[out];
    function.accept(Arrays.copyOf(vector, in), exact);
    System.arraycopy(exact, 0, output, 0, out);
  }
}
