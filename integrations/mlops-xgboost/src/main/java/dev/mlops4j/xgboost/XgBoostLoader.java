package dev.mlops4j.xgboost;

import dev.mlops4j.model.Manifest;
import dev.mlops4j.model.Model;
import dev.mlops4j.model.ModelLoadException;
import dev.mlops4j.model.ModelLoader;
import dev.mlops4j.model.ModelPackage;
import java.util.Optional;
import java.util.Set;

/**
 * Loads {@code xgboost-ubj} packages into XGBoost's native library.
 *
 * <p><strong>Load only packages from registries that you trust.</strong> XGBoost's native reader
 * trusts its file: one made to harm can end the JVM, or read and write its memory. The digests of a
 * package tell that it was not altered since it was written, not who wrote it. The loader checks in
 * Java that the file is well formed and that its trees hold together before any native code sees
 * it, which refuses damaged files and the plain attacks, and proves nothing about the rest.
 */
public final class XgBoostLoader implements ModelLoader {

  /**
   * The same library gives the same floats on one kind of machine; between kinds of machines the
   * exponential function differs in the last bits of a float.
   */
  private static final double TOLERANCE = 1e-6;

  /** Creates a loader; touches no native code. */
  public XgBoostLoader() {}

  @Override
  public String name() {
    return "xgboost4j";
  }

  @Override
  public boolean isNative() {
    return true;
  }

  @Override
  public Set<String> formats() {
    return Set.of(XgBoostModel.FORMAT);
  }

  @Override
  public Optional<String> whyNot(Manifest manifest) {
    return manifest.format().equals(XgBoostModel.FORMAT)
        ? Optional.empty()
        : Optional.of("reads " + XgBoostModel.FORMAT + " only");
  }

  @Override
  public Model load(ModelPackage modelPackage) {
    try {
      return XgBoostModel.of(
          modelPackage.manifest().signature(), modelPackage.file(XgBoostModel.FILE));
    } catch (XgBoostException e) {
      throw new ModelLoadException(
          "the XGBoost model of " + modelPackage + " cannot be loaded: " + e.getMessage(), e);
    }
  }

  @Override
  public double tolerance() {
    return TOLERANCE;
  }
}
