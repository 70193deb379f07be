package dev.mlops4j.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Schema;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.monitoring.statistics.CategoryPair;
import dev.mlops4j.profile.CategorySummary;
import dev.mlops4j.profile.DatasetProfile;
import dev.mlops4j.profile.ProfileSeries;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Columns of more categories than are counted each by itself. */
class ManyCategoriesTest {

  private static final Instant MONDAY = Instant.parse("2013-01-07T00:00:00Z");
  private static final Duration WEEK = Duration.ofDays(7);
  private static final int WEEKS = 16;
  private static final int ROWS = 2_000;

  private static final List<String> TEXTS =
      IntStream.range(0, 3_000).mapToObj(i -> String.format("t%04d", i)).toList();

  private static final Schema SCHEMA =
      Schema.builder()
          .required("at", ColumnType.TIMESTAMP)
          .required("x", ColumnType.STRING)
          .build();

  private static final CategorySummary ALL = all();

  /** Not counted by itself, and neither are those of {@link #OTHERS}. */
  private static final String OFTEN = others().get(0);

  private static final List<String> KEPT = List.copyOf(ALL.counts().keySet());

  private static final List<String> OTHERS = others().subList(1, others().size());

  private static CategorySummary all() {
    DatasetBuilder builder = Dataset.builder(SCHEMA);
    TEXTS.forEach(text -> builder.add(MONDAY, text));
    return DatasetProfile.of(builder.build()).categories("x");
  }

  private static List<String> others() {
    return TEXTS.stream().filter(text -> !ALL.counts().containsKey(text)).toList();
  }

  /** A fifth is of all texts, and so much the one; the rest is of those that are others too. */
  private static String text(Random random, int row, double often) {
    if (row % 5 == 0) {
      return TEXTS.get(row / 5 % TEXTS.size());
    }
    return random.nextDouble() * 0.8 < often ? OFTEN : OTHERS.get(random.nextInt(OTHERS.size()));
  }

  private static void addWeek(DatasetBuilder builder, Random random, int week, double often) {
    for (int i = 0; i < ROWS; i++) {
      builder.add(
          MONDAY.plus(WEEK.multipliedBy(week)).plusSeconds(i),
          text(random, week * ROWS + i, often));
    }
  }

  private static ProfileSeries training(Random random) {
    DatasetBuilder builder = Dataset.builder(SCHEMA);
    for (int week = 0; week < WEEKS; week++) {
      addWeek(builder, random, week, 0.6);
    }
    return ProfileSeries.byWeek(builder.build(), "at");
  }

  private static DatasetProfile week(Random random, double often) {
    DatasetBuilder builder = Dataset.builder(SCHEMA);
    addWeek(builder, random, WEEKS, often);
    return DatasetProfile.of(builder.build());
  }

  private static void assertThatTheOneIsLess(Verdict verdict) {
    assertThat(verdict.isAlert()).isTrue();
    assertThat(verdict.aspect()).isEqualTo(Aspect.SHARES);
    assertThat(verdict.words())
        .isEqualTo(
            "category (others "
                + CategorySummary.partOf(OFTEN)
                + ", mostly "
                + OFTEN
                + ") is less frequent");
  }

  @Test
  void twoSamplesShowWhatOneOfTheOthersDoes() {
    Random random = new Random(1);
    DatasetProfile reference = training(random).overall();
    assertThat(reference.categories("x").complete()).isFalse();
    Verdict same = of(ProfileDrift.between(reference, week(random, 0.6)));
    assertThat(same.status()).isEqualTo(Verdict.Status.OK);
    assertThatTheOneIsLess(of(ProfileDrift.between(reference, week(random, 0.1))));
  }

  @Test
  void whatIsFrequentOnOneSideOnlyIsNamedAndWhatIsNotIsNot() {
    Random random = new Random(3);
    DatasetProfile reference = training(random).overall();
    DatasetProfile without = week(random, 0);
    List<String> known = List.copyOf(reference.categories("x").counts().keySet());
    CategorySummary before = reference.categories("x");
    CategorySummary now = without.categories("x");
    String plain = "(others " + CategorySummary.partOf(OFTEN) + ")";
    String named = "(others " + CategorySummary.partOf(OFTEN) + ", mostly " + OFTEN + ")";
    assertThat(OtherParts.of(known, CategorySummary.PARTS, before, now))
        .hasSize(CategorySummary.PARTS)
        .contains(named)
        .doesNotContain(plain);
    assertThat(OtherParts.of(known, CategorySummary.PARTS, now, before)).contains(named);
    assertThat(OtherParts.of(known, CategorySummary.PARTS, now)).contains(plain);
    assertThat(OtherParts.of(known, 1, before)).containsExactly("(others)");
    assertThat(OtherParts.of(known, 0, before)).isEmpty();

    String report = DriftReport.between(reference, without).toJson();
    assertThat(report).contains("\"top\":{\"" + OFTEN + "\":", "mostly " + OFTEN);
  }

  @Test
  void windowsShowWhatOneOfTheOthersDoes() {
    Random random = new Random(2);
    ProfileSeries reference = training(random);
    Instant start = MONDAY.plus(WEEK.multipliedBy(WEEKS));
    for (double often : new double[] {0.6, 0.1}) {
      Verdict verdict =
          of(
              ProfileDrift.against(
                  reference,
                  List.of(new ProfileSeries.Window(start, start.plus(WEEK), week(random, often)))));
      if (often == 0.6) {
        assertThat(verdict.status()).isEqualTo(Verdict.Status.OK);
      } else {
        assertThatTheOneIsLess(verdict);
      }
    }
  }

  @Test
  void predictionsShowWhatOneOfTheOthersDoes() {
    Random random = new Random(3);
    Signature signature =
        new Signature(List.of(Input.categorical("x", TEXTS)), Signature.Output.regression("price"));
    ProfileSeries weeks = training(random);
    for (ProfileSeries series : List.of(weeks, ProfileSeries.of(weeks.overall()))) {
      Reference reference = Reference.of(series, signature);
      assertThat(predicted(random, reference, 0.6).status()).isEqualTo(Verdict.Status.OK);
      assertThatTheOneIsLess(predicted(random, reference, 0.1));
    }
  }

  private static Verdict predicted(Random random, Reference reference, double often) {
    PredictionCounter counter =
        new PredictionCounter(reference, 1, version -> reference.signature());
    for (int i = 0; i < ROWS; i++) {
      double[] vector = {TEXTS.indexOf(text(random, i, often))};
      counter.add(1, vector, new double[] {1}, null);
    }
    return Judge.of(reference, WEEK, Judge.ALPHA)
        .verdicts(List.of(new Period(5_000, counter.counts())), counter.counts(), false)
        .get(0);
  }

  /** Each part becomes more by less than matters. */
  @Test
  void allOfTheOthersTogetherAreComparedToo() {
    Random random = new Random(4);
    Verdict verdict = of(ProfileDrift.between(spread(random, 0.3), spread(random, 0.6)));
    assertThat(verdict.isAlert()).isTrue();
    assertThat(verdict.words()).isEqualTo("category " + CategoryPair.OTHERS + " is more frequent");
  }

  @Test
  void allOfTheOthersOfAWindowAreComparedToo() {
    Random random = new Random(5);
    DatasetBuilder builder = Dataset.builder(SCHEMA);
    for (int week = 0; week < WEEKS; week++) {
      addSpread(builder, random, week, ROWS, 0.3);
    }
    ProfileSeries reference = ProfileSeries.byWeek(builder.build(), "at");
    DatasetBuilder after = Dataset.builder(SCHEMA);
    addSpread(after, random, WEEKS, ROWS, 0.6);
    Instant start = MONDAY.plus(WEEK.multipliedBy(WEEKS));
    Verdict verdict =
        of(
            ProfileDrift.against(
                reference,
                List.of(
                    new ProfileSeries.Window(
                        start, start.plus(WEEK), DatasetProfile.of(after.build())))));
    assertThat(verdict.isAlert()).isTrue();
    assertThat(verdict.category()).isIn(CategoryPair.OTHERS, CategoryPair.RARE);
    assertThat(Math.abs(verdict.effect()))
        .as("Cohen's h of 0.3 and 0.6")
        .isCloseTo(0.61, within(0.05));
  }

  private static DatasetProfile spread(Random random, double others) {
    DatasetBuilder builder = Dataset.builder(SCHEMA);
    addSpread(builder, random, 0, 20_000, others);
    return DatasetProfile.of(builder.build());
  }

  private static void addSpread(
      DatasetBuilder builder, Random random, int week, int rows, double others) {
    for (int i = 0; i < rows; i++) {
      List<String> from = random.nextDouble() < others ? OTHERS : KEPT;
      builder.add(
          MONDAY.plus(WEEK.multipliedBy(week)).plusSeconds(i),
          from.get(random.nextInt(from.size())));
    }
  }

  private static Verdict of(List<Verdict> verdicts) {
    return verdicts.stream().filter(v -> v.column().equals("x")).findFirst().orElseThrow();
  }
}
