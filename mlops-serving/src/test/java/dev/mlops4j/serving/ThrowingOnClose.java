package dev.mlops4j.serving;

import dev.mlops4j.model.Model;
import dev.mlops4j.model.Signature;
import java.util.concurrent.atomic.AtomicInteger;

/** A model whose native part cannot be freed. */
final class ThrowingOnClose implements Model {

  final AtomicInteger closes = new AtomicInteger();

  @Override
  public Signature signature() {
    return Trip.training(Trip.FEATURES).signature();
  }

  @Override
  public void predict(double[] vector, double[] output) {}

  @Override
  public void close() {
    closes.incrementAndGet();
    throw new UnsatisfiedLinkError("free");
  }
}
