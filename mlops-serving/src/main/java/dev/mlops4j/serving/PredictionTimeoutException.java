package dev.mlops4j.serving;

import dev.mlops4j.MlopsException;
import java.time.Duration;

/** A prediction was not there within the timeout of its predictor. */
public class PredictionTimeoutException extends MlopsException {

  private static final long serialVersionUID = 1L;

  PredictionTimeoutException(Duration timeout) {
    this("a prediction was asked, but there was no answer within " + timeout);
  }

  PredictionTimeoutException(String message) {
    super(message);
  }
}
