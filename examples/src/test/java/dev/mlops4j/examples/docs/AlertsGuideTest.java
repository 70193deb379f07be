package dev.mlops4j.examples.docs;

import static dev.mlops4j.examples.docs.SmallFlights.FEATURES;
import static dev.mlops4j.examples.docs.SmallFlights.LATE;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.mlops4j.evaluation.Better;
import dev.mlops4j.evaluation.Evaluation;
import dev.mlops4j.evaluation.Interval;
import dev.mlops4j.examples.docs.SmallFlights.Flight;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.Signature.Output;
import dev.mlops4j.monitoring.AlertKind;
import dev.mlops4j.monitoring.AlertRule;
import dev.mlops4j.monitoring.AlertSink;
import dev.mlops4j.monitoring.Monitor;
import dev.mlops4j.monitoring.PerformanceReport;
import dev.mlops4j.monitoring.Severity;
import dev.mlops4j.monitoring.WebhookSink;
import dev.mlops4j.monitoring.WindowMetric;
import dev.mlops4j.pipeline.Scheduler;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the code of docs/monitoring.md about performance and rules: a week of few predictions. */
final class AlertsGuideTest {

  private static final Signature SIGNATURE =
      new Signature(
          List.of(Input.categorical("carrier", List.of("AA", "DL"))), Output.binary("late"));

  @TempDir Path files;

  private final List<String> posts = new CopyOnWriteArrayList<>();
  private HttpServer server;

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          posts.add(new String(body, StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stopServer() {
    server.stop(0);
  }

  @Test
  void aMonitorWithASpoolRecords() {
    Path disk = files;
    try (Workspace workspace = Workspace.open(files.resolve("ws"))) {
      // region spool
      Monitor<Flight, Boolean> monitor =
          Monitor.of("flight-delay", LATE)
              .in(workspace) // with a PostgreSQL on another host
              .spool(disk.resolve("flight-spool")) // of this host; outlives the process
              .build();
      // endregion
      monitor.outcome("p1", true);
      monitor.flush();
      assertThat(monitor.outcomesWithoutPrediction()).isEqualTo(1);
      assertThat(monitor.spooledBytes()).isZero();
    }
  }

  @Test
  void aWeekOfFewPredictionsIsPosted() {
    URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    String secret = "only the receiver knows it";
    Instant from = SmallFlights.START;
    Instant to = from.plus(Duration.ofDays(7));
    Instant until = to.plus(Duration.ofDays(7));
    Evaluation holdout = Evaluation.binary(new double[] {0.8, 0.3}, new double[] {1, 0});
    AtomicReference<Instant> now = new AtomicReference<>(from);
    try (Workspace workspace = Workspace.at(files.resolve("ws")).clock(now::get).open()) {
      Scheduler scheduler = Scheduler.in(workspace);
      // region webhook
      WebhookSink pager =
          WebhookSink.to(url) // .format(WebhookFormat.ALERTMANAGER) for its POST /api/v2/alerts
              .secret(secret)
              .build();
      // endregion
      // region rules
      Monitor<Flight, Boolean> monitor =
          Monitor.of("flight-delay", LATE)
              .in(workspace)
              .segment("carrier")
              .metric("cost", p -> p.outcome().orElseThrow() && p.output()[0] < 0.5 ? 40 : 0)
              .rule(
                  AlertRule.performance("auc")
                      .below(0.7)
                      .clear(0.72) // between the two nothing changes
                      .windows(2) // in a row
                      .severity(Severity.CRITICAL))
              .rule(AlertRule.performance("log_loss").worseThan(holdout, 0.05))
              .rule(AlertRule.performance("cost").worseThanBefore(8, 5, Better.LOWER))
              .rule(
                  AlertRule.drift(AlertKind.FEATURE_DRIFT).windows(2).coolDown(Duration.ofDays(14)))
              .rule(AlertRule.predictions().below(1_000))
              .rule(AlertRule.latency(0.99).above(Duration.ofMillis(50)))
              .rule(AlertRule.failures().above(0.01))
              .rule(AlertRule.staleness("weather").above(0.05))
              .rule(AlertRule.unlabelled().above(0.2))
              .featureLog(FEATURES) // staleness needs the lookups
              .retention(Duration.ofDays(400))
              .alertTo(pager)
              .alertTo(AlertSink.toLog()) // what a monitor without a sink does
              .build();
      // endregion
      // region schedule
      scheduler
          .schedule("monitoring")
          .every(Duration.ofHours(1))
          .run(firing -> monitor.evaluate().size() + " reports");
      // endregion
      for (int i = 0; i < 100; i++) {
        boolean late = i % 3 == 0;
        double[] output = {late ? 0.6 : 0.4};
        monitor.predicted(
            new Prediction(
                "p" + i,
                "flight-delay",
                0,
                from.plusSeconds(i),
                SIGNATURE,
                new double[] {i % 2},
                output));
        monitor.outcome("p" + i, late);
      }
      now.set(to.plus(Duration.ofDays(2)));
      // region silence
      monitor.silence("auc", until, "the labels of the strike are missing");
      // endregion
      monitor.evaluate();
      // region performance
      PerformanceReport report = monitor.performance(from, to);
      Interval auc = report.overall().intervals().get("auc"); // 95 %
      report.byVersion().forEach((version, of) -> System.out.println(version + " " + of.auc()));
      report.byArm().forEach((arm, of) -> System.out.println(arm + " " + of.auc()));
      report.bySegment().get("carrier").forEach((carrier, of) -> System.out.println(carrier + of));
      List<WindowMetric> line = monitor.metricHistory("auc"); // of all windows that were evaluated
      // endregion
      assertThat(auc).as("all are in the right order: nothing varies").isNull();
      assertThat(report.overall().auc()).isEqualTo(1);
      assertThat(line).extracting(WindowMetric::value).containsExactly(1.0);
      assertThat(posts).hasSize(1);
      assertThat(posts.get(0)).contains("\"rule\":\"predictions\"", "predictions is 100");
      scheduler.close();
    }
  }
}
