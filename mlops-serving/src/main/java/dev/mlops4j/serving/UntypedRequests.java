package dev.mlops4j.serving;

import dev.mlops4j.data.Schema;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.Signature;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns columns into the requests of a predictor. */
record UntypedRequests<T>(Predictor<T> predictor, Requests<T> requests, Arms<T> arms)
    implements UntypedPredictor {

  @Override
  public String model() {
    return arms.model();
  }

  @Override
  public Schema schema() {
    Signature signature = arms.signature();
    if (signature == null && requests.inputs().isEmpty()) {
      // Says why, as a prediction would.
      arms.champion().acquire().release();
    }
    return requests.schema(arms.signature());
  }

  @Override
  public @Nullable Signature signature() {
    return arms.signature();
  }

  @Override
  public Prediction predict(Map<String, ? extends @Nullable Object> columns) {
    RequestProblems problems = new RequestProblems();
    T request = read(schema(), columns, "", problems);
    problems.throwIfAny();
    return predictor.predict(request);
  }

  @Override
  public List<Prediction> predictAll(List<? extends Map<String, ? extends @Nullable Object>> rows) {
    if (rows.isEmpty()) {
      return List.of();
    }
    Schema schema = schema();
    RequestProblems problems = new RequestProblems();
    List<T> all = new ArrayList<>(rows.size());
    for (int row = 0; row < rows.size(); row++) {
      String where = rows.size() == 1 ? "" : "row " + row + ": ";
      all.add(read(schema, rows.get(row), where, problems));
    }
    problems.throwIfAny();
    return predictor.predictAll(all);
  }

  /** The request, or anything if there are problems. */
  private T read(
      Schema schema,
      Map<String, ? extends @Nullable Object> columns,
      String where,
      RequestProblems problems) {
    Map<String, @Nullable Object> typed =
        requests.inputs().isEmpty()
            ? new HashMap<>(columns)
            : Columns.typed(schema, columns, where, problems);
    return problems.isEmpty() ? requests.read(schema, typed) : nothing();
  }

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  private static <T> T nothing() {
    return null;
  }

  @Override
  public String predictJson(String json) {
    return PredictionJson.predict(this, json);
  }

  @Override
  public PredictorState state() {
    return predictor.state();
  }

  @Override
  public Health health() {
    return predictor.health();
  }
}
