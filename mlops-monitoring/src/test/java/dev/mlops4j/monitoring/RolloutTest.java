package dev.mlops4j.monitoring;

import static dev.mlops4j.monitoring.Served.week;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.Signature.Output;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions with other features, in one window or one span. */
class RolloutTest {

  /** Version 1 has no colour; version 2 has; of version 3 nothing is known. */
  private static final References REFERENCES =
      new References() {
        private final Reference of = Reference.of(TestData.byWeek(7), TestData.SIGNATURE);

        @Override
        public Reference of(int version) {
          if (version == 2) {
            return of;
          }
          throw new MonitoringException("version " + version + " has no package");
        }

        @Override
        public Signature signature(int version) {
          return version == 1
              ? new Signature(List.of(Input.numeric("size")), Output.binary("late"))
              : of(version).signature();
        }
      };

  @TempDir Path directory;

  private static Verdict colour(WindowReport report) {
    return report.verdict("colour").orElseThrow();
  }

  @Test
  void aFeatureThatANewVersionAddsIsJudgedOnceHalfOfASpanHasIt() {
    try (Served served = new Served(directory, REFERENCES, b -> b.spans(4))) {
      served.serve(0, 0, 150, 1);
      served.serve(1, 0, 150, 1);
      served.serve(2, 0, 150, 1);
      served.serve(3, 0, 600, 2);
      served.serve(4, 0, 600, 2);
      List<WindowReport> reports = served.evaluate(4);
      assertThat(reports).hasSize(2).allMatch(report -> report.version() == 2);
      assertThat(reports).allMatch(report -> report.alerts().isEmpty());
      assertThat(colour(reports.get(0)).status()).isEqualTo(Verdict.Status.NOT_ENOUGH_DATA);
      assertThat(colour(reports.get(1)).status()).isEqualTo(Verdict.Status.OK);
      assertThat(colour(reports.get(1)).windowRows()).isEqualTo(2 * 601);
      assertThat(reports.get(1).verdict("size").orElseThrow().windowRows())
          .isEqualTo(2 * 151 + 2 * 601);
    }
  }

  @Test
  void aCanaryThatDroppedAFeatureHasNoMissingValues() {
    try (Served served = new Served(directory, REFERENCES, b -> b.spans(1))) {
      served.serve(0, 0, 300, 2);
      served.serve(0, 0, 60, 1);
      WindowReport report = served.evaluate(0).get(0);
      assertThat(report.versions()).containsExactly(1, 2);
      assertThat(report.alerts()).isEmpty();
      assertThat(colour(report).windowRows()).isEqualTo(301);
    }
  }

  @Test
  void onePredictionOfAVersionWithoutAPackageBlindsNoWindow() {
    try (Served served = new Served(directory, REFERENCES, b -> b.spans(1))) {
      served.serve(0, 0, 300, 2);
      served.serve(new TestData.Row(week(0), 0, 0, 0.25, true), 3);
      WindowReport report = served.evaluate(0).get(0);
      assertThat(report.versions()).containsExactly(2, 3);
      assertThat(report.verdicts()).allMatch(verdict -> verdict.status() == Verdict.Status.OK);
      assertThat(report.performance().rows()).isEqualTo(302);
      assertThat(report.performance().labelled()).isEqualTo(302);
      assertThat(colour(report).windowRows()).isEqualTo(301);
    }
  }
}
