package dev.mlops4j.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Field;
import dev.mlops4j.model.Signature;
import dev.mlops4j.serving.UntypedPredictor;

/** The OpenAPI document of the models that are served now, with the names of their columns. */
final class OpenApi {

  private final Models models;
  private final boolean secured;

  OpenApi(Models models, boolean secured) {
    this.models = models;
    this.secured = secured;
  }

  ServingResponse document() {
    ObjectNode document = Json.newObject().put("openapi", "3.0.3");
    document.putObject("info").put("title", "MLOps4J models").put("version", Models.version());
    ObjectNode paths = document.putObject("paths");
    ObjectNode components = document.putObject("components");
    ObjectNode schemas = components.putObject("schemas");
    error(schemas.putObject("Error"));
    operation(paths, "/models", "get", "The models and what they serve");
    for (UntypedPredictor predictor : models.all()) {
      Signature signature = predictor.signature();
      if (signature != null) {
        String name = predictor.model();
        request(schemas.putObject(name + ".Request"), predictor);
        answer(schemas.putObject(name + ".Prediction"), signature);
        ObjectNode predict =
            operation(paths, "/predict/" + name, "post", "Predict one request or several");
        oneOrMany(content(predict.putObject("requestBody").put("required", true)), name, "Request");
        ObjectNode ok = predict.withObject("/responses/200");
        oneOrMany(
            content(ok.put("description", "The predictions, in the order asked")),
            name,
            "Prediction");
        String v2 = "/v2/models/" + name;
        operation(paths, v2, "get", "Metadata (Open Inference Protocol V2)");
        operation(paths, v2 + "/ready", "get", "Whether a version serves");
        operation(paths, v2 + "/infer", "post", "Inference (Open Inference Protocol V2)");
      }
    }
    operation(paths, "/invocations", "post", "MLflow's scoring, of " + models.first().model());
    operation(paths, "/ping", "get", "Whether every model has a version");
    operation(paths, "/v2/health/live", "get", "Whether the server works");
    operation(paths, "/v2/health/ready", "get", "Whether every model has a version");
    if (secured) {
      components
          .putObject("securitySchemes")
          .putObject("token")
          .put("type", "http")
          .put("scheme", "bearer");
      document.putArray("security").addObject().putArray("token");
    }
    return ServingResponse.json(200, Json.bytes(document));
  }

  private static ObjectNode operation(
      ObjectNode paths, String path, String method, String summary) {
    ObjectNode operation = paths.putObject(path).putObject(method).put("summary", summary);
    ObjectNode responses = operation.putObject("responses");
    responses.putObject("200").put("description", "Done");
    ObjectNode failed = responses.putObject("default").put("description", "What is wrong");
    reference(content(failed), "Error");
    return operation;
  }

  private static ObjectNode content(ObjectNode of) {
    return of.putObject("content").putObject(ServingResponse.JSON).putObject("schema");
  }

  private static void oneOrMany(ObjectNode schema, String model, String kind) {
    ArrayNode forms = schema.putArray("oneOf");
    reference(forms.addObject(), model + "." + kind);
    reference(forms.addObject().put("type", "array").putObject("items"), model + "." + kind);
  }

  private static void reference(ObjectNode schema, String name) {
    schema.put("$ref", "#/components/schemas/" + name);
  }

  private static void error(ObjectNode schema) {
    schema.put("type", "object");
    schema.putObject("properties").putObject("error").put("type", "string");
  }

  private static void request(ObjectNode schema, UntypedPredictor predictor) {
    schema.put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = Json.newArray();
    for (Field field : predictor.schema().fields()) {
      ObjectNode property = properties.putObject(field.name()).put("type", type(field.type()));
      if (field.type() == ColumnType.TIMESTAMP) {
        property.put("format", "date-time");
      } else if (field.type().kind() == ColumnType.Kind.FLOATS) {
        property.put("minItems", field.type().length()).put("maxItems", field.type().length());
        property.putObject("items").put("type", "number").put("format", "float");
      }
      if (field.required()) {
        required.add(field.name());
      } else {
        property.put("nullable", true);
      }
    }
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
  }

  private static String type(ColumnType type) {
    return switch (type.kind()) {
      case FLOAT64 -> "number";
      case INT64 -> "integer";
      case BOOLEAN -> "boolean";
      case STRING, TIMESTAMP -> "string";
      case FLOATS -> "array";
    };
  }

  private static void answer(ObjectNode schema, Signature signature) {
    schema.put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    properties.putObject("id").put("type", "string");
    properties.putObject("model").put("type", "string");
    properties.putObject("version").put("type", "integer");
    properties.putObject("arm").put("type", "string");
    if (signature.output().labels().isEmpty()) {
      properties.putObject("value").put("type", "number").put("nullable", true);
    } else {
      ArrayNode labels = properties.putObject("label").put("type", "string").putArray("enum");
      ObjectNode shares = properties.putObject("probabilities").put("type", "object");
      ObjectNode byLabel = shares.putObject("properties");
      for (String label : signature.output().labels()) {
        labels.add(label);
        byLabel.putObject(label).put("type", "number");
      }
    }
  }
}
