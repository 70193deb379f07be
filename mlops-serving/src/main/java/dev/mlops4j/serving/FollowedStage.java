package dev.mlops4j.serving;

import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.registry.Capabilities;
import dev.mlops4j.registry.Follower;
import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.registry.Stage;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The version that is in a stage of a registry, which is told what this predictor can load. */
final class FollowedStage implements ModelSource {

  private final Registry registry;
  private final String model;
  private final Stage stage;
  private final Follower follower;
  private @Nullable Integer announced;

  FollowedStage(
      Registry registry, String model, Stage stage, String name, Capabilities capabilities) {
    this.registry = registry;
    this.model = model;
    this.stage = stage;
    this.follower = registry.follow(name, model, stage, capabilities);
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
    ModelVersion version = follower.poll();
    return version == null ? null : (Integer) version.number();
  }

  @Override
  public ModelPackage load(int version) {
    return registry.load(registry.version(model, version));
  }

  @Override
  public void serving(@Nullable Integer version) {
    if (!Objects.equals(version, announced)) {
      follower.loaded(version == null ? null : registry.version(model, version));
      announced = version;
    }
  }

  @Override
  public RuntimeException empty(@Nullable String problem) {
    return new NoServingVersionException(model, stage, problem);
  }

  @Override
  public void close() {
    follower.close();
  }
}
