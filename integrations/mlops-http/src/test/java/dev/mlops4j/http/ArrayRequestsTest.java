package dev.mlops4j.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops4j.data.Floats;
import dev.mlops4j.data.Length;
import dev.mlops4j.data.Required;
import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.model.Model;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.Signature.Output;
import dev.mlops4j.serving.Predictor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests of which one column is an array, in every protocol. */
class ArrayRequestsTest {

  record Query(@Required @Length(2) Floats embedding, double weight) {}

  private static final FeatureSet<Query> FEATURES =
      FeatureSet.named("query", Query.class)
          .numeric("dot", query -> query.embedding().dot(Floats.of(10, 1)) * query.weight())
          .build();

  private final Predictor<Query> predictor =
      Predictor.of(FEATURES)
          .serve(
              "query",
              Model.of(
                  new Signature(List.of(Input.numeric("dot")), Output.regression("y")),
                  (vector, output) -> output[0] = vector[0]))
          .build();

  private final ServingHandler handler =
      ServingHandler.of(predictor.untyped()).maxRows(100).build();

  @AfterEach
  void close() {
    predictor.close();
  }

  @Test
  void aTensorOfOneMoreDimensionIsAColumnOfArrays() {
    answers(
        "/v2/models/query/infer",
        "{'inputs':[{'name':'embedding','datatype':'FP32','shape':[2,2],'data':[[1,2],[3,4.5]]},"
            + "{'name':'weight','datatype':'FP64','shape':[2],'data':[1,2]}]}",
        "'data':[12.0,69.0]");
    answers(
        "/v2/models/query/infer",
        "{'inputs':[{'name':'weight','datatype':'FP64','shape':[1],'data':[1]},"
            + "{'name':'embedding','datatype':'FP32','shape':[1,2],'data':[1,2]}]}",
        "'data':[12.0]");
    refuses(
        "/v2/models/query/infer",
        "{'inputs':[{'name':'embedding','datatype':'FP32','shape':[1,3],'data':[1,2,3]},"
            + "{'name':'weight','datatype':'FP64','shape':[1],'data':[1]}]}",
        "input \\\"embedding\\\" has shape [1, 3]; send one tensor of shape [rows, 2] a column");
    refuses(
        "/v2/models/query/infer",
        "{'inputs':[{'name':'all','datatype':'FP32','shape':[1,2],'data':[1,2]}]}",
        "a single tensor of all columns is for numbers alone");
    refuses(
        "/v2/models/query/infer",
        "{'inputs':[{'name':'embedding','datatype':'FP32','shape':[1,2],'data':[1,null]},"
            + "{'name':'weight','datatype':'FP64','shape':[1],'data':[1]}]}",
        "found an array of 2, not all of them numbers");
  }

  @Test
  void aBinaryTensorIsReadToo() {
    String header =
        quoted(
            "{'inputs':[{'name':'embedding','datatype':'FP32','shape':[1,2],"
                + "'parameters':{'binary_data_size':8}},"
                + "{'name':'weight','datatype':'FP64','shape':[1],'data':[1]}]}");
    ByteBuffer data = ByteBuffer.allocate(8);
    Floats.of(0.5f, -1).write(data);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(header.getBytes(StandardCharsets.UTF_8));
    body.writeBytes(data.array());

    ServingResponse response =
        handler.handle(
            new ServingRequest(
                "POST",
                "/v2/models/query/infer",
                Map.of("inference-header-content-length", Integer.toString(header.length())),
                body.toByteArray()));

    assertThat(json(response).path("outputs").get(0).path("data").get(0).asDouble()).isEqualTo(4);
  }

  @Test
  void metadataAndTheOpenApiDocumentTellTheLength() throws IOException {
    assertThat(json(get("/v2/models/query")).path("inputs").toString())
        .isEqualTo(
            quoted(
                "[{'name':'embedding','datatype':'FP32','shape':[-1,2]},"
                    + "{'name':'weight','datatype':'FP64','shape':[-1]}]"));
    assertThat(
            json(get("/openapi.json"))
                .path("components")
                .path("schemas")
                .path("query.Request")
                .path("properties")
                .path("embedding"))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    quoted(
                        "{'type':'array','minItems':2,'maxItems':2,"
                            + "'items':{'type':'number','format':'float'}}")));
  }

  @Test
  void mlflowsFormsAndJsonTakeArrays() {
    String expected = "{'predictions':[12.0]}";
    answers(
        "/invocations",
        "{'dataframe_split':{'columns':['weight','embedding'],'data':[[1,[1,2]]]}}",
        expected);
    answers("/invocations", "{'dataframe_records':[{'weight':1,'embedding':[1,2]}]}", expected);
    answers("/invocations", "{'instances':[[[1,2],1]]}", expected);
    answers("/invocations", "{'inputs':{'weight':[1],'embedding':[[1,2]]}}", expected);
    answers("/predict/query", "{'weight':1,'embedding':[1,2]}", "'value':12.0");
    refuses(
        "/predict/query",
        "{'weight':[1],'embedding':[1,2,3]}",
        "\\\"embedding\\\" is an array of 2 numbers in the range of 32-bit floats, found an array"
            + " of 3");
    refuses(
        "/predict/query", "{'weight':[1],'embedding':[1,2]}", "\\\"weight\\\" is a number, found");
    refuses("/predict/query", "{'weight':1,'embedding':7}", "found a Integer");
    refuses("/predict/query", "{'weight':1,'embedding':[1,1e39]}", "range of 32-bit floats");
    refuses("/predict/query", "{'weight':1,'embedding':[1,[2]]}", "not all of them numbers");
    refuses("/invocations", "{'instances':[[[1,[2]],1]]}", "single values");
  }

  private ServingResponse get(String path) {
    return handler.handle(new ServingRequest("GET", path, Map.of(), new byte[0]));
  }

  private ServingResponse post(String path, String body) {
    return handler.handle(
        new ServingRequest(
            "POST",
            path,
            Map.of("Content-Type", "application/json"),
            quoted(body).getBytes(StandardCharsets.UTF_8)));
  }

  private void answers(String path, String body, String expected) {
    ServingResponse response = post(path, body);
    assertThat(new String(response.body(), StandardCharsets.UTF_8))
        .as(body)
        .contains(quoted(expected));
    assertThat(response.status()).isEqualTo(200);
  }

  private void refuses(String path, String body, String message) {
    ServingResponse response = post(path, body);
    assertThat(json(response).toString()).as(body).contains(message);
    assertThat(response.status()).as(body).isEqualTo(400);
  }

  private static JsonNode json(ServingResponse response) {
    try {
      return new ObjectMapper().readTree(response.body());
    } catch (IOException e) {
      throw new AssertionError(new String(response.body(), StandardCharsets.UTF_8), e);
    }
  }

  private static String quoted(String json) {
    return json.replace('\'', '"');
  }
}
