package dev.mlops4j.serving;

import dev.mlops4j.model.Model;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.registry.Capabilities;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.registry.Stage;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * A model that a predictor is to answer with, in whichever role: the version that is in a stage or
 * has an alias, now and after every change, or one package or loaded model. Immutable.
 *
 * <pre>{@code
 * Predictor.of(FEATURES)
 *     .follow(registry, "flight-delay", Stage.PRODUCTION)
 *     .shadow("lighter", ServedModel.inStage(registry, "flight-delay", Stage.STAGING))
 * }</pre>
 */
public final class ServedModel {

  private final String model;
  private final boolean followed;
  private final Opener opener;

  private ServedModel(String model, boolean followed, Opener opener) {
    this.model = model;
    this.followed = followed;
    this.opener = opener;
  }

  /**
   * The version that is in this stage; the model need not have one yet.
   *
   * @throws IllegalArgumentException if the stage is NONE
   */
  public static ServedModel inStage(Registry registry, String model, Stage stage) {
    Objects.requireNonNull(registry, "registry");
    return FollowedModel.inStage(() -> registry, model, stage);
  }

  /** The version that has this alias; neither the model nor the alias need to be there yet. */
  public static ServedModel aliased(Registry registry, String model, String alias) {
    Objects.requireNonNull(registry, "registry");
    return FollowedModel.aliased(() -> registry, model, alias);
  }

  /**
   * The version in this stage of a registry that is opened at the first look, and again at the next
   * ones if that fails: for a start while the registry is away, from a {@linkplain
   * PredictorBuilder#cache cache}.
   *
   * @throws IllegalArgumentException if the stage is NONE
   */
  public static ServedModel inStage(Supplier<Registry> registry, String model, Stage stage) {
    return FollowedModel.inStage(registry, model, stage);
  }

  /** This package, outside a registry, under this name. */
  public static ServedModel of(String name, ModelPackage modelPackage) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(modelPackage, "modelPackage");
    return new ServedModel(
        name, false, (called, capabilities) -> new FixedModel(name, modelPackage, null));
  }

  /** This model, under this name: rules, an ensemble, one in a test. Whoever made it closes it. */
  public static ServedModel of(String name, Model model) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(model, "model");
    return new ServedModel(
        name, false, (called, capabilities) -> new FixedModel(name, null, model));
  }

  static ServedModel followed(String model, Opener opener) {
    return new ServedModel(model, true, opener);
  }

  /** Whether other versions may come. */
  boolean isFollowed() {
    return followed;
  }

  /** The model's name. */
  public String model() {
    return model;
  }

  /**
   * Begins to serve.
   *
   * @param predictor what the predictor is called
   * @param capabilities what it can load
   */
  ModelSource open(String predictor, Capabilities capabilities) {
    return opener.open(predictor, capabilities);
  }

  /** Makes a source of versions for a predictor. */
  @FunctionalInterface
  interface Opener {
    ModelSource open(String predictor, Capabilities capabilities);
  }
}
