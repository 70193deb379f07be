package dev.mlops4j.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Schema;
import dev.mlops4j.profile.DatasetProfile;
import dev.mlops4j.profile.ProfileSeries;
import dev.mlops4j.profile.SegmentedProfile;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileDriftTest {

  private static final Instant MONDAY = Instant.parse("2013-01-07T00:00:00Z");
  private static final Duration WEEK = Duration.ofDays(7);
  private static final int WEEKS = 26;
  private static final int ROWS = 200;

  private static final Schema SCHEMA =
      Schema.builder()
          .required("at", ColumnType.TIMESTAMP)
          .optional("temperature", ColumnType.FLOAT64)
          .optional("count", ColumnType.INT64)
          .optional("carrier", ColumnType.STRING)
          .optional("late", ColumnType.BOOLEAN)
          .optional("passenger", ColumnType.STRING)
          .sensitive("passenger")
          .build();

  /** Temperature rises by half a degree a week, from 20. */
  private static void addWeek(DatasetBuilder builder, Random random, int week, double warmer) {
    double mean = 20 + week * 0.5 + random.nextGaussian() + warmer;
    for (int i = 0; i < ROWS; i++) {
      builder.add(
          MONDAY.plus(WEEK.multipliedBy(week)).plusSeconds(i),
          mean + 3 * random.nextGaussian(),
          (long) random.nextInt(5),
          random.nextInt(3) == 0 ? "AA" : "DL",
          random.nextInt(4) == 0,
          random.nextInt(10) == 0 ? null : "somebody");
    }
  }

  private static ProfileSeries training() {
    DatasetBuilder builder = Dataset.builder(SCHEMA);
    Random random = new Random(1);
    for (int week = 0; week < WEEKS; week++) {
      addWeek(builder, random, week, 0);
    }
    return ProfileSeries.byWeek(builder.build(), "at");
  }

  private static ProfileSeries.Window week(ProfileSeries reference, int week, double warmer) {
    DatasetBuilder builder = Dataset.builder(SCHEMA);
    addWeek(builder, new Random(week), week, warmer);
    Instant start = MONDAY.plus(WEEK.multipliedBy(week));
    return new ProfileSeries.Window(
        start, start.plus(WEEK), DatasetProfile.of(builder.build(), reference.overall()));
  }

  private static Verdict of(List<Verdict> verdicts, String column) {
    return verdicts.stream().filter(v -> v.column().equals(column)).findFirst().orElseThrow();
  }

  private static DatasetProfile profile(String type, Object... values) {
    DatasetBuilder builder =
        Dataset.builder(Schema.builder().optional("x", ColumnType.valueOf(type)).build());
    for (int i = 0; i < 100; i++) {
      builder.add(values[i % values.length]);
    }
    return DatasetProfile.of(builder.build());
  }

  @Test
  void whatRisesThroughTheYearIsQuietFromWeekToWeekAndAJumpIsFound() {
    ProfileSeries reference = training();
    ProfileSeries.Window before = week(reference, 26, 0);
    assertThat(ProfileDrift.sincePrevious(reference, before, week(reference, 27, 0)))
        .hasSize(4)
        .noneMatch(Verdict::isAlert);
    List<Verdict> jumped = ProfileDrift.sincePrevious(reference, before, week(reference, 27, -12));
    assertThat(of(jumped, "temperature").isAlert()).isTrue();
    assertThat(of(jumped, "temperature").effect()).isNegative();
    assertThat(of(jumped, "carrier").isAlert()).isFalse();
  }

  @Test
  void windowsAreComparedWithTheWindowsOfTheReference() {
    ProfileSeries reference = training();
    List<Verdict> quiet = ProfileDrift.against(reference, List.of(week(reference, 26, 0)));
    assertThat(quiet)
        .extracting(Verdict::column)
        .containsExactly("temperature", "count", "carrier", "late");
    assertThat(quiet).noneMatch(Verdict::isAlert);
    assertThat(ReferenceCheck.of(reference, 1).get(0).verdicts()).isEqualTo(4 * WEEKS);
  }

  @Test
  void windowsThatAreNoNeighboursAreRefused() {
    ProfileSeries reference = training();
    ProfileSeries.Window first = week(reference, 26, 0);
    ProfileSeries.Window third = week(reference, 28, 0);
    assertThatThrownBy(() -> ProfileDrift.against(reference, List.of()))
        .hasMessage("there is no window to compare");
    assertThatThrownBy(() -> ProfileDrift.against(reference, List.of(first, third)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("does not follow one of its length that ends at 2013-07-15");
    ProfileSeries.Window day =
        new ProfileSeries.Window(first.start(), first.start().plusSeconds(86_400), first.profile());
    ProfileSeries.Window next =
        new ProfileSeries.Window(day.end(), day.end().plusSeconds(86_400), first.profile());
    assertThatThrownBy(() -> ProfileDrift.sincePrevious(reference, day, next))
        .hasMessage("the windows are as long as PT24H, those of the reference PT168H");
    assertThat(ProfileDrift.against(reference, List.of(day)))
        .allMatch(v -> v.status() == Verdict.Status.NOT_ENOUGH_DATA);
  }

  @Test
  void aWindowInOtherBinsOrWithoutAColumnSpoilsThatColumnOnly() {
    ProfileSeries reference = training();
    DatasetBuilder builder = Dataset.builder(SCHEMA);
    addWeek(builder, new Random(3), 26, 0);
    Instant start = MONDAY.plus(WEEK.multipliedBy(26));
    ProfileSeries.Window otherBins =
        new ProfileSeries.Window(start, start.plus(WEEK), DatasetProfile.of(builder.build()));
    List<Verdict> verdicts = ProfileDrift.against(reference, List.of(otherBins));
    assertThat(of(verdicts, "temperature").status()).isEqualTo(Verdict.Status.ERROR);
    assertThat(of(verdicts, "temperature").words()).contains("count the window in the reference's");
    assertThat(of(verdicts, "carrier").status()).isEqualTo(Verdict.Status.OK);
  }

  @Test
  void profilesAreComparedAsTwoSamplesAndEachColumnHasAVerdict() {
    DatasetProfile reference = training().overall();
    DatasetProfile current = week(training(), 40, 0).profile();
    List<Verdict> verdicts = ProfileDrift.between(reference, current);
    assertThat(verdicts).hasSize(6);
    assertThat(of(verdicts, "temperature").isAlert()).isTrue();
    assertThat(of(verdicts, "temperature").aspect()).isEqualTo(Aspect.DISTRIBUTION);
    assertThat(of(verdicts, "count").status()).isEqualTo(Verdict.Status.OK);
    assertThat(of(verdicts, "late").status()).isEqualTo(Verdict.Status.OK);
    assertThat(of(verdicts, "passenger").aspect())
        .as("of a sensitive column the missing share alone")
        .isEqualTo(Aspect.MISSING);
  }

  @Test
  void oddColumnsHaveVerdictsToo() {
    assertThat(only(profile("FLOAT64", 1.0), profile("STRING", "a")).words())
        .isEqualTo("it is x STRING, the reference has x FLOAT64");
    assertThat(only(profile("FLOAT64", 4.5), profile("FLOAT64", 4.5)).status())
        .as("a constant that stays")
        .isEqualTo(Verdict.Status.OK);
    assertThat(only(profile("FLOAT64", 4.5), profile("FLOAT64", 4.6)).isAlert())
        .as("a constant that changes")
        .isTrue();
    Verdict gone = only(profile("FLOAT64", 1.0, 2.0), profile("FLOAT64", (Object) null));
    assertThat(gone.isAlert()).as("all are missing").isTrue();
    assertThat(gone.aspect()).isEqualTo(Aspect.MISSING);
    Verdict notANumber = only(profile("FLOAT64", 1.0, 2.0), profile("FLOAT64", Double.NaN));
    assertThat(notANumber.aspect()).isEqualTo(Aspect.MISSING);
    assertThat(notANumber.isAlert()).isTrue();
    Verdict noText = only(profile("STRING", "a", "b"), profile("STRING", (Object) null));
    assertThat(noText.isAlert()).isTrue();
    Verdict unseen = only(profile("STRING", "a", "b"), profile("STRING", "a", "b", "c"));
    assertThat(unseen.isAlert()).isTrue();
    assertThat(unseen.words()).isEqualTo("category c is more frequent");
    Verdict empty =
        only(DatasetProfile.of(builder().build()), DatasetProfile.of(builder().build()));
    assertThat(empty.status()).isEqualTo(Verdict.Status.NOT_ENOUGH_DATA);
    DatasetProfile infinite =
        profile("FLOAT64", Double.POSITIVE_INFINITY, 1.0, Double.NEGATIVE_INFINITY);
    assertThat(only(infinite, infinite).status()).isEqualTo(Verdict.Status.OK);
  }

  /** Up to 64 distinct numbers are compared by themselves, more of them in bins. */
  @ParameterizedTest
  @ValueSource(ints = {60, 70})
  void infinitiesAreMissingHoweverManyNumbersThereAre(int distinct) {
    Schema schema =
        Schema.builder()
            .required("at", ColumnType.TIMESTAMP)
            .optional("x", ColumnType.FLOAT64)
            .build();
    DatasetBuilder before = Dataset.builder(schema);
    for (int week = 0; week < WEEKS; week++) {
      addNumbers(before, week, distinct, 0);
    }
    ProfileSeries reference = ProfileSeries.byWeek(before.build(), "at");
    DatasetBuilder after = Dataset.builder(schema);
    addNumbers(after, WEEKS, distinct, 10);
    DatasetProfile current = DatasetProfile.of(after.build(), reference.overall());
    Instant start = MONDAY.plus(WEEK.multipliedBy(WEEKS));
    for (Verdict verdict :
        List.of(
            of(ProfileDrift.between(reference.overall(), current), "x"),
            of(
                ProfileDrift.against(
                    reference, List.of(new ProfileSeries.Window(start, start.plus(WEEK), current))),
                "x"))) {
      assertThat(verdict.aspect()).isEqualTo(Aspect.MISSING);
      assertThat(verdict.isAlert()).isTrue();
      assertThat(verdict.effect()).as("Cohen's h of 0 and 0.1").isCloseTo(0.6435, within(1e-4));
      assertThat(verdict.windowRows()).isEqualTo(ROWS * 9 / 10);
    }
  }

  /** Each number as often as any other, and each {@code every}th infinite, in turns below. */
  private static void addNumbers(DatasetBuilder builder, int week, int distinct, int every) {
    for (int i = 0; i < ROWS; i++) {
      double infinite = i % 20 == 0 ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
      builder.add(
          MONDAY.plus(WEEK.multipliedBy(week)).plusSeconds(i),
          every > 0 && i % every == 0 ? infinite : (double) (i * 7 % distinct));
    }
  }

  private static DatasetBuilder builder() {
    return Dataset.builder(Schema.builder().optional("x", ColumnType.FLOAT64).build());
  }

  private static Verdict only(DatasetProfile reference, DatasetProfile current) {
    List<Verdict> verdicts = ProfileDrift.between(reference, current);
    assertThat(verdicts).hasSize(1);
    return verdicts.get(0);
  }

  @Test
  void aColumnOfWhichOnlyTheMissingShareCanBeTestedIsOkIfNothingIsMissing() {
    DatasetProfile instants = profile("TIMESTAMP", MONDAY);
    assertThat(only(instants, instants).status()).isEqualTo(Verdict.Status.OK);
    assertThat(only(instants, instants).aspect()).isEqualTo(Aspect.MISSING);
    DatasetProfile few =
        DatasetProfile.of(
            Dataset.builder(Schema.builder().optional("x", ColumnType.TIMESTAMP).build())
                .add(MONDAY)
                .build());
    assertThat(only(instants, few).status()).isEqualTo(Verdict.Status.NOT_ENOUGH_DATA);
  }

  @Test
  void aCheckCountsOnlyVerdictsThatWereTested() {
    ProfileSeries reference = training();
    ReferenceCheck weeks = ReferenceCheck.of(reference, 1).get(0);
    assertThat(weeks.tested()).as("a number that wanders cannot be told").isBetween(78, 103);
    assertThat(weeks.rate()).isEqualTo((double) weeks.alerts().size() / weeks.tested());
    ReferenceCheck half = ReferenceCheck.of(reference, WEEKS - 1).get(0);
    assertThat(half.verdicts()).isEqualTo(8);
    assertThat(half.tested()).as("one week is no reference").isZero();
    assertThat(half.rate()).isNaN();
    assertThat(half)
        .hasToString("left out in turn, 25 periods: none of 8 verdicts could be tested");
    assertThat(new ReferenceCheck(1, 10, 4, List.of("x")).rate()).isEqualTo(0.25);
    assertThat(new ReferenceCheck(1, 10, 4, List.of("x")))
        .hasToString(
            "left out in turn, 1 period: 1 of 4 verdicts alert (25.0 %), 6 could not be tested");
    assertThatThrownBy(() -> ReferenceCheck.of(reference, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a block has at least one period, found a length of 0");
  }

  @Test
  void manyNumbersWithoutCommonBinsAreAnErrorThatSaysWhatToDo() {
    Dataset before = pressure(1018);
    Dataset after = pressure(1023);
    for (DatasetProfile reference :
        List.of(DatasetProfile.of(before), ProfileSeries.of(before).overall())) {
      Verdict verdict = only(reference, DatasetProfile.of(after));
      assertThat(verdict.status()).isEqualTo(Verdict.Status.ERROR);
      assertThat(verdict.words())
          .contains("count the current data in the reference's bins")
          .contains("DatasetProfile.of(current, reference)");
    }
    DatasetProfile reference = ProfileSeries.of(before).overall();
    assertThat(only(reference, DatasetProfile.of(after, reference)).isAlert()).isTrue();
  }

  private static Dataset pressure(double mean) {
    DatasetBuilder builder = builder();
    Random random = new Random(5);
    for (int i = 0; i < 1_000; i++) {
      builder.add(mean + 3 * random.nextGaussian());
    }
    return builder.build();
  }

  @Test
  void whatIsThrownInOneColumnIsItsVerdict() {
    ReferenceColumn column =
        ReferenceColumn.broken("x", AlertKind.FEATURE_DRIFT, ReferenceColumn.Shape.NUMBERS, "");
    ColumnTest test =
        ProfileDrift.guarded(
            column,
            () -> {
              throw new ArithmeticException("too many");
            });
    assertThat(test.failed()).isTrue();
    assertThat(test.why())
        .isEqualTo("it could not be judged: java.lang.ArithmeticException: too many");
  }

  @Test
  void columnsOfOneSideAloneAreErrorsOfTheirOwn() {
    DatasetProfile x = profile("FLOAT64", 1.0);
    DatasetBuilder builder =
        Dataset.builder(Schema.builder().optional("y", ColumnType.FLOAT64).build());
    DatasetProfile y = DatasetProfile.of(builder.build());
    List<Verdict> verdicts = ProfileDrift.between(x, y);
    assertThat(verdicts).allMatch(v -> v.status() == Verdict.Status.ERROR);
    assertThat(of(verdicts, "x").words()).isEqualTo("the current profile has no such column");
    assertThat(of(verdicts, "y").words()).isEqualTo("the reference profile has no such column");
  }

  @Test
  void theSegmentThatDriftedIsNamed() {
    DatasetBuilder before = Dataset.builder(SCHEMA);
    DatasetBuilder after = Dataset.builder(SCHEMA);
    Random random = new Random(4);
    for (int week = 0; week < 4; week++) {
      addWeek(before, random, week, 0);
    }
    for (int i = 0; i < 900; i++) {
      String carrier = i % 3 == 0 ? "AA" : i % 3 == 1 ? "DL" : "XX";
      double temperature = carrier.equals("AA") ? 5 : 20 + 3 * random.nextGaussian();
      after.add(MONDAY, temperature, (long) random.nextInt(5), carrier, false, null);
    }
    for (int i = 0; i < 100; i++) {
      before.add(MONDAY, 20.0, 1L, null, false, null);
      after.add(MONDAY, 20.0, 9L, null, false, null);
    }
    Dataset training = before.build();
    DatasetProfile reference = ProfileSeries.of(training).overall();
    Map<String, List<Verdict>> byCarrier =
        ProfileDrift.bySegment(
            SegmentedProfile.of(training, "carrier", reference),
            SegmentedProfile.of(after.build(), "carrier", reference));
    assertThat(byCarrier).containsOnlyKeys("AA", "DL", ProfileDrift.WITHOUT_KEY);
    List<Verdict> withoutKey = byCarrier.get(ProfileDrift.WITHOUT_KEY);
    assertThat(of(withoutKey, "count").isAlert()).isTrue();
    assertThat(of(withoutKey, "temperature").status()).isEqualTo(Verdict.Status.OK);
    assertThat(of(byCarrier.get("AA"), "temperature").isAlert()).isTrue();
    assertThat(of(byCarrier.get("AA"), "count").isAlert()).isFalse();
  }
}
