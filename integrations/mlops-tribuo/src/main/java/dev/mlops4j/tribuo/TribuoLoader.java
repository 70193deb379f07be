package dev.mlops4j.tribuo;

import dev.mlops4j.model.Manifest;
import dev.mlops4j.model.Model;
import dev.mlops4j.model.ModelLoadException;
import dev.mlops4j.model.ModelLoader;
import dev.mlops4j.model.ModelPackage;
import java.util.Optional;
import java.util.Set;

/**
 * Loads {@code tribuo-protobuf} packages, in pure Java. The classes that a model names are checked
 * against a list before Tribuo parses it.
 */
public final class TribuoLoader implements ModelLoader {

  /** Creates a loader. */
  public TribuoLoader() {}

  @Override
  public String name() {
    return "tribuo";
  }

  @Override
  public boolean isNative() {
    return false;
  }

  @Override
  public Set<String> formats() {
    return Set.of(TribuoModel.FORMAT);
  }

  @Override
  public Optional<String> whyNot(Manifest manifest) {
    return manifest.format().equals(TribuoModel.FORMAT)
        ? Optional.empty()
        : Optional.of("reads " + TribuoModel.FORMAT + " only");
  }

  @Override
  public Model load(ModelPackage modelPackage) {
    try {
      return TribuoModel.of(
          modelPackage.manifest().signature(),
          modelPackage.file(ModelBytes.FILE),
          modelPackage.file(EncodingJson.FILE));
    } catch (TribuoException e) {
      throw new ModelLoadException(
          "the Tribuo model of " + modelPackage + " cannot be loaded: " + e.getMessage(), e);
    }
  }

  /** The same bits on every machine. */
  @Override
  public double tolerance() {
    return 0;
  }
}
