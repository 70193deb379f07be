package dev.mlops4j.feature;

import dev.mlops4j.MlopsException;

/**
 * The code computes another value for a sample request than it did when the model was trained, so
 * the model would see other features than it learned from.
 */
public class FeatureSkewException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String featureSet;
  private final String feature;
  private final int row;

  /** Creates an exception for this feature in this golden row, from 0. */
  public FeatureSkewException(String featureSet, String feature, int row, String difference) {
    super(
        "feature set \""
            + featureSet
            + "\" differs from the training's: golden row "
            + row
            + ", feature \""
            + feature
            + "\": "
            + difference
            + "; the feature's code or the codec has changed since: go back to the code of the"
            + " training, or train a new model");
    this.featureSet = featureSet;
    this.feature = feature;
    this.row = row;
  }

  /** The name of the feature set. */
  public String featureSet() {
    return featureSet;
  }

  /** The name of the feature that differs. */
  public String feature() {
    return feature;
  }

  /** The number of the golden row, from 0. */
  public int row() {
    return row;
  }
}
