package dev.mlops4j.model;

import dev.mlops4j.Digest;
import dev.mlops4j.profile.ProfileSeries;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a model is trained on, and what its package takes from that. */
public interface TrainingData {

  /** The column of a reference profile with what the model predicts for the training rows. */
  String PREDICTION_COLUMN = "prediction";

  /** The inputs in the order of the vectors, with the categories seen, and the target. */
  Signature signature();

  /** The name of the feature set. */
  String featureSet();

  /**
   * The fingerprint of the feature definitions, what a package is checked against when loaded; null
   * if the vectors were not made by a feature set.
   */
  @Nullable Digest featureFingerprint();

  /** A few sample requests with all that was looked up for them and their vectors. */
  List<GoldenSample> goldenSamples();

  /** The datasets behind it, for the lineage. */
  List<DatasetReference> datasets();

  /** The vectors, one row after the other: {@code rowCount()} times the signature's width. */
  double[] vectors();

  /**
   * The labels, one a row and none missing: 0 or 1 of a binary target, the position among the
   * signature's labels of a multiclass one, the number itself of a regression.
   */
  double[] labels();

  /** How many rows there are. */
  int rowCount();

  /**
   * The profile that a service is monitored against: every feature, the prediction as {@link
   * #PREDICTION_COLUMN} and the label, by week where the rows have a time.
   *
   * @param outputs the model's outputs for {@link #vectors()}
   */
  ProfileSeries referenceProfile(double[] outputs);
}
