package dev.mlops4j.serving;

import dev.mlops4j.model.GoldenRow;
import dev.mlops4j.model.Model;
import java.util.List;

/**
 * Predicts before anyone asks, so that the first requests find a native session that has allocated
 * what it needs, and code that is on its way to be compiled.
 */
final class WarmUp {

  private static final int ROUNDS = 2_000;
  private static final long MAX_NANOS = 50_000_000;

  private WarmUp() {}

  /** Predicts golden rows again and again, for at most a twentieth of a second. */
  static void run(Model model, List<GoldenRow> rows) {
    if (rows.isEmpty()) {
      return;
    }
    double[] output = new double[model.signature().output().width()];
    long start = System.nanoTime();
    for (int i = 0; i < ROUNDS && System.nanoTime() - start < MAX_NANOS; i++) {
      model.predict(rows.get(i % rows.size()).sample().vector(), output);
    }
  }
}
