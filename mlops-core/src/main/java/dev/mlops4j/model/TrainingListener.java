package dev.mlops4j.model;

import java.util.Map;

/**
 * Hears how a training goes: a tracked run is one. Calls come from the training's thread, in order;
 * an exception of the listener ends the training.
 */
public interface TrainingListener {

  /** A listener that does nothing. */
  TrainingListener NONE =
      new TrainingListener() {
        @Override
        public void params(Map<String, String> params) {}

        @Override
        public void metric(String key, long step, double value) {}
      };

  /** The parameters of the training, all defaults included, before it begins. */
  void params(Map<String, String> params);

  /** A metric after a round, an epoch or the like; steps begin at 0. */
  void metric(String key, long step, double value);

  /**
   * How much each input mattered to the model, once it is trained. Does nothing unless overridden.
   *
   * @param measure what the numbers are, such as {@code gain}
   * @param byInput a number for every input of the signature, in its order; greater ones mattered
   *     more, an input that the model does not use has 0
   */
  default void importance(String measure, Map<String, Double> byInput) {}
}
