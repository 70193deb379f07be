package dev.mlops4j.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Several models of one signature, of which the first that does not throw answers. Immutable; as
 * safe for several threads as its models, which it closes.
 */
public final class FallbackModel implements Model {

  private final List<Model> models;

  private FallbackModel(List<Model> models) {
    this.models = models;
  }

  /**
   * These models, in the order in which they are asked.
   *
   * @throws IllegalArgumentException if there is none, or their signatures differ
   */
  public static FallbackModel of(Model first, Model... others) {
    List<Model> models = new ArrayList<>(List.of(first));
    models.addAll(List.of(others));
    ModelGroup.check("a fallback", models);
    return new FallbackModel(List.copyOf(models));
  }

  @Override
  public Signature signature() {
    return models.get(0).signature();
  }

  /**
   * Predicts with the first model that can.
   *
   * @throws RuntimeException what the first model threw, with what the others threw suppressed, if
   *     none can
   */
  @Override
  public void predict(double[] vector, double[] output) {
    ModelArrays.check(signature(), vector, output);
    RuntimeException first = null;
    for (Model model : models) {
      try {
        model.predict(vector, output);
        return;
      } catch (RuntimeException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    throw first == null ? new IllegalStateException("a fallback has a model") : first;
  }

  /** Closes every model, also when one of them throws. */
  @Override
  public void close() {
    ModelGroup.close(models);
  }
}
