package dev.mlops4j.registry;

import dev.mlops4j.model.Manifest;
import dev.mlops4j.model.Model;
import dev.mlops4j.model.ModelLoader;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.PortableModel;
import dev.mlops4j.model.Signature;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Predicts one number for everything. */
record ConstantModel(Signature signature, double value) implements PortableModel {

  static final String FORMAT = "constant";
  private static final String FILE = "value.txt";

  @Override
  public String format() {
    return FORMAT;
  }

  @Override
  public SortedMap<String, byte[]> files() {
    return new TreeMap<>(Map.of(FILE, Double.toString(value).getBytes(StandardCharsets.US_ASCII)));
  }

  @Override
  public void predict(double[] vector, double[] output) {
    output[0] = value;
  }

  /** Loads constants, which are off by what it is made with. */
  record Loader(double error) implements ModelLoader {

    @Override
    public String name() {
      return FORMAT;
    }

    @Override
    public boolean isNative() {
      return false;
    }

    @Override
    public Set<String> formats() {
      return Set.of(FORMAT);
    }

    @Override
    public Optional<String> whyNot(Manifest manifest) {
      return manifest.format().equals(FORMAT) ? Optional.empty() : Optional.of("reads constants");
    }

    @Override
    public Model load(ModelPackage modelPackage) {
      String text = new String(modelPackage.file(FILE), StandardCharsets.US_ASCII);
      return new ConstantModel(
          modelPackage.manifest().signature(), Double.parseDouble(text) + error);
    }

    @Override
    public double tolerance() {
      return 0;
    }
  }
}
