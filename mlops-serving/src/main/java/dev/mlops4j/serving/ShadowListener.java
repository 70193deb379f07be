package dev.mlops4j.serving;

import dev.mlops4j.model.Prediction;

/**
 * Hears of every request that a shadow has predicted too, on the shadow's thread. What it throws is
 * logged and counted as a failure of the shadow.
 */
@FunctionalInterface
public interface ShadowListener {

  /**
   * Two answers to one request, under one id.
   *
   * @param answered what the caller got
   * @param shadowed what the shadow predicts; its arm is the shadow's name
   */
  void compared(Prediction answered, Prediction shadowed);
}
