package dev.mlops4j.http;

import java.util.Map;

/** Checks the method of a request. */
final class Methods {

  private Methods() {}

  static void require(ServingRequest request, String method) {
    if (!request.method().equals(method)) {
      throw new HttpProblem(
          HttpProblem.METHOD_NOT_ALLOWED,
          "this path takes " + method + ", found " + Json.excerpt(request.method()),
          Map.of("Allow", method));
    }
  }
}
