package dev.mlops4j.serving;

import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.registry.Follower;
import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.registry.Stage;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The version that is in a stage of a registry or has an alias there. The registry is told what the
 * predictor can load, and is not asked before the first look.
 */
final class FollowedModel implements ModelSource {

  private final Supplier<Registry> opened;
  private final String model;
  private final String place;
  private final Following following;
  private @Nullable Registry registry;
  private @Nullable Follower follower;
  private @Nullable Integer announced;

  private FollowedModel(
      Supplier<Registry> opened, String model, String place, Following following) {
    this.opened = opened;
    this.model = model;
    this.place = place;
    this.following = following;
  }

  static ServedModel inStage(Supplier<Registry> registry, String model, Stage stage) {
    Objects.requireNonNull(registry, "registry");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(stage, "stage");
    if (stage == Stage.NONE) {
      throw new IllegalArgumentException(
          "a predictor follows a stage that a version serves in, such as PRODUCTION, found NONE,"
              + " which has no current version");
    }
    return ServedModel.followed(
        model,
        (predictor, capabilities) ->
            new FollowedModel(
                registry,
                model,
                "stage " + stage,
                opened -> opened.follow(predictor, model, stage, capabilities)));
  }

  static ServedModel aliased(Supplier<Registry> registry, String model, String alias) {
    Objects.requireNonNull(registry, "registry");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(alias, "alias");
    return ServedModel.followed(
        model,
        (predictor, capabilities) ->
            new FollowedModel(
                registry,
                model,
                "alias \"" + alias + "\"",
                opened -> opened.follow(predictor, model, alias, capabilities)));
  }

  @Override
  public String model() {
    return model;
  }

  @Override
  public boolean changes() {
    return true;
  }

  @Override
  public @Nullable Integer current() {
    Follower asked = follower;
    if (asked == null) {
      asked = following.begin(registry());
      follower = asked;
    }
    ModelVersion version = asked.poll();
    return version == null ? null : (Integer) version.number();
  }

  @Override
  public <T> ServedVersion<T> load(int version, VersionLoader<T> loader) {
    return loader.load(model, version, packageOf(version));
  }

  ModelPackage packageOf(int version) {
    Registry asked = registry();
    return asked.load(asked.version(model, version));
  }

  @Override
  public void serving(@Nullable Integer version) {
    Follower told = follower;
    if (told != null && !Objects.equals(version, announced)) {
      told.loaded(version == null ? null : registry().version(model, version));
      announced = version;
    }
  }

  @Override
  public RuntimeException empty(@Nullable String problem) {
    return new NoServingVersionException(model, place, problem);
  }

  @Override
  public void close() {
    if (follower != null) {
      follower.close();
    }
  }

  private Registry registry() {
    Registry known = registry;
    if (known == null) {
      known = opened.get();
      registry = known;
    }
    return known;
  }

  /** How to begin to follow. */
  @FunctionalInterface
  private interface Following {
    Follower begin(Registry registry);
  }
}
