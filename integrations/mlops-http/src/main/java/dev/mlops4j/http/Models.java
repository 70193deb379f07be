package dev.mlops4j.http;

import dev.mlops4j.serving.UntypedPredictor;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The predictors of a handler by the names of their models. */
final class Models {

  private final Map<String, UntypedPredictor> byName = new LinkedHashMap<>();

  /**
   * These predictors.
   *
   * @throws IllegalArgumentException if there is none, or two have a model of one name
   */
  Models(List<UntypedPredictor> predictors) {
    if (predictors.isEmpty()) {
      throw new IllegalArgumentException("at least one predictor is served");
    }
    for (UntypedPredictor predictor : predictors) {
      if (byName.putIfAbsent(predictor.model(), predictor) != null) {
        throw new IllegalArgumentException(
            "two predictors are of \""
                + predictor.model()
                + "\"; a path could not tell them apart");
      }
    }
  }

  /** The version of this library, or {@code dev} if it is not from a jar. */
  static String version() {
    String version = Models.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }

  Collection<UntypedPredictor> all() {
    return byName.values();
  }

  /** The one that was named first. */
  UntypedPredictor first() {
    return byName.values().iterator().next();
  }

  UntypedPredictor named(String name) {
    UntypedPredictor predictor = byName.get(name);
    if (predictor == null) {
      throw new HttpProblem(
          HttpProblem.NOT_FOUND,
          "there is no model \"" + Json.excerpt(name) + "\"; there are " + byName.keySet());
    }
    return predictor;
  }

  boolean isLive() {
    return all().stream().allMatch(predictor -> predictor.health().live());
  }

  boolean isReady() {
    return all().stream().allMatch(predictor -> predictor.health().ready());
  }
}
