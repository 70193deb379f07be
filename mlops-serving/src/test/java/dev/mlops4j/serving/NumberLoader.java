package dev.mlops4j.serving;

import dev.mlops4j.model.Manifest;
import dev.mlops4j.model.Model;
import dev.mlops4j.model.ModelLoader;
import dev.mlops4j.model.ModelPackage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** Loads {@link NumberModel}s, remembers them, and can be made to go wrong. */
final class NumberLoader implements ModelLoader {

  final List<NumberModel> loaded = new CopyOnWriteArrayList<>();
  volatile double bias;
  volatile Runnable duringLoad = () -> {};
  volatile Runnable duringPrediction = () -> {};

  @Override
  public String name() {
    return "number";
  }

  @Override
  public boolean isNative() {
    return false;
  }

  @Override
  public Set<String> formats() {
    return Set.of(NumberModel.FORMAT);
  }

  @Override
  public Optional<String> whyNot(Manifest manifest) {
    return manifest.format().equals(NumberModel.FORMAT)
        ? Optional.empty()
        : Optional.of("reads " + NumberModel.FORMAT + " only");
  }

  @Override
  public Model load(ModelPackage modelPackage) {
    duringLoad.run();
    double number =
        Double.parseDouble(new String(modelPackage.file(NumberModel.FILE), StandardCharsets.UTF_8));
    NumberModel model =
        new NumberModel(
            modelPackage.manifest().signature(), number + bias, () -> duringPrediction.run());
    loaded.add(model);
    return model;
  }

  @Override
  public double tolerance() {
    return 0;
  }
}
