package dev.mlops4j.http;

import dev.mlops4j.MlopsException;
import dev.mlops4j.model.ExplanationException;
import dev.mlops4j.serving.InvalidRequestException;
import dev.mlops4j.serving.NoServingVersionException;
import dev.mlops4j.serving.PredictionTimeoutException;
import dev.mlops4j.serving.PredictorOverloadedException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a request is answered with instead of a prediction; never leaves the handler. */
final class HttpProblem extends MlopsException {

  static final int BAD_REQUEST = 400;
  static final int UNAUTHORIZED = 401;
  static final int NOT_FOUND = 404;
  static final int METHOD_NOT_ALLOWED = 405;
  static final int TOO_LARGE = 413;
  static final int UNSUPPORTED_TYPE = 415;
  static final int TOO_MANY = 429;
  static final int FAILED = 500;
  static final int UNAVAILABLE = 503;
  static final int TIMEOUT = 504;

  private static final Logger LOG = LoggerFactory.getLogger(HttpProblem.class);
  private static final long serialVersionUID = 1L;

  private final int status;
  private final transient Map<String, String> headers;

  HttpProblem(int status, String message) {
    this(status, message, Map.of());
  }

  HttpProblem(int status, String message, Map<String, String> headers) {
    super(message);
    this.status = status;
    this.headers = headers;
  }

  /** Problems are answers, made often under load. */
  @Override
  public Throwable fillInStackTrace() {
    return this;
  }

  int status() {
    return status;
  }

  Map<String, String> headers() {
    return headers;
  }

  static HttpProblem badRequest(String message) {
    return new HttpProblem(BAD_REQUEST, message);
  }

  static HttpProblem overloaded() {
    return new HttpProblem(
        TOO_MANY,
        "more requests are under way than this server takes; try again later",
        Map.of("Retry-After", "1"));
  }

  /** What a caller is told of a failure; what it is not told is logged. */
  static HttpProblem of(Throwable failure) {
    if (failure instanceof HttpProblem problem) {
      return problem;
    }
    if (failure instanceof InvalidRequestException) {
      return badRequest(text(failure));
    }
    if (failure instanceof NoServingVersionException) {
      return new HttpProblem(UNAVAILABLE, text(failure));
    }
    if (failure instanceof PredictionTimeoutException) {
      return new HttpProblem(TIMEOUT, text(failure));
    }
    if (failure instanceof PredictorOverloadedException) {
      return overloaded();
    }
    if (failure instanceof ExplanationException) {
      return badRequest(text(failure));
    }
    // A feature's function may have put a record into its message.
    LOG.warn("a prediction failed", failure);
    return new HttpProblem(FAILED, "the prediction failed; the server's log says why");
  }

  private static String text(Throwable failure) {
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }
}
