package dev.mlops4j.testkit;

import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.feature.Target;
import dev.mlops4j.feature.TrainingSet;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.PortableModel;
import dev.mlops4j.model.Signature;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A model that always says the same, in a package of some kilobytes. */
record TinyModel(Signature signature) implements PortableModel {

  /** What it was trained on. */
  record Wind(double speed, boolean late) {}

  static ModelPackage packaged() {
    FeatureSet<Wind> features =
        FeatureSet.named("winds", Wind.class).numeric("speed", Wind::speed).build();
    TrainingSet training =
        TrainingSet.of(
            features,
            List.of(new Wind(1, true), new Wind(2, false)),
            Target.binary("late", Wind::late));
    return new TinyModel(training.signature()).packaged(training);
  }

  @Override
  public void predict(double[] vector, double[] output) {
    output[0] = 0.5;
  }

  @Override
  public String format() {
    return "constant";
  }

  @Override
  public SortedMap<String, byte[]> files() {
    return new TreeMap<>(Map.of("model.txt", new byte[] {'0', '.', '5'}));
  }
}
