package dev.mlops4j.serving;

import dev.mlops4j.data.Schema;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.Signature;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Predictor} for callers that have columns or JSON instead of a type: HTTP, queues,
 * scripts. Safe for any number of threads; closed with its predictor.
 *
 * <p>A request is a map of the columns of {@link #schema()}. A FLOAT64 column takes any number, an
 * INT64 one a whole number, a STRING one text, a TIMESTAMP one an {@link java.time.Instant} or its
 * text, an array of floats a {@link dev.mlops4j.data.Floats}, a {@code float[]} or a list of
 * numbers; null is a missing value, and an optional column may be left out. A column of a {@link
 * Predictor#ofInputs()} may not be left out, and takes truth values as 0 and 1.
 */
public interface UntypedPredictor {

  /** The name of the champion's model. */
  String model();

  /**
   * The columns of a request.
   *
   * @throws NoServingVersionException if they are the inputs of the version that serves, and none
   *     does
   * @throws UnsupportedOperationException if the feature set has no codec
   */
  Schema schema();

  /** The signature of the version that serves, or null if none does. */
  @Nullable Signature signature();

  /**
   * Predicts one request.
   *
   * @throws InvalidRequestException with all that is wrong with it
   * @throws dev.mlops4j.MlopsException as {@link Predictor#predict(Object)}
   */
  Prediction predict(Map<String, ? extends @Nullable Object> columns);

  /**
   * Predicts many requests, as {@link Predictor#predictAll}.
   *
   * @throws InvalidRequestException with all that is wrong, by the number of the row from 0, if
   *     there are several; then none is predicted
   * @throws dev.mlops4j.MlopsException as {@link Predictor#predictAll}
   */
  List<Prediction> predictAll(List<? extends Map<String, ? extends @Nullable Object>> rows);

  /**
   * Predicts a JSON object of columns, or an array of them, and gives an object, or an array of
   * objects: {@code id}, {@code model}, {@code version}, {@code arm}, {@code value} of a number or
   * a binary model, {@code label} and {@code probabilities} of a multiclass one.
   *
   * @throws InvalidRequestException with all that is wrong with it
   * @throws dev.mlops4j.MlopsException as {@link Predictor#predictAll}
   */
  String predictJson(String json);

  /** What is served at the moment. */
  PredictorState state();

  /** Whether the predictor does its work. */
  Health health();
}
