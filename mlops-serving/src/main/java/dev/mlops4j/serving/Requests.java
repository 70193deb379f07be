package dev.mlops4j.serving;

import dev.mlops4j.Digest;
import dev.mlops4j.data.Schema;
import dev.mlops4j.feature.FeatureView;
import dev.mlops4j.model.Manifest;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the requests of a predictor are, and how they become the vectors of a version. */
interface Requests<T> {

  /** What a predictor of such requests is called unless it is named. */
  String name();

  /** What is wrong with looking features up nowhere, if they need to be. */
  List<String> problemsWithoutLookup();

  /** What is wrong with the requests themselves. */
  List<String> problems();

  /** The views that are looked up. */
  List<FeatureView> views();

  /** The fingerprints of the features there are, or null if versions of any features are taken. */
  @Nullable Set<Digest> fingerprints();

  /**
   * What makes the vectors of this package, whose golden requests have been replayed.
   *
   * @throws dev.mlops4j.MlopsException if no features fit, or golden vectors come out otherwise
   */
  RowVectors<T> bind(String model, int version, ModelPackage modelPackage);

  /**
   * What makes the vectors of a model of this signature.
   *
   * @throws dev.mlops4j.feature.FeatureMismatchException if no features fit
   */
  RowVectors<T> bind(Signature signature);

  /** The inputs as far as they are known before a version is; empty if they are not. */
  List<Input> inputs();

  /**
   * The columns of a request without a type.
   *
   * @param signature that of the version that serves, or null
   * @throws UnsupportedOperationException if requests cannot be made of columns
   */
  Schema schema(@Nullable Signature signature);

  /** The request of these columns, each of its column's type or null. */
  T read(Schema schema, Map<String, @Nullable Object> columns);

  /** What a version says of its features, for messages. */
  static String trainedOn(String model, int version, Manifest manifest) {
    return (version == 0 ? "the package of \"" : "version " + version + " of \"")
        + model
        + "\" was trained on features \""
        + manifest.featureSet()
        + "\"";
  }
}
