package dev.mlops4j.examples.flights;

import dev.mlops4j.model.TrainingListener;
import dev.mlops4j.tracking.Run;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * Passes on a training's news: what describes the model to the run that the version is of, the
 * curve of the training to the run of the step, which a step done again begins anew.
 *
 * @param rounds hears how many rounds are done
 */
record FlightProgress(Run version, Run step, LongConsumer rounds) implements TrainingListener {

  @Override
  public void params(Map<String, String> params) {
    version.params(params);
  }

  @Override
  public void metric(String key, long round, double value) {
    step.metric(key, round, value);
    rounds.accept(round + 1);
  }

  @Override
  public void importance(String measure, Map<String, Double> byInput) {
    version.importance(measure, byInput);
  }
}
