package dev.mlops4j.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops4j.model.Model;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.Signature.Output;
import dev.mlops4j.serving.Predictor;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServingHandlerTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Predictor<Map<String, Object>> sum = TestModels.sum();
  private final Predictor<Map<String, Object>> coffee = TestModels.coffee();
  private final ServingHandler handler =
      ServingHandler.of(sum.untyped()).and(coffee.untyped()).maxRows(100).build();

  @AfterEach
  void close() {
    sum.close();
    coffee.close();
  }

  private ServingResponse get(String path) {
    return handler.handle(new ServingRequest("GET", path, Map.of(), new byte[0]));
  }

  private ServingResponse post(String path, String body) {
    return post(path, "application/json", body);
  }

  private ServingResponse post(String path, String type, String body) {
    return handler.handle(
        new ServingRequest(
            "POST", path, Map.of("Content-Type", type), body.getBytes(StandardCharsets.UTF_8)));
  }

  private static JsonNode json(ServingResponse response) {
    try {
      return JSON.readTree(response.body());
    } catch (java.io.IOException e) {
      throw new AssertionError(new String(response.body(), StandardCharsets.UTF_8), e);
    }
  }

  private static String quoted(String json) {
    return json.replace('\'', '"');
  }

  private void answers(String path, String body, String expected) {
    ServingResponse response = post(path, quoted(body));
    assertThat(new String(response.body(), StandardCharsets.UTF_8))
        .as(body)
        .contains(quoted(expected));
    assertThat(response.status()).isEqualTo(200);
  }

  private void refuses(int status, String path, String body, String message) {
    ServingResponse response = post(path, quoted(body));
    assertThat(json(response).toString()).as(body).contains(message);
    assertThat(response.status()).as(body).isEqualTo(status);
  }

  @Test
  void metadataNamesColumnsAndOutputs() {
    assertThat(json(get("/v2")).path("extensions").get(0).asText()).isEqualTo("binary_tensor_data");
    assertThat(get("/v2/health/live").status()).isEqualTo(200);
    assertThat(get("/v2/health/ready").status()).isEqualTo(200);
    assertThat(get("/v2/models/sum/ready").status()).isEqualTo(200);
    assertThat(json(get("/v2/models/coffee")).toString())
        .isEqualTo(
            quoted(
                "{'name':'coffee','versions':['0'],'platform':'mlops4j','inputs':[{'name':'hour',"
                    + "'datatype':'FP64','shape':[-1]},{'name':'weather','datatype':'BYTES',"
                    + "'shape':[-1]}],'outputs':[{'name':'predict','datatype':'BYTES','shape':[-1]},"
                    + "{'name':'probabilities','datatype':'FP64','shape':[-1,2]},"
                    + "{'name':'prediction_id','datatype':'BYTES','shape':[-1]}]}"));
    assertThat(get("/v2/models/coffee/versions/0").status()).isEqualTo(200);
    assertThat(get("/v2/models/coffee/versions/7").status()).isEqualTo(404);
    assertThat(get("/v2/models/tea").status()).isEqualTo(404);
    assertThat(post("/v2/models/coffee", "{}").status()).isEqualTo(405);
    assertThat(get("/v2/models/coffee/infer").headers()).containsEntry("Allow", "POST");
  }

  @Test
  void tensorsAreColumnsOrAMatrix() {
    answers(
        "/v2/models/sum/infer",
        "{'id':'42','inputs':[{'name':'b','datatype':'INT32','shape':[2,1],'data':[[10],[20]]},"
            + "{'name':'a','datatype':'FP32','shape':[2],'data':[1,null]}]}",
        "{'model_name':'sum','model_version':'0','id':'42','outputs':[{'name':'predict',"
            + "'datatype':'FP64','shape':[2],'data':[21.0,null]}]}");
    answers(
        "/v2/models/sum/versions/0/infer",
        "{'inputs':[{'name':'any','datatype':'FP64','shape':[2,2],'data':[[1,10],[2,20]]}]}",
        "'data':[21.0,42.0]");
    answers(
        "/v2/models/sum/infer",
        "{'inputs':[{'name':'any','datatype':'FP64','shape':[2,2],'data':[1,10,2,20]}]}",
        "'data':[21.0,42.0]");
    answers(
        "/v2/models/coffee/infer",
        "{'inputs':[{'name':'hour','datatype':'UINT8','shape':[2],'data':[8,9]},"
            + "{'name':'weather','datatype':'BYTES','shape':[2],'data':['rain','hail']}]}",
        "{'name':'predict','datatype':'BYTES','shape':[2],'data':['tea','coffee']},"
            + "{'name':'probabilities','datatype':'FP64','shape':[2,2],"
            + "'data':[0.25,0.75,0.5,0.5]}");
    answers(
        "/v2/models/sum/infer",
        "{'inputs':[{'name':'x','datatype':'FP64','shape':[1,2],'data':[1,2]}],"
            + "'outputs':[{'name':'prediction_id'}]}",
        "'outputs':[{'name':'prediction_id','datatype':'BYTES','shape':[1],'data':[");
  }

  /** The bytes are those that numpy's {@code tobytes} gives for 3 and 5 of each type. */
  @ParameterizedTest
  @CsvSource({
    "BOOL, 0101, 3.0",
    "UINT8, 0305, 13.0",
    "INT8, 0305, 13.0",
    "UINT16, 03000500, 13.0",
    "INT16, 03000500, 13.0",
    "UINT32, 0300000005000000, 13.0",
    "INT32, 0300000005000000, 13.0",
    "UINT64, 03000000000000000500000000000000, 13.0",
    "INT64, 03000000000000000500000000000000, 13.0",
    "FP16, 00420045, 13.0",
    "FP32, 000040400000a040, 13.0",
    "FP64, 00000000000008400000000000001440, 13.0",
  })
  void binaryTensorsOfEveryDatatypeAreRead(String type, String hex, double expected) {
    byte[] data = java.util.HexFormat.of().parseHex(hex);
    String header =
        quoted(
            "{'inputs':[{'name':'x','datatype':'"
                + type
                + "','shape':[1,2],'parameters':{'binary_data_size':"
                + data.length
                + "}}],'parameters':{'binary_data_output':true}}");
    ServingResponse response = binary("/v2/models/sum/infer", header, data);

    int json = Integer.parseInt(response.headers().get("Inference-Header-Content-Length"));
    ByteBuffer tail =
        ByteBuffer.wrap(response.body(), json, response.body().length - json)
            .order(ByteOrder.LITTLE_ENDIAN);
    assertThat(response.status()).isEqualTo(200);
    assertThat(tail.remaining()).isEqualTo(8);
    assertThat(tail.getDouble()).isEqualTo(expected);
  }

  /** From numpy: {@code np.array([bits], np.uint16).view(np.float16)}. */
  @ParameterizedTest
  @CsvSource({
    "3c00, 1.0", "c000, -2.0", "7bff, 65504.0", "0001, 5.960464477539063e-08",
    "83ff, -6.097555160522461e-05", "3555, 0.333251953125", "7c00, Infinity", "fc00, -Infinity",
    "7e00, NaN", "8000, -0.0", "0400, 6.103515625e-05"
  })
  void halfPrecisionIsThatOfNumpy(String bits, Double expected) {
    assertThat(Datatype.half((short) Integer.parseInt(bits, 16))).isEqualTo(expected);
  }

  private ServingResponse binary(String path, String header, byte[] data) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(header.getBytes(StandardCharsets.UTF_8));
    body.writeBytes(data);
    return handler.handle(
        new ServingRequest(
            "POST",
            path,
            Map.of(
                "inference-header-content-length",
                Integer.toString(header.getBytes(StandardCharsets.UTF_8).length)),
            body.toByteArray()));
  }

  @Test
  void textsGoAndComeInBinary() {
    byte[] data = {1, 0, 0, 0, 8, 4, 0, 0, 0, 'r', 'a', 'i', 'n'};
    byte[] own = Arrays.copyOfRange(data, 4, data.length);
    String header =
        quoted(
            "{'inputs':[{'name':'hour','datatype':'INT8','shape':[1],"
                + "'parameters':{'binary_data_size':1}},{'name':'weather','datatype':'BYTES',"
                + "'shape':[1],'parameters':{'binary_data_size':8}}],"
                + "'outputs':[{'name':'predict','parameters':{'binary_data':true}}]}");
    ServingResponse response = binary("/v2/models/coffee/infer", header, own);

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.body()).endsWith(3, 0, 0, 0, 't', 'e', 'a');
  }

  @Test
  void wrongTensorsAreBadRequestsThatSayWhy() {
    String path = "/v2/models/sum/infer";
    String tensor = "{'inputs':[{'name':'x','datatype':'FP64','shape':[1,2],'data':%s}]}";
    refuses(400, path, "{", "no JSON");
    refuses(400, path, "[]", "found ARRAY");
    refuses(400, path, "{}", "inputs");
    refuses(400, path, "{'inputs':[]}", "one or more");
    refuses(400, path, "{'inputs':[7]}", "a \\\"name\\\"");
    refuses(400, path, tensor.formatted("[1]"), "has 2 elements by its shape, and 1");
    refuses(400, path, tensor.formatted("[1,2,3]"), "and more in its data");
    refuses(400, path, tensor.formatted("[1,'2']"), "holds a STRING");
    refuses(400, path, tensor.formatted("[[[1,2]]]"), "holds a ARRAY");
    refuses(400, path, tensor.formatted("[NaN,1]"), "no JSON");
    refuses(400, path, tensor.formatted("[1e99999,'1']"), "holds a STRING");
    refuses(400, path, tensor.formatted("7"), "neither an array");
    refuses(400, path, tensor.formatted("[1,2]").replace("FP64", "FP8"), "there are BOOL");
    refuses(400, path, tensor.formatted("[1,2]").replace("[1,2],'d", "[-1,2],'d"), "whole numbers");
    refuses(400, path, tensor.formatted("[1,2]").replace("[1,2],'d", "[],'d"), "one or two");
    refuses(
        400, path, tensor.formatted("[1,2]").replace("[1,2],'d", "[1,99999999],'d"), "elements");
    refuses(
        413, path, tensor.formatted("[1,2]").replace("[1,2],'d", "[2147483647,2],'d"), "100 rows");
    refuses(400, path, tensor.formatted("[]").replace("[1,2],'d", "[0,2],'d"), "one row");
    refuses(
        400,
        path,
        "{'inputs':[{'name':'a','datatype':'FP64','shape':[1],'data':[1]},"
            + "{'name':'a','datatype':'FP64','shape':[1],'data':[1]}]}",
        "there twice");
    refuses(
        400,
        path,
        "{'inputs':[{'name':'a','datatype':'FP64','shape':[1],'data':[1]},"
            + "{'name':'c','datatype':'FP64','shape':[1],'data':[1]}]}",
        "\\\"b\\\" is absent");
    refuses(
        400,
        path,
        "{'inputs':[{'name':'a','datatype':'FP64','shape':[1],'data':[1]},"
            + "{'name':'b','datatype':'FP64','shape':[2],'data':[1,2]}]}",
        "of the same rows");
    refuses(
        400,
        path,
        tensor.formatted("[1,2]").replace("]}]}", "]}],'outputs':[{'name':'y'}]}"),
        "no output");
    refuses(400, "/v2/models/coffee/infer", tensor.formatted("[1,2]"), "for numbers alone");
  }

  @Test
  void wrongBinaryDataIsABadRequest() {
    String path = "/v2/models/sum/infer";
    String header =
        quoted(
            "{'inputs':[{'name':'x','datatype':'FP64','shape':[1,2],'parameters':"
                + "{'binary_data_size':%s}}]}");
    assertThat(binary(path, header.formatted("16"), new byte[15]).status()).isEqualTo(400);
    assertThat(binary(path, header.formatted("16"), new byte[17]).status()).isEqualTo(400);
    assertThat(binary(path, header.formatted("8"), new byte[8]).status()).isEqualTo(400);
    assertThat(binary(path, header.formatted("-1"), new byte[8]).status()).isEqualTo(400);
    assertThat(binary(path, header.formatted("99999999999"), new byte[8]).status()).isEqualTo(400);
    String text =
        quoted(
            "{'inputs':[{'name':'weather','datatype':'BYTES','shape':[%s],'parameters':"
                + "{'binary_data_size':8}},{'name':'hour','datatype':'FP64','shape':[1],"
                + "'data':[1]}]}");
    for (byte[] data :
        List.of(
            new byte[] {-1, -1, -1, 127, 0, 0, 0, 0},
            new byte[] {-1, -1, -1, -1, 0, 0, 0, 0},
            new byte[] {5, 0, 0, 0, 0, 0, 0, 0},
            new byte[] {3, 0, 0, 0, 0, 0, 0, 0},
            new byte[] {4, 0, 0, 0, -1, -1, -1, -1})) {
      assertThat(binary("/v2/models/coffee/infer", text.formatted("1"), data).status())
          .as(Arrays.toString(data))
          .isEqualTo(400);
    }
    for (String length : List.of("-1", "99999", "x", "")) {
      assertThat(
              handler
                  .handle(
                      new ServingRequest(
                          "POST",
                          path,
                          Map.of("Inference-Header-Content-Length", length),
                          new byte[10]))
                  .status())
          .as(length)
          .isEqualTo(400);
    }
  }

  @Test
  void mlflowsFormsAreAllRead() {
    String expected = "{'predictions':[21.0,42.0]}";
    answers(
        "/invocations",
        "{'dataframe_split':{'index':[0,1],'columns':['b','a'],'data':[[10,1],[20,2]]}}",
        expected);
    answers(
        "/invocations",
        "{'dataframe_records':[{'a':1,'b':10},{'b':20,'a':2}],'params':{}}",
        expected);
    answers("/invocations", "{'instances':[{'a':1,'b':10},{'a':2,'b':20}]}", expected);
    answers("/invocations", "{'instances':[[1,10],[2,20]]}", expected);
    answers("/invocations", "{'inputs':[[1,10],[2,20]]}", expected);
    answers("/invocations", "{'inputs':{'a':[1,2],'b':[[10],[20]]}}", expected);
    answers("/invocations", "{'dataframe_records':[]}", "{'predictions':[]}");
    ServingResponse csv = post("/invocations", "text/csv; charset=utf-8", "b,a\n10,1\n20,2\n");
    assertThat(csv.status()).isEqualTo(200);
    assertThat(json(csv).toString()).isEqualTo(quoted(expected));
    assertThat(get("/ping").status()).isEqualTo(200);
    assertThat(get("/health").status()).isEqualTo(200);
    assertThat(get("/version").status()).isEqualTo(200);
  }

  @Test
  void mlflowsErrorsHaveACode() {
    refuses(400, "/invocations", "{}", "BAD_REQUEST");
    refuses(400, "/invocations", "{'inputs':{},'instances':[]}", "exactly one");
    refuses(
        400, "/invocations", "{'dataframe_split':{'columns':['a'],'data':[[1,2]]}}", "1 values");
    refuses(400, "/invocations", "{'dataframe_split':7}", "arrays");
    refuses(400, "/invocations", "{'dataframe_records':[7]}", "found NUMBER");
    refuses(400, "/invocations", "{'dataframe_records':[{'a':'x','b':{}}]}", "single values");
    refuses(400, "/invocations", "{'inputs':{'a':[1,2],'b':[1]}}", "one length");
    refuses(400, "/invocations", "{'instances':[[1]]}", "2 values");
    refuses(413, "/invocations", "{'instances':[" + "[1,2],".repeat(100) + "[1,2]]}", "100 rows");
    assertThat(post("/invocations", "text/plain", "x").status()).isEqualTo(415);
    assertThat(post("/invocations", "text/csv", "a,b\n1\n").status()).isEqualTo(400);
    assertThat(post("/invocations", "text/csv", "a,b\n1,x\n").status()).isEqualTo(400);
    assertThat(get("/invocations").status()).isEqualTo(405);
  }

  @Test
  void jsonForPeople() {
    answers("/predict/sum", "{'a':1,'b':10}", "'value':21.0}");
    answers("/predict/coffee", "[{'hour':8,'weather':'rain'}]", "'label':'tea'");
    refuses(400, "/predict/sum", "{'a':1}", "\\\"b\\\" is absent");
    refuses(404, "/predict/tea", "{}", "there are [sum, coffee]");
    refuses(413, "/predict/sum", "[" + "{},".repeat(100) + "{}]", "100 rows");
    refuses(400, "/predict/sum", "[{}", "no JSON");
    refuses(404, "/nothing", "{}", "openapi.json");
    assertThat(json(get("/models")).path("models").get(0).path("ready").asBoolean()).isTrue();
  }

  @Test
  void theOpenApiDocumentNamesTheColumns() {
    JsonNode document = json(get("/openapi.json"));

    assertThat(document.path("openapi").asText()).isEqualTo("3.0.3");
    JsonNode request = document.at("/components/schemas/coffee.Request/properties");
    assertThat(request.at("/hour/type").asText()).isEqualTo("number");
    assertThat(request.at("/weather/type").asText()).isEqualTo("string");
    assertThat(
            document.at("/components/schemas/coffee.Prediction/properties/label/enum/1").asText())
        .isEqualTo("tea");
    document
        .findValuesAsText("$ref")
        .forEach(
            reference ->
                assertThat(document.at(reference.substring(1)).isMissingNode())
                    .as(reference)
                    .isFalse());
    assertThat(document.path("paths").has("/predict/coffee")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v2/models/sum/infer", "/invocations", "/predict/sum"})
  void nothingHostileIsAServerError(String path) {
    String deep = "[".repeat(5_000);
    for (String body :
        List.of(
            deep,
            "{\"inputs\":" + deep,
            "{\"a\":" + "9".repeat(5_000) + "}",
            "{\"inputs\":{\"a\":{\"b\":1}}}",
            "\u0000\u0001",
            "{\"instances\":null}",
            "{\"dataframe_split\":{\"columns\":[null],\"data\":[[{}]]}}",
            "null")) {
      assertThat(post(path, body).status()).as(body).isBetween(400, 499);
    }
    assertThat(
            handler
                .handle(new ServingRequest("POST", path, Map.of(), new byte[] {-1, -2}))
                .status())
        .isBetween(400, 499);
  }

  @Test
  void aTokenIsAskedForEverywhereButAtTheProbes() {
    ServingHandler secured = ServingHandler.of(sum.untyped()).token("open sesame").build();
    ServingRequest plain = new ServingRequest("GET", "/models", Map.of(), new byte[0]);
    Map<String, String> headers = new TreeMap<>(Map.of("Authorization", "Bearer open sesame"));

    assertThat(secured.handle(plain).status()).isEqualTo(401);
    assertThat(secured.handle(plain).headers()).containsEntry("WWW-Authenticate", "Bearer");
    assertThat(secured.handle(new ServingRequest("GET", "/models", headers, new byte[0])).status())
        .isEqualTo(200);
    headers.put("Authorization", "Bearer open sesam");
    assertThat(secured.handle(new ServingRequest("GET", "/models", headers, new byte[0])).status())
        .isEqualTo(401);
    assertThat(secured.handle(new ServingRequest("GET", "/ping", Map.of(), new byte[0])).status())
        .isEqualTo(200);
  }

  @Test
  void aModelThatFailsIsAServerErrorWithoutItsMessage() {
    Signature signature = new Signature(List.of(Input.numeric("x")), Output.regression("y"));
    Model failing =
        Model.of(
            signature,
            (vector, output) -> {
              throw new IllegalStateException("card number 4711");
            });
    try (Predictor<Map<String, Object>> predictor =
        Predictor.ofInputs().serve("m", failing).build()) {
      ServingResponse response =
          ServingHandler.of(predictor.untyped())
              .build()
              .handle(
                  new ServingRequest(
                      "POST",
                      "/predict/m",
                      Map.of(),
                      "{\"x\":1}".getBytes(StandardCharsets.UTF_8)));
      assertThat(response.status()).isEqualTo(500);
      assertThat(new String(response.body(), StandardCharsets.UTF_8)).doesNotContain("4711");
    }
  }

  @Test
  void badSettingsAreRefused() {
    ServingHandler.Builder builder = ServingHandler.of(sum.untyped());

    assertThatThrownBy(() -> builder.maxBodyBytes(0)).hasMessageContaining("maxBodyBytes");
    assertThatThrownBy(() -> builder.working(0)).hasMessageContaining("working");
    assertThatThrownBy(() -> builder.waiting(-1, Duration.ZERO)).hasMessageContaining("-1");
    assertThatThrownBy(() -> builder.token(" ")).hasMessageContaining("blank");
    assertThatThrownBy(() -> builder.and(sum.untyped()).build()).hasMessageContaining("\"sum\"");
  }
}
