package dev.mlops4j.http;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP request, whatever server it came from. The body is not copied and not to be changed.
 *
 * @param method in capitals, such as {@code POST}
 * @param path decoded, without the query, such as {@code /v2/models/flight-delay/infer}
 * @param headers the headers; names are found whatever their case
 * @param body the body, empty if there is none
 */
@SuppressWarnings("ArrayRecordComponent") // bytes as they come and go
public record ServingRequest(String method, String path, Map<String, String> headers, byte[] body) {

  /** Makes the names of headers lower case. */
  public ServingRequest {
    Map<String, String> lower = new TreeMap<>();
    headers.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
    headers = lower;
  }

  @Nullable String header(String name) {
    return headers.get(name.toLowerCase(Locale.ROOT));
  }

  /** The media type without its parameters, in lower case; empty if there is none. */
  String contentType() {
    String type = header("content-type");
    if (type == null) {
      return "";
    }
    int end = type.indexOf(';');
    return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }
}
