package dev.mlops4j.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Schema;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.monitoring.TestData.Clock;
import dev.mlops4j.profile.DatasetProfile;
import dev.mlops4j.profile.ProfileSeries;
import dev.mlops4j.profile.SegmentedProfile;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
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
    ProfileSeries series = ProfileSeries.of(numbers(new Random(1), 50));
    ProfileSeries.Window window =
        new ProfileSeries.Window(TestData.SERVING, TestData.SERVING.plus(TestData.WEEK), profile);
    SegmentedProfile segments = SegmentedProfile.of(keyed(3, 0), "key");
    DriftReport report = DriftReport.between(profile, profile);
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> ProfileDrift.against(series, List.of(window), rate),
            () -> ProfileDrift.sincePrevious(series, window, window, rate),
            () -> ProfileDrift.bySegment(segments, segments, rate),
            () -> ReferenceCheck.of(series, rate, 1),
            () -> ReferenceCheck.of(TestData.modelPackage(series), rate, 1),
            () -> report.withFalseAlarmRate(rate))) {
      assertThatThrownBy(call)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("falseAlarmRate(" + rate + ") is not accepted: above 0, at most 0.5");
    }
  }

  /** Of a reading from week to week: a p-value that is an alert at one rate and not at another. */
  @Test
  void aChangeSinceTheWindowBeforeIsJudgedByTheStatedRate() {
    Random random = new Random(3);
    ProfileSeries reference =
        ProfileSeries.byWeek(
            TestData.dataset(random, 26, week -> 0.3 * random.nextGaussian()), "asked_at");
    ProfileSeries.Window before = week(reference, 26, 0);
    ProfileSeries.Window after = week(reference, 27, 1.2);
    List<Verdict> verdicts = ProfileDrift.sincePrevious(reference, before, after);
    double q = size(verdicts).q();
    assertThat(q).isBetween(1e-6, 0.2);
    assertThat(size(ProfileDrift.sincePrevious(reference, before, after, 1.01 * q)).isAlert())
        .isTrue();
    assertThat(size(ProfileDrift.sincePrevious(reference, before, after, 0.99 * q)).isAlert())
        .isFalse();
    assertThat(ProfileDrift.sincePrevious(reference, before, after, 0.05)).isEqualTo(verdicts);
  }

  private static ProfileSeries.Window week(ProfileSeries reference, int week, double level) {
    Instant start = TestData.TRAINING.plus(TestData.WEEK.multipliedBy(week));
    DatasetProfile profile =
        DatasetProfile.of(
            TestData.dataset(new Random(week), 1, none -> level), reference.overall());
    return new ProfileSeries.Window(start, start.plus(TestData.WEEK), profile);
  }

  private static Verdict size(List<Verdict> verdicts) {
    return verdicts.stream().filter(v -> v.column().equals("size")).findFirst().orElseThrow();
  }

  /** Of the key a, x is by so much greater. */
  private static Dataset keyed(long seed, double greater) {
    Schema schema =
        Schema.builder()
            .required("key", ColumnType.STRING)
            .required("x", ColumnType.FLOAT64)
            .required("y", ColumnType.FLOAT64)
            .build();
    Random random = new Random(seed);
    DatasetBuilder rows = Dataset.builder(schema);
    for (int i = 0; i < 600; i++) {
      boolean first = i % 3 == 0;
      rows.add(
          first ? "a" : "b", random.nextGaussian() + (first ? greater : 0), random.nextGaussian());
    }
    return rows.build();
  }

  @Test
  void segmentsAreJudgedByTheStatedRate() {
    DatasetProfile bins = ProfileSeries.of(keyed(1, 0)).overall();
    SegmentedProfile reference = SegmentedProfile.of(keyed(1, 0), "key", bins);
    SegmentedProfile current = SegmentedProfile.of(keyed(2, 0.45), "key", bins);
    Map<String, List<Verdict>> verdicts = ProfileDrift.bySegment(reference, current);
    double q = verdicts.get("a").get(0).q();
    assertThat(q).isBetween(1e-6, 0.2);
    assertThat(ProfileDrift.bySegment(reference, current, 1.01 * q).get("a").get(0).isAlert())
        .isTrue();
    assertThat(ProfileDrift.bySegment(reference, current, 0.99 * q).get("a").get(0).isAlert())
        .isFalse();
    assertThat(ProfileDrift.bySegment(reference, current, 0.05)).isEqualTo(verdicts);
  }

  /** The columns and the segments, each at the rate, with the words that belong to it. */
  @Test
  void aReportStatesItsRateAfterwardsAndKeepsItsOrder() {
    DriftReport report = DriftReport.bySegment(keyed(1, 0), keyed(2, 0.45), "key", 2);
    double whole = report.column("x").orElseThrow().verdict().q();
    double segment = inSegment(report).q();
    assertThat(whole).isBetween(1e-6, 0.4);
    assertThat(segment).isBetween(1e-6, 0.2).isNotEqualTo(whole);
    for (double rate : new double[] {0.99 * whole, 1.01 * whole, 0.99 * segment, 1.01 * segment}) {
      DriftReport other = report.withFalseAlarmRate(rate);
      Verdict found = other.column("x").orElseThrow().verdict();
      assertThat(found.isAlert()).isEqualTo(whole <= rate);
      assertThat(found.words().startsWith("no ")).isEqualTo(whole > rate);
      assertThat(inSegment(other).isAlert()).isEqualTo(segment <= rate);
      assertThat(other.segments().orElseThrow().alerts()).hasSize(segment <= rate ? 1 : 0);
      assertThat(other.withFalseAlarmRate(0.05).toJson()).isEqualTo(report.toJson());
    }
    Map<String, Double> importance = Map.of("y", 1.0);
    DriftReport ranked = report.rankedBy(importance).withFalseAlarmRate(1e-9);
    assertThat(ranked.columns().get(0).name()).isEqualTo("y");
    assertThat(ranked.toJson())
        .isEqualTo(report.withFalseAlarmRate(1e-9).rankedBy(importance).toJson());
  }

  private static Verdict inSegment(DriftReport report) {
    return report.segments().orElseThrow().compared().stream()
        .filter(segment -> segment.key().equals("a"))
        .flatMap(segment -> segment.verdicts().stream())
        .filter(verdict -> verdict.column().equals("x"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aReferenceIsCheckedAtTheStatedRate() {
    ProfileSeries reference = TestData.byWeek(7);
    ModelPackage modelPackage = TestData.modelPackage(reference);
    int often = ReferenceCheck.of(reference, 0.5, 1).get(0).alerts().size();
    int seldom = ReferenceCheck.of(reference, 1e-4, 1).get(0).alerts().size();
    assertThat(often).isGreaterThan(seldom);
    assertThat(ReferenceCheck.of(modelPackage, 0.5, 1).get(0).alerts())
        .hasSizeGreaterThan(ReferenceCheck.of(modelPackage, 1e-4, 1).get(0).alerts().size());
    assertThat(ReferenceCheck.of(reference, 0.05, 1, 4))
        .isEqualTo(ReferenceCheck.of(reference, 1, 4));
    assertThat(ReferenceCheck.of(modelPackage, 0.05, 1))
        .isEqualTo(ReferenceCheck.of(modelPackage, 1));
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
