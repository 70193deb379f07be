package dev.mlops4j.feature;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.Schema;
import dev.mlops4j.data.StringColumn;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.TrainingData;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The columns of a training set, and the signature that the rows shown to it give. */
final class TrainingColumns<T> {

  private final FeatureSet<T> set;
  private final Target<T, ?> target;
  private final Schema schema;
  private final Map<String, TreeSet<String>> occurring = new HashMap<>();

  /**
   * The columns.
   *
   * @throws FeatureDefinitionException if two have the same name, or the target's name is that of a
   *     sensitive column whose values would be classes
   */
  TrainingColumns(FeatureSet<T> set, Target<T, ?> target) {
    this.set = set;
    this.target = target;
    this.schema = Schema.of(fields());
    for (SetFeature<T> feature : set.setFeatures()) {
      if (feature.type == Signature.InputType.CATEGORICAL) {
        occurring.put(feature.name, new TreeSet<>());
      }
    }
    if (target.task() == Signature.Task.MULTICLASS) {
      occurring.put(target.name(), new TreeSet<>());
    }
  }

  Schema schema() {
    return schema;
  }

  /** Takes note of the categories in these rows. */
  void add(Dataset rows) {
    occurring.forEach(
        (name, categories) -> {
          StringColumn strings = rows.strings(name);
          BitSet codes = new BitSet();
          for (int row = 0; row < strings.size(); row++) {
            if (!strings.isMissing(row)) {
              codes.set(strings.codeAt(row));
            }
          }
          codes.stream().mapToObj(strings.dictionary()::get).forEach(categories::add);
        });
  }

  /** The signature of all rows so far: the categories are those that occur, sorted. */
  Signature signature() {
    List<Signature.Input> inputs = new ArrayList<>();
    for (SetFeature<T> feature : set.setFeatures()) {
      inputs.add(
          feature.type == Signature.InputType.NUMERIC
              ? Signature.Input.numeric(feature.name)
              : Signature.Input.categorical(feature.name, categories(feature.name)));
    }
    return new Signature(inputs, output());
  }

  private Signature.Output output() {
    return switch (target.task()) {
      case BINARY -> Signature.Output.binary(target.name());
      case REGRESSION -> Signature.Output.regression(target.name());
      case MULTICLASS -> {
        List<String> labels = categories(target.name());
        if (labels.size() < 2) {
          throw new FeatureDefinitionException(
              "target \""
                  + target.name()
                  + "\" needs two classes in the data, found "
                  + labels.size());
        }
        yield Signature.Output.multiclass(target.name(), labels);
      }
    };
  }

  private List<String> categories(String column) {
    return List.copyOf(occurring.getOrDefault(column, new TreeSet<>()));
  }

  private List<Field> fields() {
    Set<String> sensitive = set.sensitive();
    if (target.task() == Signature.Task.MULTICLASS && sensitive.contains(target.name())) {
      throw new FeatureDefinitionException(
          "target \""
              + target.name()
              + "\" has the name of a sensitive column of \""
              + set.name()
              + "\"; its classes would be kept in the model's signature");
    }
    List<Field> fields = new ArrayList<>();
    for (SetFeature<T> feature : set.setFeatures()) {
      ColumnType type =
          feature.type == Signature.InputType.NUMERIC ? ColumnType.FLOAT64 : ColumnType.STRING;
      fields.add(new Field(feature.name, type, false, sensitive.contains(feature.name)));
    }
    ColumnType label =
        switch (target.task()) {
          case BINARY -> ColumnType.BOOLEAN;
          case REGRESSION -> ColumnType.FLOAT64;
          case MULTICLASS -> ColumnType.STRING;
        };
    fields.add(new Field(target.name(), label, true, sensitive.contains(target.name())));
    if (set.statesMoment()) {
      fields.add(new Field(TrainingSet.ASKED_AT, ColumnType.TIMESTAMP, true, false));
    }
    Set<String> names = new HashSet<>(Set.of(TrainingData.PREDICTION_COLUMN));
    for (Field field : fields) {
      if (!names.add(field.name())) {
        throw new FeatureDefinitionException(
            "the training set of \""
                + set.name()
                + "\" for \""
                + target.name()
                + "\" would have two columns \""
                + field.name()
                + "\"; \""
                + TrainingSet.ASKED_AT
                + "\" and \""
                + TrainingData.PREDICTION_COLUMN
                + "\" are its own, give the feature or the target another name");
      }
    }
    return fields;
  }
}
