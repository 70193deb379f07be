package dev.mlops4j.feature;

import dev.mlops4j.MlopsException;
import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.RecordCodec;
import dev.mlops4j.model.Signature.InputType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Collects and checks the definition of a feature set. */
final class FeatureSetBuilder<T> extends FeatureSet.Builder<T> {

  private final String name;
  private final Class<T> type;
  private final List<SetFeature<T>> features = new ArrayList<>();
  private final List<SetLookup<T>> lookups = new ArrayList<>();
  private final Map<String, Integer> versions = new HashMap<>();
  private final Map<String, Double> tolerances = new HashMap<>();
  private final List<String> problems = new ArrayList<>();
  private @Nullable Function<? super T, Instant> at;
  private @Nullable RecordCodec<T> codec;
  private boolean withoutGoldenRows;
  private String description = "";
  private String owner = "";

  FeatureSetBuilder(String name, Class<T> type) {
    this.name = name;
    this.type = type;
    Names.check("the feature set", name, problems);
  }

  @Override
  public FeatureSet.Builder<T> at(Function<? super T, Instant> at) {
    if (this.at != null) {
      problems.add("at(...) is stated twice");
    }
    this.at = at;
    return this;
  }

  @Override
  public FeatureSet.Builder<T> numeric(String name, ToDoubleFunction<? super T> function) {
    return add(SetFeature.number(name, "numeric", function));
  }

  @Override
  public FeatureSet.Builder<T> numericOrMissing(
      String name, Function<? super T, ? extends @Nullable Number> function) {
    return add(
        SetFeature.number(
            name,
            "numeric",
            record -> {
              Number value = function.apply(record);
              return value == null ? Double.NaN : value.doubleValue();
            }));
  }

  @Override
  public FeatureSet.Builder<T> flag(String name, Function<? super T, @Nullable Boolean> function) {
    return add(
        SetFeature.number(
            name,
            "flag",
            record -> {
              Boolean value = function.apply(record);
              return value == null ? Double.NaN : value ? 1 : 0;
            }));
  }

  @Override
  public FeatureSet.Builder<T> categorical(
      String name, Function<? super T, @Nullable String> function) {
    return add(SetFeature.category(name, function));
  }

  @Override
  public FeatureSet.Builder<T> numeric(
      String name, ToDoubleBiFunction<? super T, LookedUp> function) {
    return add(SetFeature.numberOverLookups(name, function));
  }

  @Override
  public FeatureSet.Builder<T> categorical(
      String name, BiFunction<? super T, LookedUp, @Nullable String> function) {
    return add(SetFeature.categoryOverLookups(name, function));
  }

  @Override
  FeatureSet.Builder<T> lookup(
      AliasedView aliased, List<Function<? super T, ? extends @Nullable Object>> keys) {
    FeatureView view = aliased.view();
    if (keys.size() != view.keys().size()) {
      problems.add(
          "view \""
              + view.name()
              + "\" has a key of "
              + view.keys().size()
              + " columns, lookup \""
              + aliased.alias()
              + "\" gives "
              + keys.size());
    }
    for (int i = 0; i < view.features().size(); i++) {
      FeatureView.Feature feature = view.features().get(i);
      String qualified = aliased.alias() + "." + feature.name();
      if (feature.type() == ColumnType.TIMESTAMP) {
        continue; // no vector can hold it; functions of what was looked up can have it
      }
      if (feature.type().kind() == ColumnType.Kind.FLOATS) {
        for (int element = 0; element < feature.type().length(); element++) {
          add(SetFeature.element(qualified, lookups.size(), i, element));
        }
      } else {
        add(SetFeature.lookup(qualified, feature, lookups.size(), i));
      }
    }
    lookups.add(new SetLookup<>(view, aliased.alias(), keys));
    return this;
  }

  @Override
  public FeatureSet.Builder<T> version(String feature, int version) {
    if (version < 1) {
      problems.add(
          "the version of feature \"" + feature + "\" is " + version + "; it is at least 1");
    }
    checkOnce("version", feature, versions.put(feature, version), version);
    return this;
  }

  @Override
  public FeatureSet.Builder<T> tolerance(String feature, double tolerance) {
    if (!(tolerance >= 0 && tolerance < Double.POSITIVE_INFINITY)) {
      problems.add(
          "the tolerance of feature \""
              + feature
              + "\" is "
              + tolerance
              + "; it is zero or more and finite");
    }
    checkOnce("tolerance", feature, tolerances.put(feature, tolerance), tolerance);
    return this;
  }

  @Override
  public FeatureSet.Builder<T> codec(RecordCodec<T> codec) {
    if (this.codec != null) {
      problems.add("codec(...) is stated twice");
    }
    this.codec = codec;
    return this;
  }

  @Override
  public FeatureSet.Builder<T> description(String description) {
    this.description = description;
    return this;
  }

  @Override
  public FeatureSet.Builder<T> owner(String owner) {
    this.owner = owner;
    return this;
  }

  @Override
  public FeatureSet.Builder<T> withoutGoldenRows() {
    withoutGoldenRows = true;
    return this;
  }

  @Override
  public FeatureSet<T> build() {
    List<String> all = new ArrayList<>(problems);
    if (features.isEmpty()) {
      all.add("it has no feature");
    }
    if (!lookups.isEmpty() && at == null) {
      all.add("it looks views up, so it must state when: at(...)");
    }
    if (lookups.isEmpty()) {
      features.stream()
          .filter(SetFeature::isOverLookups)
          .forEach(
              feature ->
                  all.add(
                      "feature \""
                          + feature.name
                          + "\" is computed of what is looked up, but nothing is"));
    }
    Set<String> seen = new HashSet<>();
    for (SetFeature<T> feature : features) {
      if (!seen.add(feature.name)) {
        all.add("feature \"" + feature.name + "\" is declared twice; give a view an alias with as");
      }
    }
    Set<String> aliases = new HashSet<>();
    for (SetLookup<T> lookup : lookups) {
      if (!aliases.add(lookup.alias())) {
        all.add("two views are looked up as \"" + lookup.alias() + "\"; give one an alias with as");
      }
    }
    checkOptions("version", versions.keySet(), seen, all);
    checkOptions("tolerance", tolerances.keySet(), seen, all);
    RecordCodec<T> rows = codecOrProblem(all);
    Set<String> sensitive = sensitive(rows);
    checkSensitive(sensitive, all);
    SensitiveKeys.check(lookups, rows, all);
    FeatureDefinitionException.throwIfAny("feature set \"" + name + "\"", all);
    return new FeatureSet<>(
        name,
        at,
        features.stream().map(this::withOptions).toList(),
        lookups,
        rows,
        sensitive,
        description,
        owner,
        type);
  }

  private FeatureSet.Builder<T> add(SetFeature<T> feature) {
    Names.check("a feature", feature.name, problems);
    features.add(feature);
    return this;
  }

  private void checkOnce(String option, String feature, @Nullable Object before, Object now) {
    if (before != null) {
      problems.add(
          "the "
              + option
              + " of feature \""
              + feature
              + "\" is stated twice: "
              + before
              + " and "
              + now);
    }
  }

  private SetFeature<T> withOptions(SetFeature<T> feature) {
    SetFeature<T> versioned = feature.withVersion(versions.getOrDefault(feature.name, 1));
    return versioned.withTolerance(tolerances.getOrDefault(feature.name, 0.0));
  }

  private static void checkOptions(
      String option, Set<String> stated, Set<String> features, List<String> all) {
    for (String feature : stated) {
      if (!features.contains(feature)) {
        all.add(
            option
                + " is stated for \""
                + feature
                + "\", which is no feature; there are: "
                + String.join(", ", features.stream().sorted().toList()));
      }
    }
  }

  private void checkSensitive(Set<String> sensitive, List<String> all) {
    for (SetFeature<T> feature : features) {
      if (feature.type == InputType.CATEGORICAL && sensitive.contains(feature.name)) {
        all.add(
            "feature \""
                + feature.name
                + "\" is categorical and has the name of a sensitive column; its categories would"
                + " be kept in the model's signature; leave it out, or make a number of it");
      }
    }
  }

  /** The sensitive columns of a request; of a record also if it is not kept as golden rows. */
  private Set<String> sensitive(@Nullable RecordCodec<T> rows) {
    if (rows != null) {
      return rows.schema().sensitive();
    }
    try {
      return type.isRecord() ? recordCodec(type).schema().sensitive() : Set.of();
    } catch (MlopsException e) {
      return Set.of();
    }
  }

  private @Nullable RecordCodec<T> codecOrProblem(List<String> all) {
    if (withoutGoldenRows) {
      if (codec != null) {
        all.add("codec and withoutGoldenRows exclude each other");
      }
      return null;
    }
    if (codec != null) {
      return codec;
    }
    if (!type.isRecord()) {
      all.add(type.getName() + " is no record: give a codec(...), or say withoutGoldenRows()");
      return null;
    }
    try {
      return recordCodec(type);
    } catch (MlopsException e) {
      all.add(e.getMessage() + "; give a codec(...), or say withoutGoldenRows()");
      return null;
    }
  }

  @SuppressWarnings("unchecked") // the class was seen to be a record's
  private static <T> RecordCodec<T> recordCodec(Class<T> type) {
    return (RecordCodec<T>) RecordCodec.of(type.asSubclass(Record.class));
  }
}
