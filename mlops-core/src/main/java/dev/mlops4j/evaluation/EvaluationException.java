package dev.mlops4j.evaluation;

import dev.mlops4j.MlopsException;

/** Predictions cannot be judged: there are none, their number is wrong, or one is not a number. */
public class EvaluationException extends MlopsException {

  private static final long serialVersionUID = 1L;

  /** Creates an exception that says what was asked, what was found and what to do. */
  public EvaluationException(String message) {
    super(message);
  }
}
