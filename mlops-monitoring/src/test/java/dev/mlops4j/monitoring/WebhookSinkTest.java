package dev.mlops4j.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.mlops4j.monitoring.TestData.Clock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real server on this host. */
class WebhookSinkTest {

  private static final String SECRET = "s3cret \u00e9";
  private static final Instant NOW = Instant.parse("2024-07-01T12:00:00Z");

  /** What came in. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Received(String path, Headers headers, byte[] body) {

    String header(String name) {
      return headers.getFirst(name);
    }

    JsonNode json() throws IOException {
      return new ObjectMapper().readTree(body);
    }
  }

  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final Deque<Integer> answers = new ArrayDeque<>();
  private final List<Duration> pauses = new ArrayList<>();
  private final CountDownLatch stuck = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  @AfterEach
  void stop() {
    stuck.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    received.add(
        new Received(
            exchange.getRequestURI().getPath(),
            exchange.getRequestHeaders(),
            exchange.getRequestBody().readAllBytes()));
    int status;
    synchronized (answers) {
      status = answers.isEmpty() ? 200 : answers.poll();
    }
    if (status == -2) {
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write(' ');
      exchange.getResponseBody().flush();
    }
    if (status < 0) {
      try {
        stuck.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      exchange.close();
      return;
    }
    if (status == 302) {
      exchange.getResponseHeaders().add("Location", "/elsewhere");
    }
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  private URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/alerts");
  }

  private WebhookSink.Builder builder() {
    return WebhookSink.to(uri())
        .clock(() -> NOW)
        .pause(pauses::add)
        .timeout(Duration.ofSeconds(30))
        .backOff(Duration.ofMillis(200));
  }

  private void willAnswer(Integer... statuses) {
    answers.addAll(Arrays.asList(statuses));
  }

  private static Alert alert(String id, Severity severity, Instant resolved) {
    Verdict verdict =
        new Verdict(
            "auc",
            AlertKind.PERFORMANCE,
            Verdict.Status.ALERT,
            null,
            null,
            0.65,
            Double.NaN,
            Double.NaN,
            0,
            400,
            "auc is 0.65, below 0.7 \u2014 \"quoted\"\n<b>");
    Instant start = Instant.parse("2024-06-24T00:00:00Z");
    Instant end = start.plus(TestData.WEEK);
    return new Alert(
        id,
        "parcels",
        3,
        List.of(2, 3),
        AlertKind.PERFORMANCE,
        "auc",
        start,
        end,
        end,
        0,
        verdict,
        end.plusSeconds(60),
        severity,
        "auc",
        resolved);
  }

  private static AlertNotice notice() {
    return new AlertNotice(
        "parcels",
        List.of(alert("a", Severity.CRITICAL, null), alert("b", Severity.INFO, null)),
        List.of(),
        List.of(alert("c", Severity.WARNING, NOW)));
  }

  @Test
  void aNoticeIsOneRequestWithAllItsAlerts() throws IOException {
    builder().build().notice(notice());
    assertThat(received).hasSize(1);
    Received request = received.get(0);
    assertThat(request.path()).isEqualTo("/alerts");
    assertThat(request.header("Content-Type")).isEqualTo("application/json");
    assertThat(request.header(WebhookSink.SIGNATURE_HEADER)).isNull();
    JsonNode body = request.json();
    assertThat(body.get("format").asText()).isEqualTo("mlops4j-alerts");
    assertThat(body.get("version").asInt()).isEqualTo(1);
    assertThat(body.get("model").asText()).isEqualTo("parcels");
    assertThat(body.get("alerts").findValuesAsText("state"))
        .containsExactly("raised", "raised", "resolved");
    JsonNode first = body.get("alerts").get(0);
    assertThat(first.get("id").asText()).isEqualTo("a");
    assertThat(first.get("severity").asText()).isEqualTo("CRITICAL");
    assertThat(first.get("versions")).hasSize(2);
    assertThat(first.get("start").asText()).isEqualTo("2024-06-24T00:00:00Z");
    assertThat(first.get("effect").asDouble()).isEqualTo(0.65);
    assertThat(first.has("p")).as("a number that there is not").isFalse();
    assertThat(first.get("words").asText()).endsWith("\"quoted\"\n<b>");
    assertThat(body.get("alerts").get(2).get("resolvedAt").asText()).isEqualTo(NOW.toString());
  }

  @Test
  void theSignatureIsOverTimestampAndBody() {
    builder().secret(SECRET).build().notice(notice());
    Received request = received.get(0);
    byte[] key = SECRET.getBytes(StandardCharsets.UTF_8);
    String timestamp = request.header(WebhookSink.TIMESTAMP_HEADER);
    String signature = request.header(WebhookSink.SIGNATURE_HEADER);
    assertThat(timestamp).isEqualTo(Long.toString(NOW.getEpochSecond()));
    Duration minute = Duration.ofMinutes(1);
    assertThat(matches(key, timestamp, request.body(), signature, NOW, minute)).isTrue();
    assertThat(matches(key, timestamp, request.body(), signature, NOW.plusSeconds(61), minute))
        .as("sent again later")
        .isFalse();
    String later = Long.toString(NOW.getEpochSecond() + 1);
    assertThat(matches(key, later, request.body(), signature, NOW, minute)).isFalse();
    byte[] changed = request.body().clone();
    changed[10]++;
    assertThat(matches(key, timestamp, changed, signature, NOW, minute)).isFalse();
    assertThat(matches(new byte[] {1}, timestamp, request.body(), signature, NOW, minute))
        .isFalse();
    String noTime = WebhookSignature.of(key, "x", request.body());
    assertThat(matches(key, "x", request.body(), noTime, NOW, minute)).isFalse();
  }

  private static boolean matches(
      byte[] key, String timestamp, byte[] body, String signature, Instant now, Duration within) {
    return WebhookSignature.matches(key, timestamp, body, signature, now, within);
  }

  @Test
  void theSignatureIsTheOneThatPythonMakes() {
    byte[] key = "Jefe".getBytes(StandardCharsets.UTF_8);
    // python: hmac.new(b"Jefe", b"1.what do ya want for nothing?", "sha256").hexdigest()
    assertThat(
            WebhookSignature.of(
                key, "1", "what do ya want for nothing?".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("sha256=a9049465ce89cfb8e9aac62333abda66f80e3403f51f57f6bae3c3a4485eca38");
  }

  @Test
  void aServerThatIsBusyIsAskedAgainWithPausesThatDouble() {
    willAnswer(503, 429, 500, 204);
    builder().build().notice(notice());
    assertThat(received).hasSize(4);
    assertThat(pauses).extracting(Duration::toMillis).containsExactly(200L, 400L, 800L);
    assertThat(received)
        .extracting(request -> request.header(WebhookSink.DELIVERY_HEADER))
        .as("so that a receiver knows it again")
        .containsOnly(received.get(0).header(WebhookSink.DELIVERY_HEADER));
  }

  @Test
  void whatIsRefusedIsNotSentAgainAtOnce() {
    willAnswer(400);
    assertThatThrownBy(() -> builder().build().notice(notice()))
        .isInstanceOf(MonitoringException.class)
        .hasMessage(
            "alerts were not taken by 127.0.0.1, sent 1 times: it answered with status 400; the"
                + " next evaluation sends them again");
    assertThat(received).hasSize(1);
  }

  @Test
  void redirectsAreNotFollowed() {
    willAnswer(302);
    assertThatThrownBy(() -> builder().build().notice(notice())).hasMessageContaining("status 302");
    assertThat(received).extracting(Received::path).containsExactly("/alerts");
  }

  @Test
  void afterTheLastAttemptItThrows() {
    willAnswer(500, 500);
    assertThatThrownBy(() -> builder().attempts(2).build().notice(notice()))
        .hasMessageContaining("sent 2 times: it answered with status 500");
    assertThat(received).hasSize(2);
  }

  @Test
  void aServerThatDoesNotAnswerIsGivenUp() {
    willAnswer(-1, 200);
    builder().timeout(Duration.ofMillis(300)).build().notice(notice());
    assertThat(received).hasSize(2);
    assertThat(pauses).hasSize(1);
  }

  @Test
  void aServerThatNeverEndsItsAnswerIsGivenUp() {
    willAnswer(-2, -2);
    WebhookSink sink = builder().timeout(Duration.ofMillis(300)).attempts(2).build();
    assertThatThrownBy(() -> sink.notice(notice()))
        .isInstanceOf(MonitoringException.class)
        .hasMessageContaining("sent 2 times", "it did not answer within PT0.3S");
  }

  @Test
  void aHeaderThatHttpDoesNotAllowIsRefusedWithoutShowingItsValue() {
    assertThatThrownBy(
            () ->
                builder()
                    .header("Authorization", "Bearer hidden\n")
                    .header("bad name", "hidden")
                    .header("Host", "hidden")
                    .header("content-type", "hidden")
                    .build())
        .isInstanceOfSatisfying(
            MonitorConfigurationException.class,
            e ->
                assertThat(e.problems())
                    .hasSize(4)
                    .noneMatch(p -> p.contains("hidden"))
                    .anyMatch(p -> p.startsWith("header(\"Authorization\", ...) is not accepted"))
                    .anyMatch(p -> p.endsWith("the sink sets it itself")));
  }

  @Test
  void aServerThatIsNotThereIsAnErrorThatSaysSo() throws IOException {
    URI nobody;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = URI.create("http://127.0.0.1:" + free.getLocalPort() + "/");
    }
    assertThatThrownBy(
            () -> WebhookSink.to(nobody).pause(pauses::add).attempts(3).build().notice(notice()))
        .isInstanceOf(MonitoringException.class)
        .hasMessageContaining("ConnectException");
    assertThat(pauses).hasSize(2);
  }

  @Test
  void anInterruptEndsItAndStays() {
    willAnswer(500);
    WebhookSink sink =
        builder()
            .pause(
                time -> {
                  throw new InterruptedException();
                })
            .build();
    assertThatThrownBy(() -> sink.notice(notice())).hasMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void alertmanagerGetsLabelsAnnotationsAndTimes() throws IOException {
    builder()
        .format(WebhookFormat.ALERTMANAGER)
        .header("Authorization", "Bearer x")
        .build()
        .notice(notice());
    assertThat(received.get(0).header("Authorization")).isEqualTo("Bearer x");
    JsonNode body = received.get(0).json();
    assertThat(body.isArray()).isTrue();
    assertThat(body).hasSize(3);
    JsonNode labels = body.get(0).get("labels");
    assertThat(labels.get("alertname").asText()).isEqualTo("mlops4j_performance");
    assertThat(labels.get("severity").asText()).isEqualTo("critical");
    assertThat(labels.get("alert_id").asText()).isEqualTo("a");
    assertThat(body.get(0).get("annotations").get("summary").asText()).contains("auc is 0.65");
    assertThat(body.get(0).get("startsAt").asText()).isEqualTo("2024-07-01T00:01:00Z");
    assertThat(body.get(0).get("endsAt").asText()).isEqualTo("2024-07-15T12:00:00Z");
    assertThat(body.get(2).get("endsAt").asText()).isEqualTo(NOW.toString());
  }

  @Test
  void whatAServerDidNotTakeItGetsWithTheNextEvaluation(@TempDir Path directory)
      throws IOException {
    willAnswer(400);
    try (Watched watched =
        new Watched(
            directory,
            new Clock(),
            settings ->
                settings
                    .alertTo(builder().build())
                    .rule(AlertRule.performance("accuracy").below(0.7)))) {
      watched.serve(0, 400, 0.5);
      watched.evaluateAt(Watched.due(0));
      assertThat(received).hasSize(1);
      watched.evaluateAt(Watched.due(0));
      watched.evaluateAt(Watched.due(0));
    }
    assertThat(received).hasSize(2);
    assertThat(received.get(1).json().get("alerts").get(0).get("rule").asText())
        .isEqualTo("accuracy");
  }

  @Test
  void alertmanagerIsToldWithEachEvaluationWhatGoesOn(@TempDir Path directory) throws IOException {
    WebhookSink sink = builder().format(WebhookFormat.ALERTMANAGER).build();
    AlertRule rule = AlertRule.performance("accuracy").below(0.7).coolDown(Duration.ofDays(14));
    try (Watched watched = new Watched(directory, new Clock(), s -> s.alertTo(sink).rule(rule))) {
      watched.serve(0, 400, 0.5);
      watched.evaluateAt(Watched.due(0));
      assertThat(received).as("told just now").hasSize(1);
      watched.monitor.silence("accuracy", Watched.day(30), "it is known");
      watched.serve(1, 400, 0.5);
      watched.evaluateAt(Watched.due(1));
      watched.evaluateAt(Watched.due(2));
      assertThat(watched.heard()).containsExactly("new accuracy");
      assertThat(received).as("in its cool-down and in silence").hasSize(3);
      watched.monitor.silence("accuracy", Watched.day(2), "no more");
      watched.serve(3, 400, 1);
      watched.evaluateAt(Watched.due(3));
      watched.evaluateAt(Watched.due(4));
    }
    assertThat(received).hasSize(4);
    assertThat(received.get(2).json()).hasSize(1);
    assertThat(received.get(2).json().get(0).get("labels").get("alert_id"))
        .isEqualTo(received.get(0).json().get(0).get("labels").get("alert_id"));
    assertThat(received.get(3).json().get(0).get("endsAt").asText())
        .as("it is over")
        .isEqualTo(Watched.due(3).toString());
  }

  @Test
  void ofTheOtherFormatNothingIsSentAgain(@TempDir Path directory) {
    try (Watched watched =
        new Watched(
            directory,
            new Clock(),
            s -> s.alertTo(builder().build()).rule(AlertRule.performance("accuracy").below(0.7)))) {
      watched.serve(0, 400, 0.5);
      watched.evaluateAt(Watched.due(0));
      watched.evaluateAt(Watched.due(0));
    }
    assertThat(received).hasSize(1);
  }

  @Test
  void settingsThatMakeNoSenseAreRefusedWithoutShowingThem() {
    assertThatThrownBy(
            () ->
                WebhookSink.to(URI.create("ftp://user:hidden@host/"))
                    .secret("")
                    .timeout(Duration.ofMinutes(1))
                    .attempts(9)
                    .backOff(Duration.ofMinutes(1))
                    .build())
        .isInstanceOfSatisfying(
            MonitorConfigurationException.class,
            e -> assertThat(e.problems()).hasSize(5).noneMatch(p -> p.contains("hidden")));
  }
}
