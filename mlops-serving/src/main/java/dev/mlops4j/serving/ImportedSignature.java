package dev.mlops4j.serving;

import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.feature.TrainingSet;
import dev.mlops4j.model.ModelDescription;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.Signature.InputType;
import dev.mlops4j.model.Signature.Output;
import dev.mlops4j.model.Signature.Task;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Puts the signature of an imported model together from what the file says and what was given. */
final class ImportedSignature {

  private final ModelDescription description;
  private final ModelFile file;
  private final List<String> given;
  private final Map<String, List<String>> categories;
  private final @Nullable Output output;
  private final @Nullable List<Input> wanted;
  private final @Nullable Output trained;
  private final List<String> problems = new ArrayList<>();

  ImportedSignature(
      ModelDescription description,
      ModelFile file,
      List<String> given,
      Map<String, List<String>> categories,
      @Nullable Output output,
      @Nullable FeatureSet<?> features,
      @Nullable TrainingSet training) {
    this.description = description;
    this.file = file;
    this.given = given;
    this.categories = categories;
    this.output = output;
    if (features != null) {
      this.wanted = features.inputs();
    } else {
      this.wanted = training == null ? null : training.signature().inputs();
    }
    this.trained = training == null ? null : training.signature().output();
  }

  /**
   * The signature.
   *
   * @param allRounds whether a model that stopped early is to use all its rounds
   * @throws ModelImportException with all that is missing or does not fit
   */
  Signature signature(boolean allRounds) {
    List<String> names = names();
    List<Input> inputs = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      inputs.add(input(names.get(i), description.inputs().get(i)));
    }
    checkFeatures(names);
    Set<String> unknown = new TreeSet<>(categories.keySet());
    names.forEach(unknown::remove);
    if (!unknown.isEmpty()) {
      problems.add("categories were given of " + unknown + ", which are no inputs of the model");
    }
    checkRounds(allRounds);
    Output kind = output();
    if (!problems.isEmpty() || kind == null) {
      throw new ModelImportException(
          "the model cannot be imported as it is: " + String.join("; ", problems));
    }
    return new Signature(inputs, kind);
  }

  /** The names that were given, or the file's, or MLflow's, or those of the features. */
  private List<String> names() {
    List<String> own = description.inputs().stream().map(Input::name).toList();
    if (!given.isEmpty()) {
      return checked("inputs(...) has", given, own);
    }
    if (description.named()) {
      return own;
    }
    if (!file.names().isEmpty()) {
      return checked("MLflow's signature has", file.names(), own);
    }
    return wanted == null
        ? own
        : checked("the feature set has", wanted.stream().map(Input::name).toList(), own);
  }

  private List<String> checked(String who, List<String> names, List<String> own) {
    if (names.size() != own.size()) {
      problems.add(who + " " + names.size() + " names, the model has " + own.size() + " inputs");
      return own;
    }
    if (new HashSet<>(names).size() != names.size()) {
      problems.add(who + " a name twice: " + names);
      return own;
    }
    return names;
  }

  private Input input(String name, Input own) {
    List<String> said = categories.get(name);
    if (said == null) {
      if (own.type() == InputType.CATEGORICAL && own.categories().isEmpty()) {
        problems.add(
            "\""
                + name
                + "\" is a category whose list the file does not have; give it in the order of"
                + " the codes with categories(\""
                + name
                + "\", ...)");
      }
      return new Input(name, own.type(), own.categories());
    }
    if (!own.categories().isEmpty() && !own.categories().equals(said)) {
      problems.add("categories(\"" + name + "\", ...) differ from those in the file");
    }
    if (new HashSet<>(said).size() != said.size()) {
      problems.add("categories(\"" + name + "\", ...) have one twice");
    }
    return Input.categorical(name, said);
  }

  private void checkFeatures(List<String> names) {
    if (wanted == null) {
      return;
    }
    Set<String> missing = new TreeSet<>(names);
    Set<String> extra = new TreeSet<>();
    for (Input input : wanted) {
      int position = names.indexOf(input.name());
      if (position < 0) {
        extra.add(input.name());
        continue;
      }
      missing.remove(input.name());
      Input own = description.inputs().get(position);
      boolean isCategory =
          own.type() == InputType.CATEGORICAL || categories.containsKey(input.name());
      if (isCategory != (input.type() == InputType.CATEGORICAL)) {
        problems.add(
            "\""
                + input.name()
                + "\" is "
                + (isCategory ? "a category" : "a number")
                + " in the model and "
                + (isCategory ? "a number" : "a category")
                + " in the feature set"
                + (isCategory
                    ? ""
                    : "; if the model was trained on codes, give them with categories(\""
                        + input.name()
                        + "\", ...)"));
      }
    }
    if (!missing.isEmpty()) {
      problems.add("the model takes " + missing + ", which the feature set does not have");
    }
    if (!extra.isEmpty()) {
      problems.add("the feature set has " + extra + ", which the model does not take");
    }
  }

  private void checkRounds(boolean allRounds) {
    int best = description.bestRounds();
    if (best > 0 && best < description.rounds() && !allRounds) {
      problems.add(
          "training stopped early: "
              + best
              + " of "
              + description.rounds()
              + " rounds were best, and Python predicts with "
              + (file.wrapper() == null
                  ? "all of them from a Booster, with the best from an XGBClassifier or the like"
                  : "the best (" + file.wrapper() + ")")
              + "; cut the model in Python, booster[:"
              + best
              + "].save_model(\"model.ubj\"), or take allRounds()");
    }
  }

  private @Nullable Output output() {
    Output said = output == null ? trained : output;
    if (said == null) {
      return ofFile();
    }
    Task own = description.task();
    if (own != null && own != said.task() && !isMargin(own, said.task())) {
      problems.add("the model is " + own + ", and \"" + said.name() + "\" is " + said.task());
    }
    if (description.outputs() > 0
        && description.outputs() != said.width()
        && !(said.task() == Task.BINARY && description.outputs() == 2)) {
      problems.add(
          "the model predicts "
              + description.outputs()
              + " numbers a row, and \""
              + said.name()
              + "\" "
              + said.task()
              + " has "
              + said.width()
              + (own == Task.MULTICLASS && description.outputs() == 1
                  ? "; it gives the class alone: train it with multi:softprob for probabilities"
                  : ""));
    }
    return said;
  }

  /** A number between 0 and 1 may be a probability, if the caller says so. */
  private static boolean isMargin(Task own, Task said) {
    return own == Task.REGRESSION && said == Task.BINARY;
  }

  private @Nullable Output ofFile() {
    Task own = description.task();
    if (own == null) {
      problems.add("the file does not say what it predicts; say it with output(...)");
      return null;
    }
    if (own == Task.MULTICLASS) {
      int classes = description.outputs();
      if (classes < 2) {
        problems.add("it gives the class alone and no probabilities; train it with multi:softprob");
        return null;
      }
      return Output.multiclass(
          "target",
          description.labels().isEmpty()
              ? IntStream.range(0, classes).mapToObj(Integer::toString).toList()
              : description.labels());
    }
    if (description.outputs() > 1) {
      problems.add(
          "it predicts " + description.outputs() + " numbers a row, which is no task here");
    }
    return own == Task.BINARY ? Output.binary("target") : Output.regression("target");
  }
}
