package dev.mlops4j.monitoring;

import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.Signature;
import dev.mlops4j.registry.Registry;
import java.util.HashMap;
import java.util.Map;

/** References out of the packages in a registry. Safe for any number of threads. */
final class RegistryReferences implements References {

  private final Registry registry;
  private final String model;
  private final Map<Integer, Reference> loaded = new HashMap<>();

  RegistryReferences(Registry registry, String model) {
    this.registry = registry;
    this.model = model;
  }

  @Override
  public synchronized Reference of(int version) {
    return loaded.computeIfAbsent(version, this::load);
  }

  @Override
  public Signature signature(int version) {
    return of(version).signature();
  }

  private Reference load(int version) {
    if (version == 0) {
      throw new MonitoringException(
          "the predictions were answered by a model outside the registry, which has no reference; "
              + "register it and serve the registered version");
    }
    ModelPackage loadedPackage = registry.load(registry.version(model, version));
    return Reference.of(loadedPackage.referenceProfile(), loadedPackage.manifest().signature());
  }
}
