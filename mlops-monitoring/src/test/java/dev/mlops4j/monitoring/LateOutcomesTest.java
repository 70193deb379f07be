package dev.mlops4j.monitoring;

import static dev.mlops4j.monitoring.Watched.day;
import static dev.mlops4j.monitoring.Watched.due;
import static dev.mlops4j.monitoring.Watched.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.monitoring.TestData.Clock;
import dev.mlops4j.workspace.Area;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Outcomes after the grace, and rows that are removed. */
class LateOutcomesTest {

  @TempDir Path directory;

  private final Clock clock = new Clock();
  private Watched watched;

  private void watch(Consumer<MonitorBuilder<Object, Boolean>> settings) {
    watched = new Watched(directory, clock, settings);
  }

  @AfterEach
  void close() {
    watched.close();
  }

  private List<String> recorded() {
    List<String> ids = new ArrayList<>();
    watched.monitor.predictions(
        Instant.EPOCH, Instant.parse("2100-01-01T00:00:00Z"), row -> ids.add(row.id()));
    return ids;
  }

  private long rows(String table) {
    return watched
        .workspace
        .database(Area.LEDGER)
        .read(tx -> tx.first("SELECT COUNT(*) FROM " + table, row -> row.getLong(1)))
        .orElseThrow();
  }

  @Test
  void outcomesAfterTheGraceRestateTheirWindowAndAlertNobodyAgain() {
    watch(builder -> builder.rule(AlertRule.performance("accuracy").below(0.7)));
    watched.serve(0, 400, 0.6);
    for (int i = 400; i < 500; i++) {
      watched.ask(0, i, 0.9, 1);
    }
    assertThat(watched.evaluateAt(due(0))).extracting(WindowReport::restated).containsOnly(false);
    assertThat(watched.heard()).hasSize(1);
    clock.set(day(40));
    for (int i = 400; i < 500; i++) {
      watched.monitor.outcome(id(0, i), true);
    }
    List<WindowReport> again = watched.evaluateAt(day(40));
    assertThat(again).hasSize(1);
    WindowReport restated = again.get(0);
    assertThat(restated.restated()).isTrue();
    assertThat(restated.start()).isEqualTo(day(0));
    assertThat(restated.performance().labelled()).isEqualTo(500);
    assertThat(restated.performance().coverage()).isEqualTo(1);
    assertThat(restated.performance().accuracy()).isEqualTo(0.68);
    assertThat(restated.heading()).contains("restated: 500 predictions, 500 with outcome");
    assertThat(watched.monitor.metricHistory("accuracy"))
        .extracting(WindowMetric::value)
        .containsExactly(0.68);
    assertThat(watched.heard()).isEmpty();
    assertThat(watched.evaluateAt(day(41))).as("nothing has changed since").isEmpty();
  }

  @Test
  void aCorrectionAndALatePredictionRestateTheirWindowsAsWell() {
    watch(builder -> {});
    watched.serve(0, 100, 1);
    watched.serve(1, 100, 1);
    watched.serve(2, 100, 1);
    watched.evaluateAt(due(2));
    watched.monitor.outcome(id(1, 0), false, day(5));
    watched.ask(2, 200, 0.9, 1);
    List<WindowReport> again = watched.evaluateAt(day(5));
    assertThat(again).extracting(WindowReport::start).containsExactly(day(1), day(2));
    assertThat(again.get(0).performance().accuracy()).isEqualTo(0.99);
    assertThat(again.get(1).performance().rows()).isEqualTo(101);
  }

  /** What was said of one prediction: true at ten, false at eleven, true once more at twelve. */
  @Test
  void theOutcomeKnownLastCountsInWhateverOrderItIsSaid() {
    int[][] orders = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    watch(builder -> {});
    for (boolean together : new boolean[] {true, false}) {
      for (int i = 0; i < orders.length; i++) {
        String id = id(0, i + (together ? 0 : orders.length));
        watched.ask(0, i + (together ? 0 : orders.length), 0.9, 1);
        for (int said : orders[i]) {
          watched.monitor.outcome(id, said != 1, day(0).plus(Duration.ofHours(10 + said)));
          if (!together) {
            watched.monitor.flush();
          }
        }
      }
    }
    watched.monitor.flush();
    List<Boolean> outcomes = new ArrayList<>();
    watched.monitor.predictions(day(0), day(1), row -> outcomes.add(row.outcome().orElseThrow()));
    assertThat(outcomes).hasSize(12).containsOnly(true);
  }

  @Test
  void anOutcomeSaidAgainChangesNoWindowAndIsNoNewLabel() {
    watch(builder -> {});
    watched.serve(0, 100, 1);
    watched.evaluateAt(due(0));
    clock.set(day(3));
    watched.monitor.outcome(id(0, 0), true);
    watched.monitor.flush();
    assertThat(rows("outcome")).isEqualTo(100);
    assertThat(watched.evaluateAt(day(3))).isEmpty();
  }

  @Test
  void windowsInAnyOrderOfOutcomesAreThoseOfOutcomesInTime() {
    watch(builder -> {});
    Random random = new Random(3);
    List<Integer> late = new ArrayList<>();
    for (int day = 0; day < 3; day++) {
      for (int i = 0; i < 90; i++) {
        watched.ask(day, i, random.nextDouble(), 1);
        if (random.nextBoolean()) {
          watched.monitor.outcome(id(day, i), i % 3 == 0, day(day));
        } else {
          late.add(day * 1000 + i);
        }
      }
    }
    watched.evaluateAt(due(2));
    Collections.shuffle(late, random);
    for (int next = 0; next < late.size(); next++) {
      int day = late.get(next) / 1000;
      int number = late.get(next) % 1000;
      watched.monitor.outcome(id(day, number), number % 3 == 0, day(day));
      if (next % 20 == 0) {
        watched.evaluateAt(due(2).plusSeconds(next));
      }
    }
    watched.evaluateAt(day(9));
    for (int day = 0; day < 3; day++) {
      double asked = watched.monitor.performance(day(day), day(day + 1)).overall().auc();
      Instant start = day(day);
      assertThat(watched.monitor.metricHistory("auc"))
          .filteredOn(metric -> metric.start().equals(start))
          .extracting(WindowMetric::value)
          .containsExactly(asked);
      assertThat(watched.monitor.metricHistory("unlabelled_share").get(day).value()).isZero();
    }
  }

  @Test
  void outcomesOfUnknownIdsAreCountedAndChangeNothing() {
    watch(builder -> {});
    watched.serve(0, 100, 1);
    watched.evaluateAt(due(0));
    watched.monitor.outcome("nobody", true);
    assertThat(watched.evaluateAt(day(3))).isEmpty();
    assertThat(watched.monitor.outcomesWithoutPrediction()).isEqualTo(1);
  }

  @Test
  void whatIsOlderThanTheRetentionIsRemovedAndItsMetricsStay() {
    watch(builder -> builder.retention(Duration.ofDays(4)));
    for (int day = 0; day < 8; day++) {
      watched.serve(day, 50, 0.8);
      watched.evaluateAt(due(day));
    }
    watched.monitor.outcome("never", true, day(0));
    watched.serve(8, 50, 0.8);
    watched.evaluateAt(due(8));
    assertThat(recorded()).hasSize(4 * 50).doesNotContain(id(3, 0)).contains(id(5, 0));
    assertThat(rows("outcome")).isEqualTo(4 * 50);
    assertThat(watched.monitor.outcomesWithoutPrediction()).isZero();
    assertThat(watched.monitor.metricHistory("accuracy"))
        .extracting(WindowMetric::value)
        .hasSize(9)
        .containsOnly(0.8);
    assertThat(rows("period_counts")).isEqualTo(9);
    watched.monitor.outcome(id(0, 0), true);
    assertThat(watched.evaluateAt(due(8))).as("its window stays as it was").isEmpty();
  }

  @Test
  void ofWindowsBeyondTheRetentionNoOutputIsKeptAndReportsSayTheSame() throws IOException {
    watch(builder -> builder.rule(AlertRule.performance("auc").below(0.1)));
    for (int day = 0; day < 9; day++) {
      watched.serve(day, 50, 0.8 - day / 20.0);
      watched.evaluateAt(due(day));
    }
    JsonNode before = new ObjectMapper().readTree(watched.monitor.report(day(0), day(5)).toJson());
    long bytes = bytesOfCounts();
    watched.close();
    watch(
        builder ->
            builder.rule(AlertRule.performance("auc").below(0.1)).retention(Duration.ofDays(4)));
    watched.serve(9, 0, 1);
    watched.ask(9, 1, 0.9, 1);
    assertThat(watched.evaluateAt(due(9))).hasSize(1);
    assertThat(recorded()).hasSize(3 * 50 + 1);
    long pair = 2 * Double.BYTES;
    long unlabelled = bytes / 9 - 50 * pair;
    assertThat(bytesOfCounts()).isEqualTo(bytes - 6 * 50 * pair + unlabelled);
    assertThat(new ObjectMapper().readTree(watched.monitor.report(day(0), day(5)).toJson()))
        .isEqualTo(before);
  }

  private long bytesOfCounts() {
    return watched
        .workspace
        .database(Area.LEDGER)
        .read(
            tx -> tx.first("SELECT SUM(LENGTH(counts)) FROM period_counts", row -> row.getLong(1)))
        .orElseThrow();
  }

  @Test
  void aPredictionOlderThanWhatIsRemovedIsDroppedAndItsWindowStays() {
    watch(builder -> builder.retention(Duration.ofDays(4)));
    for (int day = 0; day < 8; day++) {
      watched.serve(day, 50, 0.8);
      watched.evaluateAt(due(day));
    }
    assertThat(recorded()).doesNotContain(id(2, 0));
    watched.ask(2, 60, 0.1, 1);
    watched.ask(2, 60, 0.1, 1);
    watched.ask(7, 60, 0.1, 1);
    assertThat(watched.evaluateAt(due(7)))
        .extracting(WindowReport::start)
        .as("only what is kept changes")
        .containsExactly(day(7));
    watched.monitor.flush();
    assertThat(watched.monitor.droppedCount()).isEqualTo(2);
    assertThat(recorded()).doesNotContain(id(2, 60)).contains(id(7, 60));
    assertThat(watched.monitor.metricHistory("accuracy").get(2).value()).isEqualTo(0.8);
    assertThat(watched.monitor.metricHistory("predictions").get(2).value()).isEqualTo(50);
    assertThat(rows("period_counts")).isEqualTo(8);
    assertThat(rows("changed_window")).isZero();
  }

  @Test
  void whatComesTwiceRestatesNothing() {
    watch(builder -> {});
    watched.serve(0, 100, 1);
    watched.evaluateAt(due(0));
    watched.serve(0, 100, 1);
    watched.monitor.flush();
    assertThat(rows("changed_window")).isZero();
    assertThat(watched.evaluateAt(day(3))).isEmpty();
    watched.ask(0, 100, 0.9, 1);
    watched.ask(0, 100, 0.9, 1);
    watched.monitor.outcome(id(0, 0), false, day(1));
    assertThat(watched.evaluateAt(day(4))).hasSize(1);
  }

  @Test
  void whatIsNotEvaluatedYetIsNotRemoved() {
    watch(builder -> builder.retention(Duration.ofDays(4)));
    for (int day = 0; day < 8; day++) {
      watched.serve(day, 50, 0.8);
    }
    clock.set(due(20));
    watched.monitor.flush();
    assertThat(recorded()).hasSize(8 * 50);
    assertThat(watched.evaluateAt(due(20))).hasSizeGreaterThanOrEqualTo(8);
    assertThat(watched.monitor.metricHistory("accuracy")).hasSizeGreaterThanOrEqualTo(8);
    assertThat(recorded()).isEmpty();
  }

  @Test
  void aRetentionTooShortForTheSpansIsRefused() {
    watch(builder -> {});
    assertThatThrownBy(
            () ->
                Monitor.of(TestData.MODEL, TestData.LATE)
                    .in(watched.workspace)
                    .retention(Duration.ofDays(30))
                    .build())
        .isInstanceOf(MonitorConfigurationException.class)
        .hasMessageContaining("retention(PT720H) is not accepted: at least PT1536H");
  }

  @Test
  void whatIsErasedIsGoneWithItsOutcomesAndTheCountsStay() {
    watch(builder -> {});
    watched.serve(0, 100, 1);
    watched.evaluateAt(due(0));
    watched.monitor.outcome("without prediction", true);
    long erased =
        watched.monitor.erase(List.of(id(0, 7), id(0, 8), "without prediction", "unknown"));
    assertThat(erased).isEqualTo(2);
    assertThat(recorded()).hasSize(98).doesNotContain(id(0, 7), id(0, 8));
    assertThat(rows("outcome")).isEqualTo(98);
    assertThat(watched.monitor.outcomesWithoutPrediction()).isZero();
    assertThat(watched.monitor.metricHistory("rows").get(0).value()).isEqualTo(100);
    assertThat(watched.evaluateAt(day(3))).isEmpty();
  }

  @Test
  void allOfAKeyIsErasedWhoseIdsStartWithIt() {
    watch(builder -> {});
    String[] others = {
      "customer-1/b",
      "customer-17",
      "CUSTOMER-17/a",
      "customer_17/a",
      "x%",
      "x?\ud83d\ude01",
      "y\0b"
    };
    for (String id : others) {
      predict(id);
      watched.monitor.outcome(id, true);
    }
    for (int i = 0; i < 2_500; i++) {
      predict("customer-17/" + i);
      watched.monitor.outcome("customer-17/" + i, false);
    }
    watched.monitor.outcome("customer-17/without prediction", true);
    watched.monitor.failed("customer-17/failed", new IllegalStateException("no model"));
    watched.monitor.failed("customer-1/failed", new IllegalStateException("no model"));

    assertThat(watched.monitor.eraseStartingWith("customer-17/")).isEqualTo(2_500);

    assertThat(recorded()).containsExactlyInAnyOrder(others);
    assertThat(rows("outcome")).isEqualTo(others.length);
    assertThat(rows("failed_request")).isEqualTo(1);
    assertThat(watched.monitor.eraseStartingWith("customer-17/")).isZero();
    assertThat(watched.monitor.eraseStartingWith("%")).isZero();
    assertThat(watched.monitor.eraseStartingWith("x%")).isEqualTo(1);
    assertThat(watched.monitor.eraseStartingWith("y\0c")).isZero();
    assertThat(watched.monitor.eraseStartingWith("y\0")).isEqualTo(1);
    assertThat(watched.monitor.eraseStartingWith("x?\ud83d\ude01")).isEqualTo(1);
    assertThatThrownBy(() -> watched.monitor.eraseStartingWith(""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("every id starts with the empty text");
    assertThatThrownBy(() -> watched.monitor.eraseStartingWith("x\ud83d"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("half of a surrogate pair");
  }

  private void predict(String id) {
    watched.monitor.predicted(
        new Prediction(
            id,
            TestData.MODEL,
            1,
            day(0),
            TestData.SIGNATURE,
            new double[] {0.5, 1},
            new double[] {1}));
  }
}
