package dev.mlops4j.serving;

import dev.mlops4j.model.PortableModel;
import dev.mlops4j.model.Signature;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Predicts its own number, whatever it is asked, and notices what happens after it was closed. */
final class NumberModel implements PortableModel {

  static final String FORMAT = "number";
  static final String FILE = "number.txt";

  private final Signature signature;
  private final double number;
  private final Runnable duringPrediction;
  private final AtomicInteger closes = new AtomicInteger();

  NumberModel(Signature signature, double number, Runnable duringPrediction) {
    this.signature = signature;
    this.number = number;
    this.duringPrediction = duringPrediction;
  }

  double number() {
    return number;
  }

  int closes() {
    return closes.get();
  }

  @Override
  public Signature signature() {
    return signature;
  }

  @Override
  public void predict(double[] vector, double[] output) {
    requireOpen();
    duringPrediction.run();
    output[0] = number;
    requireOpen();
  }

  private void requireOpen() {
    if (closes.get() > 0) {
      throw new IllegalStateException("model " + number + " was closed during a prediction");
    }
  }

  @Override
  public String format() {
    return FORMAT;
  }

  @Override
  public SortedMap<String, byte[]> files() {
    return new TreeMap<>(Map.of(FILE, Double.toString(number).getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public void close() {
    closes.incrementAndGet();
  }
}
