package dev.mlops4j.serving;

import dev.mlops4j.MlopsException;
import java.util.List;

/** A request is not what the model takes; all that is wrong with it is in one message. */
public class InvalidRequestException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final List<String> problems;

  InvalidRequestException(List<String> problems) {
    super("the request was refused: " + String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  /** What is wrong, in words for people, at least one; values of sensitive columns are left out. */
  public List<String> problems() {
    return problems;
  }
}
