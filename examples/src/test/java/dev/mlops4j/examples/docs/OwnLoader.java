package dev.mlops4j.examples.docs;

import dev.mlops4j.model.Manifest;
import dev.mlops4j.model.Model;
import dev.mlops4j.model.ModelLoader;
import dev.mlops4j.model.ModelPackage;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

// region loader
/** Loads models that are a threshold in a text file. */
final class OwnLoader implements ModelLoader {

  @Override
  public String name() {
    return "threshold";
  }

  @Override
  public boolean isNative() {
    return false;
  }

  @Override
  public Set<String> formats() {
    return Set.of("threshold");
  }

  @Override
  public Optional<String> whyNot(Manifest manifest) {
    return formats().contains(manifest.format()) ? Optional.empty() : Optional.of("reads others");
  }

  @Override
  public Model load(ModelPackage modelPackage) {
    byte[] file = modelPackage.file("threshold.txt");
    double threshold = Double.parseDouble(new String(file, StandardCharsets.UTF_8));
    return Model.of(
        modelPackage.manifest().signature(),
        (vector, output) -> output[0] = vector[0] > threshold ? 1 : 0);
  }

  @Override
  public double tolerance() {
    return 0; // the same bits everywhere
  }
}
// endregion
