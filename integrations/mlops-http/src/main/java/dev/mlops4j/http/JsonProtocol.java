package dev.mlops4j.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops4j.serving.Health;
import dev.mlops4j.serving.UntypedPredictor;
import java.nio.charset.StandardCharsets;

/** Plain JSON for people: names in, names out. */
final class JsonProtocol {

  private final Models models;
  private final int maxRows;

  JsonProtocol(Models models, int maxRows) {
    this.models = models;
    this.maxRows = maxRows;
  }

  ServingResponse models() {
    ObjectNode answer = Json.newObject();
    ArrayNode all = answer.putArray("models");
    for (UntypedPredictor predictor : models.all()) {
      Health health = predictor.health();
      ObjectNode model =
          all.addObject()
              .put("name", predictor.model())
              .put("version", predictor.state().version())
              .put("status", predictor.state().status().name())
              .put("ready", health.ready());
      ArrayNode degraded = model.putArray("degraded");
      health.degraded().forEach(degraded::add);
    }
    return ServingResponse.json(200, Json.bytes(answer));
  }

  ServingResponse predict(ServingRequest request, String model) {
    Methods.require(request, "POST");
    UntypedPredictor predictor = models.named(model);
    String json = new String(request.body(), StandardCharsets.UTF_8);
    int rows = Json.elements(request.body());
    if (rows > maxRows) {
      throw InferTensors.tooManyRows(rows, maxRows);
    }
    return ServingResponse.json(200, predictor.predictJson(json).getBytes(StandardCharsets.UTF_8));
  }
}
