package dev.mlops4j.feature;

import dev.mlops4j.MlopsException;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.InputType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A model's inputs are not the features of the set that is to feed it. */
public class FeatureMismatchException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String featureSet;

  /** Creates an exception with every difference. */
  public FeatureMismatchException(String featureSet, List<String> differences) {
    super(
        "feature set \""
            + featureSet
            + "\" does not give what the model takes:\n- "
            + String.join("\n- ", differences)
            + "\nuse the feature set that the model was trained with, or train a new model");
    this.featureSet = featureSet;
  }

  /** Throws unless the features given, by name, are exactly the inputs of the signature. */
  static void check(String featureSet, Map<String, InputType> given, Signature signature) {
    Map<String, InputType> left = new TreeMap<>(given);
    List<String> differences = new ArrayList<>();
    for (Signature.Input input : signature.inputs()) {
      InputType type = left.remove(input.name());
      if (type == null) {
        differences.add("the model takes \"" + input.name() + "\", the set does not give it");
      } else if (type != input.type()) {
        differences.add(
            "\""
                + input.name()
                + "\" is "
                + input.type()
                + " for the model, "
                + type
                + " in the set");
      }
    }
    left.keySet()
        .forEach(
            name -> differences.add("the set gives \"" + name + "\", the model does not take it"));
    if (!differences.isEmpty()) {
      throw new FeatureMismatchException(featureSet, differences);
    }
  }

  /** The name of the feature set. */
  public String featureSet() {
    return featureSet;
  }
}
