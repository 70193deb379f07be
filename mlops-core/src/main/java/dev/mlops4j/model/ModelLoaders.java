package dev.mlops4j.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Chooses the loader for a package, loads the model and replays the golden rows. Immutable, safe
 * for any number of threads.
 *
 * <pre>{@code
 * try (Model model = ModelLoaders.discovered().load(ModelPackage.read(directory))) {
 *   double[] prediction = model.predict(vector);
 * }
 * }</pre>
 */
public final class ModelLoaders {

  private final List<ModelLoader> loaders;

  private ModelLoaders(List<ModelLoader> loaders) {
    this.loaders = List.copyOf(loaders);
    Map<String, ModelLoader> byName = new HashMap<>();
    for (ModelLoader loader : this.loaders) {
      ModelLoader other = byName.putIfAbsent(loader.name(), loader);
      if (other != null) {
        throw new DuplicateModelLoaderException(loader.name(), other.getClass(), loader.getClass());
      }
    }
  }

  /**
   * The loaders on the class path, as {@link ServiceLoader} finds them: those in pure Java before
   * the native ones, otherwise by name.
   *
   * @throws DuplicateModelLoaderException if two have the same name
   */
  public static ModelLoaders discovered() {
    List<ModelLoader> found = new ArrayList<>();
    ServiceLoader.load(ModelLoader.class).forEach(found::add);
    found.sort(Comparator.comparing(ModelLoader::isNative).thenComparing(ModelLoader::name));
    return new ModelLoaders(found);
  }

  /**
   * These loaders; the first that can load a package does.
   *
   * @throws DuplicateModelLoaderException if two have the same name
   */
  public static ModelLoaders of(ModelLoader... loaders) {
    return new ModelLoaders(List.of(loaders));
  }

  /** The formats that one of the loaders or another can load; empty without loaders. */
  public Set<String> formats() {
    return loaders.stream()
        .flatMap(loader -> loader.formats().stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * What a bare file holds, by the first loader that knows.
   *
   * @throws ModelLoadException if a loader knows the format, and cannot load the file
   */
  public Optional<ModelDescription> describe(byte[] file) {
    return loaders.stream().flatMap(loader -> loader.describe(file).stream()).findFirst();
  }

  /**
   * Loads a model and checks that it predicts for the golden rows what was predicted at training.
   *
   * @return a model that the caller closes
   * @throws NoModelLoaderException if no loader can; it lists the reason of each
   * @throws ModelLoadException if the chosen loader fails; no other is tried
   * @throws GoldenRowMismatchException if a prediction differs by more than the loader's tolerance;
   *     the model is closed
   */
  public Model load(ModelPackage modelPackage) {
    ModelLoader loader = choose(modelPackage.manifest());
    Model model = loader.load(modelPackage);
    try {
      GoldenPredictions.check(loader, model, modelPackage);
      return model;
    } catch (RuntimeException | Error e) {
      close(model, e);
      throw e;
    }
  }

  private ModelLoader choose(Manifest manifest) {
    Map<String, String> reasons = new LinkedHashMap<>();
    for (ModelLoader loader : loaders) {
      var reason = loader.whyNot(manifest);
      if (reason.isEmpty()) {
        return loader;
      }
      reasons.put(loader.name(), reason.get());
    }
    throw new NoModelLoaderException(manifest.format(), reasons);
  }

  private static void close(Model model, Throwable after) {
    try {
      model.close();
    } catch (RuntimeException e) {
      after.addSuppressed(e);
    }
  }
}
