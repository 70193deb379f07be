package dev.mlops4j.feature;

import dev.mlops4j.MlopsException;
import java.util.List;

/** A view, a feature set or a target is not defined as it must be; all problems in one message. */
public class FeatureDefinitionException extends MlopsException {

  private static final long serialVersionUID = 1L;

  /** Creates an exception of this message. */
  public FeatureDefinitionException(String message) {
    super(message);
  }

  static void throwIfAny(String what, List<String> problems) {
    if (!problems.isEmpty()) {
      throw new FeatureDefinitionException(
          what + " cannot be built:\n- " + String.join("\n- ", problems));
    }
  }
}
