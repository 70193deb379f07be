package dev.mlops4j.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Schema;
import dev.mlops4j.monitoring.TestData.Clock;
import dev.mlops4j.profile.DatasetProfile;
import dev.mlops4j.profile.ProfileSeries;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rate of false alarms that somebody states. */
class ConfiguredRateTest {

  @TempDir Path directory;

  private static Dataset numbers(Random random, int rows) {
    DatasetBuilder builder =
        Dataset.builder(Schema.builder().required("x", ColumnType.FLOAT64).build());
    for (int i = 0; i < rows; i++) {
      builder.add(random.nextGaussian());
    }
    return builder.build();
  }

  /** Two samples of 50 differ by more than what is too small to matter as a rule. */
  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.05, 0.3})
  void noMoreThanTheStatedShareOfListsHasAnAlert(double rate) {
    Random random = new Random(11);
    int draws = 2_000;
    int alerts = 0;
    for (int i = 0; i < draws; i++) {
      DatasetProfile reference = ProfileSeries.of(numbers(random, 50)).overall();
      DatasetProfile current = DatasetProfile.of(numbers(random, 50), reference);
      List<Verdict> verdicts = ProfileDrift.between(reference, current, rate);
      alerts += verdicts.stream().anyMatch(Verdict::isAlert) ? 1 : 0;
    }
    double deviation = Math.sqrt(rate * (1 - rate) / draws);
    assertThat((double) alerts / draws).isBetween(0.3 * rate, rate + 3 * deviation);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.1, 0.51, Double.NaN})
  void aRateThatIsNoneIsRefused(double rate) {
    DatasetProfile profile = DatasetProfile.of(numbers(new Random(1), 50));
    assertThatThrownBy(() -> ProfileDrift.between(profile, profile, rate))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("falseAlarmRate(" + rate + ") is not accepted: above 0, at most 0.5");
    assertThatThrownBy(() -> Monitor.of(TestData.MODEL, TestData.LATE).falseAlarmRate(rate).build())
        .isInstanceOf(MonitorConfigurationException.class)
        .hasMessageContaining("falseAlarmRate(" + rate + ") is not accepted");
  }

  /** Sizes lie four deviations of the weeks above the reference's. */
  @Test
  void aMonitorJudgesByTheRateThatItIsTold() {
    assertThat(drifted(0.05)).containsExactly("size");
    assertThat(drifted(1e-9)).isEmpty();
  }

  private List<String> drifted(double rate) {
    try (Watched watched =
        new Watched(
            directory.resolve("rate" + rate),
            new Clock(),
            builder -> builder.window(TestData.WEEK).falseAlarmRate(rate))) {
      Random random = new Random(5);
      for (int i = 0; i < TestData.ROWS; i++) {
        watched.monitor.predicted(
            TestData.row(random, TestData.SERVING, 1.2).prediction("p" + i, 1));
      }
      return watched.evaluateAt(TestData.SERVING.plus(TestData.WEEK)).stream()
          .flatMap(report -> report.alerts().stream())
          .map(Verdict::column)
          .toList();
    }
  }
}
