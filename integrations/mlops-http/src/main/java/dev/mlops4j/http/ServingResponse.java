package dev.mlops4j.http;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * An HTTP response for whatever server asked. The body is not to be changed.
 *
 * @param status the status code
 * @param headers the headers, {@code Content-Type} among them
 * @param body the body
 */
@SuppressWarnings("ArrayRecordComponent") // bytes as they come and go
public record ServingResponse(int status, Map<String, String> headers, byte[] body) {

  static final String JSON = "application/json";

  /** Copies the headers. */
  public ServingResponse {
    headers = Map.copyOf(headers);
  }

  static ServingResponse json(int status, byte[] body) {
    return new ServingResponse(status, Map.of("Content-Type", JSON), body);
  }

  static ServingResponse text(int status, String body) {
    return new ServingResponse(
        status,
        Map.of("Content-Type", "text/plain; charset=utf-8"),
        body.getBytes(StandardCharsets.UTF_8));
  }

  ServingResponse with(String header, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(header, value);
    return new ServingResponse(status, more, body);
  }
}
