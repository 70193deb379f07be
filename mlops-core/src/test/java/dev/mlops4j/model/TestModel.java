package dev.mlops4j.model;

import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;

/** Predicts a multiple of the first input; the factor is its file. */
final class TestModel implements PortableModel {

  static final String FILE = "weights/factor.txt";

  private final Signature signature;
  private final double factor;
  private boolean closed;

  TestModel(Signature signature, double factor) {
    this.signature = signature;
    this.factor = factor;
  }

  static TestModel of(ModelPackage modelPackage) {
    String text = new String(modelPackage.file(FILE), StandardCharsets.UTF_8);
    return new TestModel(modelPackage.manifest().signature(), Double.parseDouble(text));
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public Signature signature() {
    return signature;
  }

  @Override
  public void predict(double[] vector, double[] output) {
    output[0] = factor * vector[0];
  }

  @Override
  public String format() {
    return "test";
  }

  @Override
  public SortedMap<String, byte[]> files() {
    SortedMap<String, byte[]> files = new TreeMap<>();
    files.put(FILE, Double.toString(factor).getBytes(StandardCharsets.UTF_8));
    return files;
  }

  @Override
  public void close() {
    closed = true;
  }
}
