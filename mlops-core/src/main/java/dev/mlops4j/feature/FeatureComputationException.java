package dev.mlops4j.feature;

import dev.mlops4j.MlopsException;

/** The function of a feature threw an exception for a record. */
public class FeatureComputationException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String feature;

  /** Creates an exception for this feature; the record's values are not in the message. */
  public FeatureComputationException(String featureSet, String feature, RuntimeException cause) {
    super(
        "feature set \""
            + featureSet
            + "\": the function of \""
            + feature
            + "\" threw "
            + cause.getClass().getName()
            + " for a record; a value that may be absent belongs to"
            + " numericOrMissing, flag or categorical, which take null",
        cause);
    this.feature = feature;
  }

  /** The name of the feature. */
  public String feature() {
    return feature;
  }
}
