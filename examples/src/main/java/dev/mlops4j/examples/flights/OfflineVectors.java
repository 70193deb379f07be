package dev.mlops4j.examples.flights;

import dev.mlops4j.feature.TrainingSet;
import dev.mlops4j.monitoring.RecordedPrediction;
import dev.mlops4j.registry.Registry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The vectors of July to December as a training set has them, to hold those served against. */
final class OfflineVectors {

  private final TrainingSet judging;
  private final Map<String, Integer> rows = new HashMap<>();

  /**
   * The vectors of a training set.
   *
   * @param flights its records, those without a label as well
   */
  OfflineVectors(TrainingSet judging, List<Flight> flights) {
    this.judging = judging;
    for (Flight flight : flights) {
      if (flight.late() != null) {
        rows.put(flight.id(), rows.size());
      }
    }
    if (rows.size() != judging.rowCount()) {
      throw new IllegalStateException(
          judging.rowCount() + " rows for " + rows.size() + " flights with a label");
    }
  }

  /** Compares vectors that the versions of this registry were given. */
  Comparison comparison(Registry registry) {
    return new Comparison(registry);
  }

  /** Counts how many vectors equal the offline ones. */
  final class Comparison {

    private final Registry registry;
    private final Map<Integer, double[]> byVersion = new HashMap<>();
    private int compared;
    private int differing;

    private Comparison(Registry registry) {
      this.registry = registry;
    }

    int compared() {
      return compared;
    }

    int differing() {
      return differing;
    }

    void compare(RecordedPrediction<Boolean> served) {
      Integer row = rows.get(served.id());
      if (row == null) {
        return;
      }
      double[] offline = byVersion.computeIfAbsent(served.version(), this::vectors);
      double[] vector = served.vector();
      compared++;
      for (int i = 0; i < vector.length; i++) {
        double expected = offline[row * vector.length + i];
        if (Double.doubleToRawLongBits(expected) != Double.doubleToRawLongBits(vector[i])) {
          differing++;
          return;
        }
      }
    }

    private double[] vectors(int version) {
      return judging.vectors(
          registry.load(registry.version(FlightTraining.MODEL, version)).manifest().signature());
    }
  }
}
