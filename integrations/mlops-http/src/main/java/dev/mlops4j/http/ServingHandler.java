package dev.mlops4j.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops4j.serving.UntypedPredictor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Answers HTTP requests with predictors, within any web framework: hand it the request, send what
 * it gives. {@link ModelServer} is one with a port of its own.
 *
 * <pre>{@code
 * ServingHandler handler = ServingHandler.of(predictor.untyped()).build();
 * ServingResponse response = handler.handle(new ServingRequest("POST", path, headers, body));
 * }</pre>
 *
 * <p>It answers the Open Inference Protocol V2 below {@code /v2}, with binary tensors; MLflow's
 * scoring protocol at {@code /invocations}, {@code /ping}, {@code /health} and {@code /version},
 * for the predictor that was named first; {@code /predict/<model>} and {@code /models} in plain
 * JSON; and {@code /openapi.json}.
 *
 * <p>Immutable, safe for any number of threads. Predictors are closed by whoever built them.
 */
public final class ServingHandler {

  private static final Set<String> PROBES =
      Set.of("/ping", "/health", "/v2/health/live", "/v2/health/ready");

  private final InferenceProtocol inference;
  private final ScoringProtocol scoring;
  private final JsonProtocol json;
  private final OpenApi openApi;
  private final Admission admission;
  private final int maxBodyBytes;
  private final @Nullable BearerToken token;

  private ServingHandler(Builder builder) {
    Models models = new Models(builder.predictors);
    this.inference = new InferenceProtocol(models, builder.maxRows);
    this.scoring = new ScoringProtocol(models, builder.maxRows);
    this.json = new JsonProtocol(models, builder.maxRows);
    this.openApi = new OpenApi(models, builder.token != null);
    this.admission = new Admission(builder.maxWorking, builder.maxWaiting, builder.maxWait);
    this.maxBodyBytes = builder.maxBodyBytes;
    this.token = builder.token;
  }

  /** Starts a handler that serves this predictor. */
  public static Builder of(UntypedPredictor predictor) {
    return new Builder().and(predictor);
  }

  /** The largest body it takes, in bytes; a framework need not read more. */
  public int maxBodyBytes() {
    return maxBodyBytes;
  }

  /** How many requests work or wait at once at most. */
  long places() {
    return admission.places();
  }

  /**
   * Answers a request, also one that is wrong: it never throws. Blocks for as long as the
   * prediction takes, and before it for a place, no longer than {@link Builder#waiting} says.
   */
  public ServingResponse handle(ServingRequest request) {
    try {
      return checked(request);
    } catch (RuntimeException | StackOverflowError e) {
      return answer(request.path(), HttpProblem.of(e));
    }
  }

  /** What to answer to a body that is too large, by whoever saw that before reading it. */
  ServingResponse tooLarge(String path) {
    return answer(
        path,
        new HttpProblem(
            HttpProblem.TOO_LARGE, "a body has at most " + maxBodyBytes + " bytes; send less"));
  }

  private ServingResponse checked(ServingRequest request) {
    String path = request.path();
    BearerToken wanted = token;
    if (wanted != null && !PROBES.contains(path) && !wanted.isIn(request.header("authorization"))) {
      throw new HttpProblem(
          HttpProblem.UNAUTHORIZED,
          "a request carries the server's token as \"Authorization: Bearer ...\"",
          Map.of("WWW-Authenticate", "Bearer"));
    }
    if (request.body().length > maxBodyBytes) {
      return tooLarge(path);
    }
    if (PROBES.contains(path) || request.method().equals("GET")) {
      return routed(request);
    }
    if (!admission.enter()) {
      throw HttpProblem.overloaded();
    }
    try {
      return routed(request);
    } finally {
      admission.leave();
    }
  }

  private ServingResponse routed(ServingRequest request) {
    return switch (request.path()) {
      case "/v2", "/v2/" -> {
        Methods.require(request, "GET");
        yield inference.server();
      }
      case "/v2/health/live" -> inference.live();
      case "/v2/health/ready" -> inference.ready();
      case "/ping", "/health" -> scoring.ping();
      case "/version" -> scoring.version();
      case "/invocations" -> {
        Methods.require(request, "POST");
        yield scoring.invocations(request);
      }
      case "/models" -> {
        Methods.require(request, "GET");
        yield json.models();
      }
      case "/openapi.json" -> {
        Methods.require(request, "GET");
        yield openApi.document();
      }
      default -> ofModel(request);
    };
  }

  private ServingResponse ofModel(ServingRequest request) {
    List<String> path = List.of(request.path().split("/", -1));
    if (path.size() >= 4 && path.get(1).equals("v2") && path.get(2).equals("models")) {
      return inference.model(request, path.subList(3, path.size()));
    }
    if (path.size() == 3 && path.get(1).equals("predict")) {
      return json.predict(request, path.get(2));
    }
    throw new HttpProblem(
        HttpProblem.NOT_FOUND,
        "there is nothing at "
            + Json.excerpt(request.path())
            + "; /openapi.json says what there is");
  }

  private static ServingResponse answer(String path, HttpProblem problem) {
    ObjectNode error = Json.newObject();
    String text = problem.getMessage() == null ? "" : problem.getMessage();
    if (path.equals("/invocations")) {
      error.put("error_code", code(problem.status())).put("message", text);
    } else {
      error.put("error", text);
    }
    ServingResponse response = ServingResponse.json(problem.status(), Json.bytes(error));
    for (Map.Entry<String, String> header : problem.headers().entrySet()) {
      response = response.with(header.getKey(), header.getValue());
    }
    return response;
  }

  /** MLflow's names of errors. */
  private static String code(int status) {
    return switch (status) {
      case HttpProblem.UNAUTHORIZED -> "UNAUTHENTICATED";
      case HttpProblem.NOT_FOUND -> "RESOURCE_DOES_NOT_EXIST";
      case HttpProblem.TOO_MANY -> "REQUEST_LIMIT_EXCEEDED";
      case HttpProblem.UNAVAILABLE -> "TEMPORARILY_UNAVAILABLE";
      case HttpProblem.FAILED, HttpProblem.TIMEOUT -> "INTERNAL_ERROR";
      default -> "BAD_REQUEST";
    };
  }

  /** Sets up a handler. Not safe for use by several threads. */
  public static final class Builder {

    /** The largest body unless set otherwise: 8 MiB. */
    public static final int DEFAULT_MAX_BODY_BYTES = 8 << 20;

    /** The most rows in a request unless set otherwise. */
    public static final int DEFAULT_MAX_ROWS = 10_000;

    /** How many requests wait for a place at most, unless set otherwise. */
    public static final int DEFAULT_MAX_WAITING = 64;

    /** How long a request waits for a place at most, unless set otherwise. */
    public static final Duration DEFAULT_MAX_WAIT = Duration.ofSeconds(1);

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);
    private static final int LONGEST_BODY = 1 << 30;

    private final List<UntypedPredictor> predictors = new ArrayList<>();
    private int maxBodyBytes = DEFAULT_MAX_BODY_BYTES;
    private int maxRows = DEFAULT_MAX_ROWS;
    private int maxWorking = 2 * Runtime.getRuntime().availableProcessors();
    private int maxWaiting = DEFAULT_MAX_WAITING;
    private Duration maxWait = DEFAULT_MAX_WAIT;
    private @Nullable BearerToken token;

    private Builder() {}

    /** Serves this predictor too, under the name of its model. */
    public Builder and(UntypedPredictor predictor) {
      predictors.add(Objects.requireNonNull(predictor, "predictor"));
      return this;
    }

    /**
     * Refuses bodies of more bytes with 413.
     *
     * @throws IllegalArgumentException if it is not from 1 to 1 GiB
     */
    public Builder maxBodyBytes(int bytes) {
      this.maxBodyBytes = (int) within("maxBodyBytes", bytes, LONGEST_BODY);
      return this;
    }

    /**
     * Refuses requests of more rows with 413.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public Builder maxRows(int rows) {
      this.maxRows = (int) within("maxRows", rows, Integer.MAX_VALUE);
      return this;
    }

    /**
     * Works on so many requests at once: twice the number of processors unless set.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public Builder working(int requests) {
      this.maxWorking = (int) within("working", requests, Integer.MAX_VALUE);
      return this;
    }

    /**
     * Lets so many more requests wait for so long, and answers others with 429.
     *
     * @throws IllegalArgumentException if the requests are negative, or the time is not from 0 to a
     *     minute
     */
    public Builder waiting(int requests, Duration atMost) {
      if (requests < 0 || atMost.isNegative() || atMost.compareTo(LONGEST_WAIT) > 0) {
        throw new IllegalArgumentException(
            "waiting(...) takes 0 requests or more and a time from 0 to "
                + LONGEST_WAIT
                + ", found "
                + requests
                + " and "
                + atMost);
      }
      this.maxWaiting = requests;
      this.maxWait = atMost;
      return this;
    }

    /**
     * Answers only requests that carry this token as {@code Authorization: Bearer ...}, but for the
     * probes of health.
     *
     * @throws IllegalArgumentException if it is blank
     */
    public Builder token(String secret) {
      if (secret.isBlank()) {
        throw new IllegalArgumentException("the token of a server is not blank");
      }
      this.token = new BearerToken(secret);
      return this;
    }

    /**
     * The handler.
     *
     * @throws IllegalArgumentException if two predictors have a model of one name
     */
    public ServingHandler build() {
      return new ServingHandler(this);
    }

    private static long within(String setting, long value, long most) {
      if (value < 1 || value > most) {
        throw new IllegalArgumentException(setting + " is from 1 to " + most + ", found " + value);
      }
      return value;
    }
  }
}
