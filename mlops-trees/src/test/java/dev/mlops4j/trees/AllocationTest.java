package dev.mlops4j.trees;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllocationTest {
  private static final int PREDICTIONS = 10_000;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "xgboost-3.2.0-logistic-steep",
        "xgboost-3.2.0-softprob",
        "xgboost-3.2.0-softmax",
        "xgboost-3.2.0-partition-json",
        "lightgbm-4.6.0-binary",
        "lightgbm-4.6.0-multiclass",
        "lightgbm-4.6.0-multiclassova"
      })
  void a_prediction_allocates_nothing(String name) {
    Vector vector = Vector.named(name);
    TreeModel model = vector.read();
    float[][] rows = new float[vector.count][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = vector.row32(i);
    }
    double[][] doubles = new double[vector.count][];
    for (int i = 0; i < rows.length; i++) {
      doubles[i] = new double[rows[i].length];
      for (int k = 0; k < rows[i].length; k++) {
        doubles[i][k] = rows[i][k];
      }
    }
    float[] out = new float[model.outputs()];
    double[] out64 = new double[model.outputs()];
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    model.predict(rows[0], out);
    model.predict(doubles[0], out64);
    long before = threads.getThreadAllocatedBytes(thread);
    for (int i = 0; i < PREDICTIONS; i++) {
      model.predict(rows[i % rows.length], out);
      model.predict(doubles[i % rows.length], out64);
    }
    long allocated = threads.getThreadAllocatedBytes(thread) - before;
    assertThat(allocated).as("bytes, of %d predictions", PREDICTIONS).isLessThan(PREDICTIONS);
  }
}
