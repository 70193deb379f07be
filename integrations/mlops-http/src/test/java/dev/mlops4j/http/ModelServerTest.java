package dev.mlops4j.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.model.Model;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.Signature.Output;
import dev.mlops4j.serving.Predictor;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ModelServerTest {

  private static final Signature SIGNATURE =
      new Signature(List.of(Input.numeric("x")), Output.regression("y"));

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final CountDownLatch released = new CountDownLatch(1);
  private final CountDownLatch begun = new CountDownLatch(1);

  @AfterEach
  void release() {
    released.countDown();
  }

  private Predictor<Map<String, Object>> waiting() {
    return Predictor.ofInputs()
        .serve(
            "m",
            Model.of(
                SIGNATURE,
                (vector, output) -> {
                  begun.countDown();
                  await(released);
                  output[0] = vector[0];
                }))
        .build();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static HttpRequest request(int port, String body) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/predict/m"))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private CompletableFuture<HttpResponse<String>> ask(int port, int x) {
    return client.sendAsync(
        request(port, "{\"x\":" + x + "}"), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void itAnswersOnItsPort() throws Exception {
    released.countDown();
    try (Predictor<Map<String, Object>> predictor = waiting();
        ModelServer server =
            ModelServer.of(ServingHandler.of(predictor.untyped()).maxBodyBytes(100).build())
                .port(0)
                .start()) {
      HttpResponse<String> answer = ask(server.port(), 7).join();
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).contains("\"value\":7.0");
      assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
      assertThat(answer.headers().firstValue("Server")).isEmpty();

      HttpResponse<String> large =
          client.send(
              request(server.port(), "{\"x\":" + " ".repeat(200) + "1}"),
              HttpResponse.BodyHandlers.ofString());
      assertThat(large.statusCode()).isEqualTo(413);
      HttpRequest chunked =
          HttpRequest.newBuilder(request(server.port(), "x").uri())
              .POST(HttpRequest.BodyPublishers.ofInputStream(() -> endless(10_000)))
              .build();
      assertThat(client.send(chunked, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(413);
    }
  }

  private static InputStream endless(int bytes) {
    return new java.io.ByteArrayInputStream(new byte[bytes]);
  }

  /** Two work, two wait; forty are asked: ten times what it takes. */
  @Test
  void overloadIsTurnedAwayAndLeavesNothingBehind() throws Exception {
    try (Predictor<Map<String, Object>> predictor = waiting();
        ModelServer server =
            ModelServer.of(
                    ServingHandler.of(predictor.untyped())
                        .working(2)
                        .waiting(2, Duration.ofMinutes(1))
                        .build())
                .port(0)
                .start()) {
      List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        answers.add(ask(server.port(), i));
      }
      while (answers.stream().filter(CompletableFuture::isDone).count() < 36) {
        Thread.onSpinWait();
      }
      released.countDown();
      List<HttpResponse<String>> all = answers.stream().map(CompletableFuture::join).toList();

      assertThat(all).filteredOn(answer -> answer.statusCode() == 200).hasSize(4);
      assertThat(all)
          .filteredOn(answer -> answer.statusCode() == 429)
          .hasSize(36)
          .allMatch(answer -> answer.headers().firstValue("Retry-After").orElse("").equals("1"));
      for (int i = 0; i < 100; i++) {
        assertThat(ask(server.port(), i).join().statusCode()).isEqualTo(200);
      }
    }
  }

  @Test
  void whatIsUnderWayIsAnsweredWhenItCloses() throws Exception {
    Predictor<Map<String, Object>> predictor = waiting();
    ModelServer server =
        ModelServer.of(ServingHandler.of(predictor.untyped()).build()).port(0).start();
    int port = server.port();
    CompletableFuture<HttpResponse<String>> underWay = ask(port, 7);
    await(begun);
    CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close);
    while (accepts(port)) {
      Thread.onSpinWait();
    }
    assertThat(underWay.isDone()).isFalse();
    released.countDown();

    assertThat(underWay.join().statusCode()).isEqualTo(200);
    assertThat(underWay.join().body()).contains("7.0");
    closing.join();
    server.close();
    predictor.close();
  }

  private static boolean accepts(int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (ConnectException e) {
      return false;
    }
  }

  @Test
  void aClientThatSendsHalfARequestHoldsUpNobodyElse() throws Exception {
    released.countDown();
    try (Predictor<Map<String, Object>> predictor = waiting();
        ModelServer server =
            ModelServer.of(ServingHandler.of(predictor.untyped()).working(1).build())
                .port(0)
                .idleTimeout(Duration.ofMillis(300))
                .start();
        Socket slow = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      slow.getOutputStream()
          .write(
              "POST /predict/m HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{\"x\""
                  .getBytes(StandardCharsets.UTF_8));
      assertThat(ask(server.port(), 7).join().statusCode()).isEqualTo(200);
      byte[] answer = slow.getInputStream().readAllBytes();
      assertThat(new String(answer, StandardCharsets.UTF_8)).doesNotContain("200 OK");
    }
  }
}
