package dev.mlops4j.monitoring;

import dev.mlops4j.MlopsException;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.Signature;
import dev.mlops4j.profile.ProfileSeries;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.tracking.RunArtifact;
import dev.mlops4j.tracking.Tracking;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** References out of the packages in a registry. Safe for any number of threads. */
final class RegistryReferences implements References {

  /** Taken before other measures; of these the first by name. */
  private static final String GAIN = "importance/gain.json";

  private final Registry registry;
  private final String model;
  private final Supplier<Tracking> tracking;
  private final Map<Integer, Reference> loaded = new HashMap<>();

  /**
   * References of a model.
   *
   * @param tracking where the versions were trained; asked for when it is needed
   */
  RegistryReferences(Registry registry, String model, Supplier<Tracking> tracking) {
    this.registry = registry;
    this.model = model;
    this.tracking = tracking;
  }

  @Override
  public synchronized Reference of(int version) {
    return loaded.computeIfAbsent(version, this::load);
  }

  @Override
  public Signature signature(int version) {
    return of(version).signature();
  }

  @Override
  public Importance importance(int version) {
    try (Tracking runs = tracking.get()) {
      String run = registry.version(model, version).runId();
      if (run == null) {
        return Importance.UNKNOWN;
      }
      return runs.artifacts(run, "importance").stream()
          .filter(artifact -> artifact.kind() == RunArtifact.Kind.FILE)
          .sorted(
              Comparator.comparing((RunArtifact artifact) -> !artifact.path().equals(GAIN))
                  .thenComparing(RunArtifact::path))
          .map(artifact -> Importance.read(runs.artifact(run, artifact.path())))
          .filter(Importance::isKnown)
          .findFirst()
          .orElse(Importance.UNKNOWN);
    } catch (MlopsException e) {
      // The run is gone or of another workspace; a report does without.
      return Importance.UNKNOWN;
    }
  }

  @Override
  public ProfileSeries profile(int version) {
    return modelPackage(version).referenceProfile();
  }

  private Reference load(int version) {
    ModelPackage loadedPackage = modelPackage(version);
    return Reference.of(loadedPackage.referenceProfile(), loadedPackage.manifest().signature());
  }

  private ModelPackage modelPackage(int version) {
    if (version == 0) {
      throw new MonitoringException(
          "the predictions were answered by a model outside the registry, which has no reference; "
              + "register it and serve the registered version");
    }
    return registry.load(registry.version(model, version));
  }
}
