package dev.mlops4j.feature;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.Schema;
import dev.mlops4j.data.StringColumn;
import dev.mlops4j.model.GoldenSample;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.TrainingData;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes a training set: the label of every record, and its features as of when it was asked. */
final class PointInTimeJoin<T, L> {

  private final FeatureSet<T> set;
  private final Target<T, L> target;
  private final Instant asOf;
  private final FeatureLookup lookup;

  PointInTimeJoin(FeatureSet<T> set, Target<T, L> target, Instant asOf, FeatureLookup lookup) {
    this.set = set;
    this.target = target;
    this.asOf = asOf;
    this.lookup = lookup;
  }

  TrainingSet join(Iterable<? extends T> records) {
    if (lookup == FeatureLookup.NONE && !set.lookups().isEmpty()) {
      throw new FeatureDefinitionException(
          "feature set \""
              + set.name()
              + "\" looks views up; ask a feature store for its training"
              + " set");
    }
    List<Field> fields = fields();
    DatasetBuilder rows = Dataset.builder(Schema.of(fields));
    List<T> kept = new ArrayList<>();
    int withoutLabel = 0;
    int notYetKnown = 0;
    int notYetAsked = 0;
    long row = -1;
    for (T record : records) {
      row++;
      L label = label(record);
      checkFinite(row, label);
      if (label == null) {
        withoutLabel++;
      } else if (!isKnown(record)) {
        notYetKnown++;
      } else if (isAskedLater(record)) {
        notYetAsked++;
      } else {
        add(rows, record, label);
        kept.add(record);
      }
    }
    Dataset dataset = rows.build();
    Signature signature = signature(dataset);
    List<GoldenSample> samples = new GoldenSampler<>(set, signature, this::lookedUp).sample(kept);
    return new TrainingSet(
        new TrainingDefinition(set.name(), set.fingerprint(), signature, samples),
        dataset,
        withoutLabel,
        notYetKnown,
        notYetAsked);
  }

  private @Nullable L label(T record) {
    try {
      return target.label(record);
    } catch (RuntimeException e) {
      throw new FeatureComputationException(set.name(), target.name(), e);
    }
  }

  private void checkFinite(long row, @Nullable L label) {
    if (label instanceof Double number && number.isInfinite()) {
      throw new InvalidLabelException(
          target.name(),
          "the label of record "
              + row
              + ", counted from 0, is "
              + number
              + "; a label is finite, or null or NaN where it is not known");
    }
  }

  private boolean isKnown(T record) {
    try {
      return target.isKnown(record, asOf);
    } catch (RuntimeException e) {
      throw new FeatureComputationException(set.name(), target.name(), e);
    }
  }

  private boolean isAskedLater(T record) {
    return set.askedAt(record).filter(at -> at.isAfter(asOf)).isPresent();
  }

  /**
   * What was visible when the record was asked. One that is put together of others may be asked
   * after the training set's moment; nothing later than that is known.
   */
  private FeatureValues[] lookedUp(T record) {
    Instant at = set.askedAt(record).orElse(asOf);
    return set.lookedUp(record, at.isAfter(asOf) ? asOf : at, lookup);
  }

  private void add(DatasetBuilder rows, T record, L label) {
    FeatureValues[] lookedUp = lookedUp(record);
    List<SetFeature<T>> features = set.setFeatures();
    for (int i = 0; i < features.size(); i++) {
      SetFeature<T> feature = features.get(i);
      if (feature.type == Signature.InputType.NUMERIC) {
        double number = set.number(feature, record, lookedUp);
        if (!Double.isNaN(number)) {
          rows.setDouble(i, number);
        }
      } else {
        rows.set(i, set.category(feature, record, lookedUp));
      }
    }
    int next = features.size();
    rows.set(next, label);
    set.askedAt(record).ifPresent(at -> rows.set(next + 1, at));
    rows.endRow();
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

  private Signature signature(Dataset dataset) {
    List<Signature.Input> inputs = new ArrayList<>();
    for (SetFeature<T> feature : set.setFeatures()) {
      inputs.add(
          feature.type == Signature.InputType.NUMERIC
              ? Signature.Input.numeric(feature.name)
              : Signature.Input.categorical(feature.name, occurring(dataset, feature.name)));
    }
    return new Signature(inputs, output(dataset));
  }

  private Signature.Output output(Dataset dataset) {
    return switch (target.task()) {
      case BINARY -> Signature.Output.binary(target.name());
      case REGRESSION -> Signature.Output.regression(target.name());
      case MULTICLASS -> {
        List<String> labels = occurring(dataset, target.name());
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

  private static List<String> occurring(Dataset dataset, String column) {
    StringColumn strings = dataset.strings(column);
    BitSet codes = new BitSet();
    for (int row = 0; row < strings.size(); row++) {
      if (!strings.isMissing(row)) {
        codes.set(strings.codeAt(row));
      }
    }
    return codes.stream().mapToObj(strings.dictionary()::get).sorted().toList();
  }
}
