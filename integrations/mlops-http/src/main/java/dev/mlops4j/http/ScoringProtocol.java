package dev.mlops4j.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.Schema;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.serving.UntypedPredictor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** MLflow's scoring protocol: {@code /invocations} and the probes. */
final class ScoringProtocol {

  private static final Set<String> FORMS =
      Set.of("dataframe_split", "dataframe_records", "instances", "inputs");

  private final Models models;
  private final int maxRows;

  ScoringProtocol(Models models, int maxRows) {
    this.models = models;
    this.maxRows = maxRows;
  }

  ServingResponse ping() {
    return ServingResponse.text(models.isReady() ? 200 : HttpProblem.UNAVAILABLE, "\n");
  }

  ServingResponse version() {
    return ServingResponse.text(200, Models.version());
  }

  ServingResponse invocations(ServingRequest request) {
    UntypedPredictor predictor = models.first();
    Schema schema = predictor.schema();
    List<Map<String, @Nullable Object>> rows =
        switch (request.contentType()) {
          case "application/json", "" ->
              ofJson(schema, Json.object(request.body(), request.body().length));
          case "text/csv" -> ofCsv(schema, request.body());
          default ->
              throw new HttpProblem(
                  HttpProblem.UNSUPPORTED_TYPE,
                  "the body is application/json or text/csv, found "
                      + Json.excerpt(request.contentType()));
        };
    ObjectNode answer = Json.newObject();
    ArrayNode predictions = answer.putArray("predictions");
    predictor.predictAll(rows).forEach(prediction -> add(predictions, prediction));
    return ServingResponse.json(200, Json.bytes(answer));
  }

  /** The number, or the probabilities of the classes, as the model's own library gives them. */
  private static void add(ArrayNode predictions, Prediction prediction) {
    if (prediction.output().length == 1) {
      Json.add(predictions, prediction.value());
      return;
    }
    ArrayNode classes = predictions.addArray();
    for (double share : prediction.output()) {
      Json.add(classes, share);
    }
  }

  private List<Map<String, @Nullable Object>> ofJson(Schema schema, JsonNode body) {
    List<String> found = new ArrayList<>();
    body.fieldNames()
        .forEachRemaining(
            name -> {
              if (FORMS.contains(name)) {
                found.add(name);
              }
            });
    if (found.size() != 1) {
      throw HttpProblem.badRequest(
          "the body has exactly one of dataframe_split, dataframe_records, instances and inputs,"
              + " found "
              + found);
    }
    JsonNode data = body.get(found.get(0));
    return switch (found.get(0)) {
      case "dataframe_split" -> split(data);
      case "dataframe_records" -> records(data);
      case "instances" -> instances(schema, data);
      default -> data.isObject() ? columns(data) : instances(schema, data);
    };
  }

  private List<Map<String, @Nullable Object>> split(JsonNode data) {
    JsonNode names = data.path("columns");
    JsonNode rows = data.path("data");
    if (!names.isArray() || !rows.isArray()) {
      throw HttpProblem.badRequest("dataframe_split has arrays \"columns\" and \"data\"");
    }
    requireRows(rows.size());
    List<String> columns = new ArrayList<>();
    names.forEach(name -> columns.add(name.asText()));
    List<Map<String, @Nullable Object>> all = new ArrayList<>();
    for (JsonNode row : rows) {
      all.add(positional(columns, row));
    }
    return all;
  }

  private List<Map<String, @Nullable Object>> records(JsonNode data) {
    requireArray("dataframe_records", data);
    List<Map<String, @Nullable Object>> all = new ArrayList<>();
    data.forEach(row -> all.add(named(row)));
    return all;
  }

  /** Objects, or arrays in the order of the columns. */
  private List<Map<String, @Nullable Object>> instances(Schema schema, JsonNode data) {
    requireArray("the rows", data);
    List<Map<String, @Nullable Object>> all = new ArrayList<>();
    for (JsonNode row : data) {
      if (row.isObject()) {
        all.add(named(row));
      } else {
        all.add(positional(schema.names(), row.isArray() ? row : Json.newArray().add(row)));
      }
    }
    return all;
  }

  private List<Map<String, @Nullable Object>> columns(JsonNode data) {
    List<Map<String, @Nullable Object>> all = new ArrayList<>();
    int rows = -1;
    for (Map.Entry<String, JsonNode> column : data.properties()) {
      JsonNode values =
          column.getValue().isArray() ? column.getValue() : Json.newArray().add(column.getValue());
      if (rows < 0) {
        rows = values.size();
        requireRows(rows);
        for (int row = 0; row < rows; row++) {
          all.add(new HashMap<>());
        }
      }
      if (values.size() != rows) {
        throw HttpProblem.badRequest(
            "the columns of inputs have one length, found " + rows + " and " + values.size());
      }
      for (int row = 0; row < rows; row++) {
        all.get(row).put(column.getKey(), Json.value("inputs", unwrapped(values.get(row))));
      }
    }
    return all;
  }

  /** A column may be of shape [rows, 1]. */
  private static JsonNode unwrapped(JsonNode value) {
    return value.isArray() && value.size() == 1 ? value.get(0) : value;
  }

  private static Map<String, @Nullable Object> named(JsonNode row) {
    if (!row.isObject()) {
      throw HttpProblem.badRequest("a record is an object, found " + row.getNodeType());
    }
    Map<String, @Nullable Object> columns = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> column : row.properties()) {
      columns.put(column.getKey(), Json.value("a record", column.getValue()));
    }
    return columns;
  }

  private static Map<String, @Nullable Object> positional(List<String> names, JsonNode row) {
    if (!row.isArray() || row.size() != names.size()) {
      throw HttpProblem.badRequest(
          "a row has "
              + names.size()
              + " values, found "
              + (row.isArray() ? Integer.toString(row.size()) : row.getNodeType().toString()));
    }
    Map<String, @Nullable Object> columns = new HashMap<>(2 * names.size());
    for (int i = 0; i < names.size(); i++) {
      columns.put(names.get(i), Json.value("a row", row.get(i)));
    }
    return columns;
  }

  private List<Map<String, @Nullable Object>> ofCsv(Schema schema, byte[] body) {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    List<String> names = List.of();
    try {
      String text = new String(body, StandardCharsets.UTF_8);
      for (CsvRecord record : CsvReader.builder().ofCsvRecord(text)) {
        if (names.isEmpty()) {
          names = record.getFields();
        } else {
          requireRows(rows.size() + 1);
          rows.add(csvRow(schema, names, record.getFields()));
        }
      }
    } catch (CsvParseException e) {
      throw HttpProblem.badRequest(
          "the body is no CSV: " + Json.excerpt(String.valueOf(e.getMessage())));
    }
    return rows;
  }

  private static Map<String, @Nullable Object> csvRow(
      Schema schema, List<String> names, List<String> cells) {
    if (cells.size() != names.size()) {
      throw HttpProblem.badRequest(
          "a line has as many cells as the first one, " + names.size() + ", found " + cells.size());
    }
    Map<String, @Nullable Object> columns = new HashMap<>();
    for (int i = 0; i < cells.size(); i++) {
      columns.put(names.get(i), cell(schema, names.get(i), cells.get(i)));
    }
    return columns;
  }

  private static @Nullable Object cell(Schema schema, String name, String cell) {
    if (cell.isEmpty()) {
      return null;
    }
    Field field = schema.contains(name) ? schema.field(name) : null;
    if (field == null
        || field.type() == ColumnType.STRING
        || field.type() == ColumnType.TIMESTAMP) {
      return cell;
    }
    if (field.type() == ColumnType.BOOLEAN) {
      return cell.equalsIgnoreCase("true")
          ? (Object) true
          : cell.equalsIgnoreCase("false") ? (Object) false : cell;
    }
    try {
      return Double.parseDouble(cell);
    } catch (NumberFormatException e) {
      return cell;
    }
  }

  private void requireArray(String what, JsonNode data) {
    if (!data.isArray()) {
      throw HttpProblem.badRequest(what + " are an array, found " + data.getNodeType());
    }
    requireRows(data.size());
  }

  private void requireRows(int rows) {
    if (rows > maxRows) {
      throw InferTensors.tooManyRows(rows, maxRows);
    }
  }
}
