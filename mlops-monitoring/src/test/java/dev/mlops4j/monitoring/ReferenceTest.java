package dev.mlops4j.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.Schema;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.profile.ProfileSeries;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReferenceTest {

  private static final Signature SIGNATURE =
      new Signature(
          List.of(
              Input.numeric("constant"),
              Input.numeric("empty"),
              Input.numeric("absent"),
              Input.categorical("secret", List.of("a"))),
          Signature.Output.binary("late"));

  /** Weeks of this many rows each. */
  private static ProfileSeries weeks(int... rows) {
    DatasetBuilder builder =
        Dataset.builder(
            Schema.of(
                List.of(
                    new Field("constant", ColumnType.FLOAT64, false, false),
                    new Field("empty", ColumnType.FLOAT64, false, false),
                    new Field("secret", ColumnType.STRING, false, true),
                    new Field("late", ColumnType.BOOLEAN, false, false),
                    new Field("asked_at", ColumnType.TIMESTAMP, false, false),
                    new Field("prediction", ColumnType.FLOAT64, false, false))));
    Random random = new Random(1);
    for (int week = 0; week < rows.length; week++) {
      for (int row = 0; row < rows[week]; row++) {
        Instant at = TestData.TRAINING.plus(TestData.WEEK.multipliedBy(week)).plusSeconds(row);
        builder.add(4.5, null, "a", random.nextInt(4) == 0, at, random.nextDouble() / 2);
      }
    }
    return ProfileSeries.byWeek(builder.build(), "asked_at");
  }

  private static int[] times(int count, int rows) {
    int[] all = new int[count];
    Arrays.fill(all, rows);
    return all;
  }

  private static Period period(Reference reference, long number, int rows, double constant) {
    PredictionCounter counter =
        new PredictionCounter(reference, 1, version -> reference.signature());
    for (int i = 0; i < rows; i++) {
      double[] vector = {constant, Double.NaN, 1, 0};
      counter.add(1, vector, new double[] {0.25}, i % 4 == 0 ? "1" : "0");
    }
    return new Period(number, counter.counts());
  }

  @Test
  void aFragmentAtEitherEndIsNoPeriodOfTheReference() {
    assertThat(Reference.of(weeks(49, 100, 100, 10, 100, 100, 49), SIGNATURE).periods())
        .as("fewer than half of the rows of the median week; one in the middle stays")
        .hasSize(5);
    assertThat(Reference.of(weeks(50, 100, 100, 100, 50), SIGNATURE).periods()).hasSize(5);
    assertThat(Reference.of(weeks(100), SIGNATURE).periods()).hasSize(1);
    assertThat(Reference.of(weeks(), SIGNATURE).periods()).isEmpty();
  }

  @Test
  void oneBadColumnNeverStopsTheOthers() {
    Reference reference = Reference.of(weeks(times(12, 60)), SIGNATURE);
    Period window = period(reference, reference.periods().get(11).number() + 1, 60, 7);
    List<Verdict> verdicts =
        Judge.of(reference, Duration.ofDays(7), Judge.ALPHA)
            .verdicts(List.of(window), window.counts(), true);
    assertThat(verdicts).hasSize(7);
    assertThat(verdicts.get(0).status())
        .as("a constant that changed")
        .isEqualTo(Verdict.Status.ALERT);
    assertThat(verdicts.get(1).column()).isEqualTo("empty");
    assertThat(verdicts.get(1).status())
        .as("nothing before, nothing now")
        .isEqualTo(Verdict.Status.OK);
    assertThat(verdicts.get(2).status()).isEqualTo(Verdict.Status.ERROR);
    assertThat(verdicts.get(2).words()).contains("no column \"absent\"");
    assertThat(verdicts.get(3).status()).as("a sensitive column").isEqualTo(Verdict.Status.OK);
    assertThat(verdicts.get(3).aspect()).isEqualTo(Aspect.MISSING);
    assertThat(verdicts.get(4).kind()).isEqualTo(AlertKind.PREDICTION_DRIFT);
    assertThat(verdicts.get(5).status()).isEqualTo(Verdict.Status.OK);
  }

  @Test
  void ofASensitiveFeatureTheMissingShareAloneIsJudged() {
    ProfileSeries weeks = weeks(times(12, 60));
    for (ProfileSeries series : List.of(weeks, ProfileSeries.of(weeks.overall()))) {
      Reference reference = Reference.of(series, SIGNATURE);
      Verdict other = secret(reference, 0, 1);
      assertThat(other.status()).as("another category").isEqualTo(Verdict.Status.OK);
      assertThat(other.windowRows()).isEqualTo(60);
      Verdict missing = secret(reference, 0, Double.NaN);
      assertThat(missing.status()).isEqualTo(Verdict.Status.ALERT);
      assertThat(missing.aspect()).isEqualTo(Aspect.MISSING);
      assertThat(missing.words()).isEqualTo("more values are missing");
      assertThat(missing.windowRows()).isEqualTo(30);
    }
  }

  /** The verdict of a week in which each of these codes comes as often. */
  private static Verdict secret(Reference reference, double... codes) {
    PredictionCounter counter =
        new PredictionCounter(reference, 1, version -> reference.signature());
    for (int i = 0; i < 60; i++) {
      double[] vector = {4.5, Double.NaN, 1, codes[i % codes.length]};
      counter.add(1, vector, new double[] {0.25}, null);
    }
    return Judge.of(reference, Duration.ofDays(7), Judge.ALPHA)
        .verdicts(List.of(new Period(3_000, counter.counts())), counter.counts(), false)
        .get(3);
  }

  @Test
  void aConstantThatStaysIsQuiet() {
    Reference reference = Reference.of(weeks(times(12, 60)), SIGNATURE);
    Period window = period(reference, reference.periods().get(11).number() + 1, 60, 4.5);
    List<Verdict> verdicts =
        Judge.of(reference, Duration.ofDays(7), Judge.ALPHA)
            .verdicts(List.of(window), window.counts(), true);
    assertThat(verdicts.get(0).status()).isEqualTo(Verdict.Status.OK);
  }

  @Test
  void tooFewPeriodsAreNotEnoughData() {
    Reference reference = Reference.of(weeks(times(9, 60)), SIGNATURE);
    long next = reference.periods().get(8).number() + 1;
    List<Period> window = new ArrayList<>();
    PeriodCounts sum = new PeriodCounts(reference.columns());
    for (int i = 0; i < 5; i++) {
      window.add(period(reference, next + i, 60, 7));
      sum.add(window.get(i).counts());
    }
    Verdict verdict =
        Judge.of(reference, Duration.ofDays(7), Judge.ALPHA).verdicts(window, sum, true).get(0);
    assertThat(verdict.status()).isEqualTo(Verdict.Status.NOT_ENOUGH_DATA);
    assertThat(verdict.words()).contains("the reference has 9 periods, this takes 10");
  }

  @Test
  void windowsOfAnotherLengthThanTheReferencesAreNotJudged() {
    Reference reference = Reference.of(weeks(times(12, 60)), SIGNATURE);
    Period window = period(reference, 3000, 60, 7);
    Verdict verdict =
        Judge.of(reference, Duration.ofDays(1), Judge.ALPHA)
            .verdicts(List.of(window), window.counts(), true)
            .get(0);
    assertThat(verdict.status()).isEqualTo(Verdict.Status.NOT_ENOUGH_DATA);
    assertThat(verdict.words()).contains("periods of PT168H", "set window(PT168H)");
  }

  @Test
  void columnsNotYetDueCountAsIfTheyWereFine() {
    ColumnTest test =
        new ColumnTest(
            ReferenceColumn.outcome("x", AlertKind.FEATURE_DRIFT, ReferenceColumn.Shape.SHARE),
            List.of(new ColumnTest.AspectTest(Aspect.SHARE, null, 0.4, 0.02, 0)),
            100,
            100,
            "",
            false);
    assertThat(ColumnTest.verdicts(List.of(test), 0.05, 0).get(0).q()).isEqualTo(0.02);
    Verdict early = ColumnTest.verdicts(List.of(test), 0.05, 2).get(0);
    assertThat(early.q()).isEqualTo(0.06);
    assertThat(early.isAlert()).isFalse();
  }

  @Test
  void whatWandersSlowlyIsNotCalledQuiet() {
    ColumnTest.AspectTest wandering =
        new ColumnTest.AspectTest(Aspect.POSITION, null, 0.4, 0.5, PeriodTest.MAX_RHO);
    ColumnTest test =
        new ColumnTest(
            ReferenceColumn.outcome(
                "temperature", AlertKind.FEATURE_DRIFT, ReferenceColumn.Shape.SHARE),
            List.of(wandering),
            100,
            100,
            "",
            false);
    Verdict verdict = ColumnTest.verdicts(List.of(test), 0.05, 0).get(0);
    assertThat(verdict.status()).isEqualTo(Verdict.Status.NOT_ENOUGH_DATA);
    assertThat(verdict.words()).startsWith("it wanders slowly");
  }

  @Test
  void countsComeBackFromTheirBytesAndAddUp() {
    Reference reference = Reference.of(weeks(times(12, 60)), SIGNATURE);
    PeriodCounts counts = period(reference, 1, 50, 7).counts();
    PeriodCounts back = PeriodCounts.read(counts.toBytes(), reference.columns()).orElseThrow();
    assertThat(back.toBytes()).isEqualTo(counts.toBytes());
    back.add(counts);
    assertThat(back.rows).isEqualTo(100);
    assertThat(back.labelled()).isEqualTo(100);
    assertThat(back.labels()).hasSize(100);
    assertThat(back.columns[0].present()).isEqualTo(100);
  }

  @Test
  void countsThatDoNotFitAreNotRead() {
    Reference reference = Reference.of(weeks(times(12, 60)), SIGNATURE);
    byte[] bytes = period(reference, 1, 50, 7).counts().toBytes();
    byte[] later = bytes.clone();
    later[0]++;
    assertThat(PeriodCounts.read(later, reference.columns())).isEmpty();
    assertThat(PeriodCounts.read(Arrays.copyOf(bytes, bytes.length - 1), reference.columns()))
        .isEmpty();
    assertThat(PeriodCounts.read(bytes, reference.columns().subList(0, 3))).isEmpty();
  }

  @Test
  void outcomesOfAnotherTaskCountAsNone() {
    Reference reference = Reference.of(weeks(times(12, 60)), SIGNATURE);
    PredictionCounter counter =
        new PredictionCounter(reference, 1, version -> reference.signature());
    counter.add(1, new double[] {1, 2, 3, 0}, new double[] {0.5}, "cancelled");
    assertThat(counter.counts().labelled()).isZero();
  }

  @Test
  void classesAndNumbersAreJudgedToo() {
    for (Signature.Output output :
        List.of(
            Signature.Output.multiclass("late", List.of("false", "true")),
            Signature.Output.regression("late"))) {
      boolean classes = output.task() == Signature.Task.MULTICLASS;
      Signature signature = new Signature(List.of(Input.numeric("constant")), output);
      DatasetBuilder builder =
          Dataset.builder(
              Schema.of(
                  List.of(
                      new Field("constant", ColumnType.FLOAT64, false, false),
                      new Field(
                          "late", classes ? ColumnType.STRING : ColumnType.FLOAT64, false, false),
                      new Field("asked_at", ColumnType.TIMESTAMP, false, false),
                      new Field(
                          "prediction",
                          classes ? ColumnType.STRING : ColumnType.FLOAT64,
                          false,
                          false))));
      Random random = new Random(3);
      for (int i = 0; i < 12 * 60; i++) {
        boolean yes = random.nextBoolean();
        Object value = classes ? String.valueOf(yes) : (Object) random.nextDouble();
        Instant at = TestData.TRAINING.plus(TestData.WEEK.multipliedBy(i / 60)).plusSeconds(i);
        builder.add(1.0, value, at, value);
      }
      Reference reference =
          Reference.of(ProfileSeries.byWeek(builder.build(), "asked_at"), signature);
      PredictionCounter counter = new PredictionCounter(reference, 1, version -> signature);
      for (int i = 0; i < 60; i++) {
        double[] predicted = classes ? new double[] {0.1, 0.9} : new double[] {9};
        counter.add(1, new double[] {1}, predicted, classes ? "true" : "9");
      }
      Period window = new Period(reference.periods().get(11).number() + 1, counter.counts());
      List<Verdict> verdicts =
          Judge.of(reference, Duration.ofDays(7), Judge.ALPHA)
              .verdicts(List.of(window), window.counts(), true);
      assertThat(verdicts).hasSize(3);
      assertThat(verdicts.get(0).isAlert()).isFalse();
      assertThat(verdicts.get(1).isAlert()).as("%s prediction", output).isTrue();
      assertThat(verdicts.get(2).isAlert()).as("%s label", output).isTrue();
    }
  }

  @Test
  void weeksAreNumberedFromAMondayAlsoBeforeTheEpoch() {
    Periods weeks = Periods.of(Duration.ofDays(7));
    assertThat(weeks.start(weeks.numberOf(Instant.parse("1969-12-31T23:59:59Z"))))
        .isEqualTo("1969-12-29T00:00:00Z");
    assertThat(weeks.start(weeks.numberOf(Instant.parse("2013-07-01T00:00:00Z"))))
        .isEqualTo("2013-07-01T00:00:00Z");
    assertThat(weeks.start(weeks.numberOf(Instant.parse("2013-06-30T23:59:59.999999Z"))))
        .isEqualTo("2013-06-24T00:00:00Z");
    assertThat(weeks.length()).isEqualTo(Duration.ofDays(7));
  }
}
