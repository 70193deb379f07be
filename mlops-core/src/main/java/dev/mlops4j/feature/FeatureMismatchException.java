package dev.mlops4j.feature;

import dev.mlops4j.MlopsException;
import java.util.List;

/** A model's inputs are not the features of the set that is to feed it. */
public class FeatureMismatchException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String featureSet;

  /** Creates an exception with every difference. */
  public FeatureMismatchException(String featureSet, List<String> differences) {
    super(
        "feature set \"" + featureSet + "\" does not give what the model takes:\n- "
            + String.join("\n- ", differences)
            + "\nuse the feature set that the model was trained with, or train a new model");
    this.featureSet = featureSet;
  }

  /** The name of the feature set. */
  public String featureSet() {
    return featureSet;
  }
}
