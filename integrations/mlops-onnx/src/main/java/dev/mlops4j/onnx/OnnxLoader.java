package dev.mlops4j.onnx;

import dev.mlops4j.model.Manifest;
import dev.mlops4j.model.Model;
import dev.mlops4j.model.ModelDescription;
import dev.mlops4j.model.ModelLoadException;
import dev.mlops4j.model.ModelLoader;
import dev.mlops4j.model.ModelPackage;
import java.util.Optional;
import java.util.Set;

/**
 * Loads {@code onnx} packages into ONNX Runtime.
 *
 * <p><strong>Load only packages from registries that you trust.</strong> A graph is run by native
 * code that was not written for files made to harm. Weights in other files than the graph's own are
 * not loaded.
 */
public final class OnnxLoader implements ModelLoader {

  /** The kernels differ between processors and releases in the last bits of a float. */
  private static final double TOLERANCE = 1e-5;

  /** Every file begins with the field {@code ir_version}; the format has no other mark. */
  private static final byte IR_VERSION = 8;

  private final OnnxOptions options;

  /** Creates a loader with the default options; touches no native code. */
  public OnnxLoader() {
    this(OnnxOptions.defaults());
  }

  /** Creates a loader with these options; touches no native code. */
  public OnnxLoader(OnnxOptions options) {
    this.options = options;
  }

  @Override
  public String name() {
    return "onnxruntime";
  }

  @Override
  public boolean isNative() {
    return true;
  }

  @Override
  public Set<String> formats() {
    return Set.of(OnnxModel.FORMAT);
  }

  @Override
  public Optional<String> whyNot(Manifest manifest) {
    return manifest.format().equals(OnnxModel.FORMAT)
        ? Optional.empty()
        : Optional.of("reads " + OnnxModel.FORMAT + " only");
  }

  /** A graph says its inputs, and of what it predicts at most how many numbers. */
  @Override
  public Optional<ModelDescription> describe(byte[] file) {
    if (file.length == 0 || file[0] != IR_VERSION) {
      return Optional.empty();
    }
    try {
      return Optional.of(GraphDescription.of(file, options));
    } catch (OnnxException e) {
      throw new ModelLoadException("the graph cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public Model load(ModelPackage modelPackage) {
    try {
      return OnnxModel.of(
          modelPackage.manifest().signature(), modelPackage.file(OnnxModel.FILE), options);
    } catch (OnnxException e) {
      throw new ModelLoadException(
          "the ONNX model of " + modelPackage + " cannot be loaded: " + e.getMessage(), e);
    }
  }

  @Override
  public double tolerance() {
    return TOLERANCE;
  }
}
