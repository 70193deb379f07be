package dev.mlops4j.serving;

import dev.mlops4j.Digest;
import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.Schema;
import dev.mlops4j.feature.FeatureLookup;
import dev.mlops4j.feature.FeatureView;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.Signature.InputType;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Requests that are the inputs of the version themselves, by name: no code of features between. */
final class InputRequests implements Requests<Map<String, @Nullable Object>> {

  /** The columns of the signature that was asked for last: each request over HTTP asks. */
  private volatile @Nullable SignatureColumns last;

  private record SignatureColumns(Signature signature, Schema schema) {}

  @Override
  public String name() {
    return "predictor of inputs";
  }

  @Override
  public List<String> problems() {
    return List.of();
  }

  @Override
  public List<String> problemsWithoutLookup() {
    return List.of();
  }

  @Override
  public List<FeatureView> views() {
    return List.of();
  }

  @Override
  public @Nullable Set<Digest> fingerprints() {
    return null;
  }

  @Override
  public RowVectors<Map<String, @Nullable Object>> bind(
      String model, int version, ModelPackage modelPackage) {
    return bind(modelPackage.manifest().signature());
  }

  @Override
  public RowVectors<Map<String, @Nullable Object>> bind(Signature signature) {
    return new Bound(signature);
  }

  @Override
  public List<Input> inputs() {
    return List.of();
  }

  @Override
  public Schema schema(@Nullable Signature signature) {
    if (signature == null) {
      throw new UnsupportedOperationException("the inputs are known once a version serves");
    }
    SignatureColumns known = last;
    if (known == null || !Objects.equals(known.signature, signature)) {
      known =
          new SignatureColumns(
              signature, Schema.of(signature.inputs().stream().map(InputRequests::field).toList()));
      last = known;
    }
    return known.schema;
  }

  private static Field field(Input input) {
    return new Field(
        input.name(),
        input.type() == InputType.NUMERIC ? ColumnType.FLOAT64 : ColumnType.STRING,
        false,
        false);
  }

  @Override
  public Map<String, @Nullable Object> read(Schema schema, Map<String, @Nullable Object> columns) {
    return columns;
  }

  /** Inputs by name, in the order of the signature. */
  private static final class Bound implements RowVectors<Map<String, @Nullable Object>> {

    private final Signature signature;
    private final List<Map<String, Double>> codes;

    Bound(Signature signature) {
      this.signature = signature;
      this.codes = signature.inputs().stream().map(Bound::codes).toList();
    }

    private static Map<String, Double> codes(Input input) {
      Map<String, Double> codes = new HashMap<>();
      for (int i = 0; i < input.categories().size(); i++) {
        codes.put(input.categories().get(i), (double) i);
      }
      return codes;
    }

    @Override
    public Signature signature() {
      return signature;
    }

    @Override
    public Optional<Instant> askedAt(Map<String, @Nullable Object> request) {
      return Optional.empty();
    }

    @Override
    public double[] vector(
        Map<String, @Nullable Object> request,
        Instant at,
        FeatureLookup lookup,
        BiConsumer<String, String> unseen,
        @Nullable LookupRecord lookups) {
      RequestProblems problems = new RequestProblems();
      double[] vector = new double[signature.width()];
      int found = 0;
      for (int i = 0; i < vector.length; i++) {
        Input input = signature.inputs().get(i);
        Object value = request.get(input.name());
        if (value == null) {
          vector[i] = Double.NaN;
          if (request.containsKey(input.name())) {
            found++;
          } else {
            problems.add("\"" + input.name() + "\" is absent; a missing value is stated as null");
          }
        } else {
          found++;
          vector[i] = value(i, input, value, unseen, problems);
        }
      }
      if (found < request.size()) {
        request.keySet().stream()
            .filter(name -> !signature.names().contains(name))
            .forEach(name -> problems.add(RequestProblems.unknown(name, signature.names())));
      }
      problems.throwIfAny();
      return vector;
    }

    private double value(
        int position,
        Input input,
        Object value,
        BiConsumer<String, String> unseen,
        RequestProblems problems) {
      if (input.type() == InputType.CATEGORICAL) {
        if (value instanceof String category) {
          Double code = codes.get(position).get(category);
          if (code == null) {
            unseen.accept(input.name(), category);
            return Double.NaN;
          }
          return code;
        }
        problems.wrongType(input.name(), "a category as text", value);
        return Double.NaN;
      }
      if (value instanceof Number number) {
        return number.doubleValue();
      }
      if (value instanceof Boolean truth) {
        return truth ? 1 : 0;
      }
      problems.wrongType(input.name(), "a number", value);
      return Double.NaN;
    }

    @Override
    public boolean isSensitive(String input) {
      return false;
    }
  }
}
