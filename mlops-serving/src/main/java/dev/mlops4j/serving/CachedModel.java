package dev.mlops4j.serving;

import dev.mlops4j.model.ModelPackage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A followed model whose last version is kept in a local directory, for times without a registry.
 */
final class CachedModel implements ModelSource {

  private static final Logger LOG = LoggerFactory.getLogger(CachedModel.class);

  private final FollowedModel followed;
  private final PackageCache cache;
  private @Nullable Loaded loaded;
  private @Nullable Integer kept;

  CachedModel(FollowedModel followed, PackageCache cache) {
    this.followed = followed;
    this.cache = cache;
  }

  @Override
  public String model() {
    return followed.model();
  }

  @Override
  public boolean changes() {
    return true;
  }

  @Override
  public @Nullable Integer current() {
    return followed.current();
  }

  @Override
  public <T> ServedVersion<T> load(int version, VersionLoader<T> loader) {
    ModelPackage modelPackage = followed.packageOf(version);
    ServedVersion<T> ready = loader.load(model(), version, modelPackage);
    loaded = new Loaded(version, modelPackage);
    return ready;
  }

  /** Keeps what serves, now that it was verified, replayed and swapped in. */
  @Override
  public void serving(@Nullable Integer version) {
    followed.serving(version);
    Loaded last = loaded;
    if (last != null && version != null && version == last.version() && !version.equals(kept)) {
      loaded = null;
      kept = version;
      try {
        cache.keep(version, last.modelPackage());
      } catch (RuntimeException e) {
        LOG.warn("version {} of \"{}\" could not be kept in {}", version, model(), cache, e);
      }
    }
  }

  @Override
  public boolean remembers() {
    return true;
  }

  @Override
  public <T> @Nullable ServedVersion<T> lastKnown(VersionLoader<T> loader) {
    PackageCache.Kept last = cache.last();
    return last == null ? null : loader.load(model(), last.version(), last.modelPackage());
  }

  @Override
  public RuntimeException empty(@Nullable String problem) {
    return followed.empty(problem);
  }

  @Override
  public void close() {
    followed.close();
  }

  private record Loaded(int version, ModelPackage modelPackage) {}
}
