package dev.mlops4j.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Field;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.Signature;
import dev.mlops4j.serving.UntypedPredictor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The Open Inference Protocol, version 2, with the extension for binary tensors. */
final class InferenceProtocol {

  private static final String HEADER_LENGTH = "Inference-Header-Content-Length";

  private final Models models;
  private final int maxRows;

  InferenceProtocol(Models models, int maxRows) {
    this.models = models;
    this.maxRows = maxRows;
  }

  ServingResponse server() {
    ObjectNode server = Json.newObject().put("name", "mlops4j").put("version", Models.version());
    server.putArray("extensions").add("binary_tensor_data");
    return ServingResponse.json(200, Json.bytes(server));
  }

  ServingResponse live() {
    return probe(models.isLive());
  }

  ServingResponse ready() {
    return probe(models.isReady());
  }

  private static ServingResponse probe(boolean well) {
    return ServingResponse.json(well ? 200 : HttpProblem.UNAVAILABLE, new byte[0]);
  }

  /**
   * Answers below {@code /v2/models/}.
   *
   * @param path what follows, split at slashes: the model, perhaps {@code versions} and a version,
   *     perhaps what is asked
   */
  ServingResponse model(ServingRequest request, List<String> path) {
    UntypedPredictor predictor = models.named(path.get(0));
    List<String> rest = path.subList(1, path.size());
    if (rest.size() >= 2 && rest.get(0).equals("versions")) {
      requireVersion(predictor, rest.get(1));
      rest = rest.subList(2, rest.size());
    }
    if (rest.isEmpty()) {
      Methods.require(request, "GET");
      return metadata(predictor);
    }
    if (rest.equals(List.of("ready"))) {
      Methods.require(request, "GET");
      return probe(predictor.health().ready());
    }
    if (rest.equals(List.of("infer"))) {
      Methods.require(request, "POST");
      return infer(predictor, request);
    }
    throw new HttpProblem(
        HttpProblem.NOT_FOUND, "there is nothing at " + Json.excerpt(request.path()));
  }

  private static void requireVersion(UntypedPredictor predictor, String version) {
    int serving = predictor.state().version();
    if (!version.equals(Integer.toString(serving))) {
      throw new HttpProblem(
          HttpProblem.NOT_FOUND,
          "version "
              + Json.excerpt(version)
              + " of \""
              + predictor.model()
              + "\" is not served here, version "
              + serving
              + " is");
    }
  }

  private static ServingResponse metadata(UntypedPredictor predictor) {
    Signature signature = serving(predictor);
    ObjectNode metadata = Json.newObject().put("name", predictor.model());
    metadata.putArray("versions").add(Integer.toString(predictor.state().version()));
    metadata.put("platform", "mlops4j");
    ArrayNode inputs = metadata.putArray("inputs");
    for (Field field : predictor.schema().fields()) {
      ArrayNode shape =
          inputs
              .addObject()
              .put("name", field.name())
              .put("datatype", datatype(field.type()).name())
              .putArray("shape")
              .add(-1);
      if (field.type().kind() == ColumnType.Kind.FLOATS) {
        shape.add(field.type().length());
      }
    }
    metadata.set("outputs", InferOutputs.metadata(signature));
    return ServingResponse.json(200, Json.bytes(metadata));
  }

  private static Signature serving(UntypedPredictor predictor) {
    Signature signature = predictor.signature();
    if (signature == null) {
      throw new HttpProblem(
          HttpProblem.UNAVAILABLE, "no version of \"" + predictor.model() + "\" serves");
    }
    return signature;
  }

  private static Datatype datatype(ColumnType type) {
    return switch (type.kind()) {
      case FLOAT64 -> Datatype.FP64;
      case INT64 -> Datatype.INT64;
      case BOOLEAN -> Datatype.BOOL;
      case STRING, TIMESTAMP -> Datatype.BYTES;
      case FLOATS -> Datatype.FP32;
    };
  }

  private ServingResponse infer(UntypedPredictor predictor, ServingRequest request) {
    int json = jsonLength(request);
    JsonNode asked = Json.object(request.body(), json);
    ByteBuffer binary = ByteBuffer.wrap(request.body(), json, request.body().length - json);
    List<Map<String, @Nullable Object>> rows =
        new InferTensors(predictor.schema(), maxRows).rows(asked.path("inputs"), binary);
    if (rows.isEmpty()) {
      throw HttpProblem.badRequest("a request has one row or more");
    }
    List<Prediction> predictions = predictor.predictAll(rows);
    InferOutputs outputs = new InferOutputs(predictions);
    outputs.write(asked);
    ObjectNode answer =
        Json.newObject()
            .put("model_name", predictor.model())
            .put("model_version", Integer.toString(predictions.get(0).version()));
    if (asked.path("id").isTextual()) {
      answer.put("id", asked.path("id").textValue());
    }
    answer.set("outputs", outputs.json());
    return response(Json.bytes(answer), outputs.binary());
  }

  private static int jsonLength(ServingRequest request) {
    String length = request.header(HEADER_LENGTH);
    if (length == null) {
      return request.body().length;
    }
    try {
      int json = Integer.parseInt(length.strip());
      if (json >= 0 && json <= request.body().length) {
        return json;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw HttpProblem.badRequest(
        HEADER_LENGTH
            + " is the length of the JSON within the body of "
            + request.body().length
            + " bytes, found "
            + Json.excerpt(length));
  }

  private static ServingResponse response(byte[] json, byte[] binary) {
    if (binary.length == 0) {
      return ServingResponse.json(200, json);
    }
    byte[] body = new byte[json.length + binary.length];
    System.arraycopy(json, 0, body, 0, json.length);
    System.arraycopy(binary, 0, body, json.length, binary.length);
    return new ServingResponse(
        200,
        Map.of(
            "Content-Type",
            "application/octet-stream",
            HEADER_LENGTH,
            Integer.toString(json.length)),
        body);
  }
}
