package dev.mlops4j.xgboost;

import dev.mlops4j.model.TrainingListener;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keeps what a training says. */
final class RecordingListener implements TrainingListener {

  final Map<String, String> params = new LinkedHashMap<>();
  final Map<String, List<Double>> metrics = new LinkedHashMap<>();

  final Map<String, Double> importance = new LinkedHashMap<>();

  @Override
  public void params(Map<String, String> all) {
    params.putAll(all);
  }

  @Override
  public void metric(String key, long step, double value) {
    List<Double> series = metrics.computeIfAbsent(key, ignored -> new ArrayList<>());
    if (step != series.size()) {
      throw new AssertionError("step " + step + " of " + key + " after " + series.size());
    }
    series.add(value);
  }

  @Override
  public void importance(String measure, Map<String, Double> byInput) {
    if (!importance.isEmpty()) {
      throw new AssertionError("the importance again: " + measure);
    }
    importance.putAll(byInput);
  }
}
