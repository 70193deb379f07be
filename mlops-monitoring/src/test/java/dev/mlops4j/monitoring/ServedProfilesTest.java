package dev.mlops4j.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Schema;
import dev.mlops4j.data.SchemaException;
import dev.mlops4j.data.Timestamps;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.profile.DatasetProfile;
import dev.mlops4j.profile.ProfileException;
import dev.mlops4j.profile.ProfileSeries;
import dev.mlops4j.profile.SegmentedProfile;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was served becomes profiles that the reference can be compared with. */
class ServedProfilesTest {

  private static final ProfileSeries REFERENCE = TestData.byWeek(7);
  private static final Instant END = Served.week(100);

  @TempDir Path directory;

  private final List<Dataset> expected = new ArrayList<>();

  private Served served(ProfileSeries reference) {
    return new Served(directory, TestData.references(reference), UnaryOperator.identity());
  }

  /** Every fifth has no outcome; of version 2 are others. */
  private void serve(Served served, int week, double level, int rows) {
    Random random = new Random(week);
    DatasetBuilder builder = Dataset.builder(schema());
    for (int i = 0; i < rows; i++) {
      TestData.Row row = TestData.row(random, Served.week(week), level);
      String id = "w" + week + "n" + i;
      served.monitor.predicted(row.prediction(id, 1));
      served.monitor.predicted(
          new TestData.Row(row.at(), 99, 0, 0.9, false).prediction("other " + id, 2));
      boolean labelled = i % 5 != 0;
      if (labelled) {
        served.monitor.outcome(id, row.late(), row.at());
      }
      builder.add(
          row.size(),
          TestData.SIGNATURE.inputs().get(1).categories().get(row.colour()),
          labelled ? row.late() : null,
          row.at(),
          row.prediction());
    }
    expected.add(builder.build());
  }

  private static Schema schema() {
    return Schema.builder()
        .optional("size", ColumnType.FLOAT64)
        .optional("colour", ColumnType.STRING)
        .optional("late", ColumnType.BOOLEAN)
        .optional("asked_at", ColumnType.TIMESTAMP)
        .optional("prediction", ColumnType.FLOAT64)
        .build();
  }

  private DatasetProfile expected(int week) {
    return DatasetProfile.of(expected.get(week), REFERENCE.overall()).withoutMissing("late");
  }

  @Test
  void theyAreThoseOfTheRowsInTheBinsOfTheReference() {
    try (Served served = served(REFERENCE)) {
      serve(served, 0, 0, 150);
      serve(served, 1, 0, 120);
      ServedProfiles profiles = served.monitor.profiles(1, Instant.MIN, Instant.MAX);
      assertThat(profiles.overall()).isEqualTo(expected(0).merge(expected(1)));
      assertThat(profiles.overall().column("late").count()).isEqualTo(120 + 96);
      assertThat(profiles.byWindow())
          .extracting(ProfileSeries.Window::profile)
          .containsExactly(expected(0), expected(1));
      assertThat(profiles.byWindow().get(1).start()).isEqualTo(Served.week(1));
      SegmentedProfile byColour = profiles.bySegment("colour");
      assertThat(byColour.segments().keySet()).containsExactly("blue", "green", "red");
      assertThat(byColour.overall()).isEqualTo(profiles.overall());
      assertThat(served.monitor.profiles(1, Served.week(1), Served.week(2)).overall())
          .isEqualTo(expected(1));
      assertThat(served.monitor.profiles(2, Served.week(0), END).overall().numbers("size").min())
          .isEqualTo(99);
    }
  }

  @Test
  void rowsBeyondOneBatchCountOnceEach() {
    int rows = 2 * ServedProfiles.BATCH + 7;
    Instant at = Served.week(3).plusSeconds(1);
    Ledger ledger =
        new StubLedger() {
          @Override
          public void write(List<LedgerEntry> entries) {}

          @Override
          public void scan(long fromMicros, long toMicros, Visitor visitor) {
            for (int i = 0; i < rows; i++) {
              double[] vector = {i, i % 3};
              visitor.visit(row(1, at, vector, new double[] {0.5}, i % 2 == 0 ? "1" : null));
            }
          }
        };
    ServedProfiles profiles =
        new ServedProfiles(
            ledger,
            Periods.of(TestData.WEEK),
            TestData.SIGNATURE,
            REFERENCE.overall(),
            1,
            Timestamps.toMicros(Served.week(0)),
            Timestamps.toMicros(END));
    DatasetProfile overall = profiles.overall();
    assertThat(overall.rowCount()).isEqualTo(rows);
    assertThat(overall.numbers("size").max()).isEqualTo(rows - 1);
    assertThat(overall.column("late").count()).isEqualTo((rows + 1) / 2);
    assertThat(profiles.bySegment("colour").overall()).isEqualTo(overall);
    assertThat(profiles.byWindow())
        .containsExactly(new ProfileSeries.Window(Served.week(3), Served.week(4), overall));
  }

  private static LedgerRow row(
      int version, Instant at, double[] vector, double[] output, @Nullable String outcome) {
    long micros = Timestamps.toMicros(at);
    return new LedgerRow(
        "id", micros, micros, version, vector, output, outcome, Prediction.CHAMPION, 0);
  }

  @Test
  void whatDidNotDriftDoesNotAlertAlthoughOutcomesAreMissing() {
    try (Served served = served(REFERENCE)) {
      serve(served, 0, 0, 400);
      ServedProfiles profiles = served.monitor.profiles(1, Served.week(0), Served.week(1));
      assertThat(ProfileDrift.between(REFERENCE.overall(), profiles.overall()))
          .extracting(Verdict::column, Verdict::status)
          .contains(tuple("late", Verdict.Status.OK), tuple("prediction", Verdict.Status.OK))
          .hasSize(5);
      assertThat(ProfileDrift.against(REFERENCE, profiles.byWindow()))
          .extracting(Verdict::status)
          .containsOnly(Verdict.Status.OK);
    }
  }

  @Test
  void whatDriftedAlertsByEveryComparison() {
    try (Served served = served(REFERENCE)) {
      for (int week = 0; week < 10; week++) {
        serve(served, week, week == 9 ? 3 : 0, 100);
      }
      ServedProfiles now = served.monitor.profiles(1, Served.week(9), Served.week(10));
      assertThat(alerts(ProfileDrift.between(REFERENCE.overall(), now.overall()))).contains("size");
      assertThat(alerts(ProfileDrift.against(REFERENCE, now.byWindow()))).contains("size");
      assertThat(DriftReport.between(REFERENCE.overall(), now.overall()).alerts())
          .extracting(Verdict::column)
          .contains("size");
      SegmentedProfile before =
          SegmentedProfile.of(TestData.dataset(7, 26), "colour", REFERENCE.overall());
      assertThat(alerts(ProfileDrift.bySegment(before, now.bySegment("colour")).get("blue")))
          .contains("size");

      ProfileSeries earlier =
          ProfileSeries.of(served.monitor.profiles(1, Served.week(0), Served.week(9)).byWindow());
      assertThat(earlier.windows()).hasSize(9);
      assertThat(alerts(ProfileDrift.against(earlier, now.byWindow()))).contains("size");
    }
  }

  private static List<String> alerts(List<Verdict> verdicts) {
    return verdicts.stream().filter(Verdict::isAlert).map(Verdict::column).toList();
  }

  @Test
  void windowsAreWholeAndFollowEachOther() {
    try (Served served = served(REFERENCE)) {
      serve(served, 1, 0, 30);
      serve(served, 4, 0, 30);
      List<ProfileSeries.Window> all = served.monitor.profiles(1, Served.week(0), END).byWindow();
      assertThat(all)
          .extracting(window -> window.profile().rowCount())
          .containsExactly(30L, 0L, 0L, 30L);
      assertThat(
              served
                  .monitor
                  .profiles(1, Served.week(1).plusSeconds(1), Served.week(5).minusSeconds(1))
                  .byWindow())
          .isEmpty();
      assertThat(served.monitor.profiles(1, Served.week(50), END).overall().rowCount()).isZero();
    }
  }

  @Test
  void aSensitiveColumnIsOnlyCounted() {
    try (Served served = served(TestData.withSensitiveColours())) {
      serve(served, 0, 0, 30);
      ServedProfiles profiles = served.monitor.profiles(1, Served.week(0), END);
      assertThat(profiles.overall().column("colour").sensitive()).isTrue();
      assertThat(profiles.overall().column("colour").categories()).isEmpty();
      assertThatThrownBy(() -> profiles.bySegment("colour"))
          .isInstanceOf(ProfileException.class)
          .hasMessageContaining("sensitive");
      assertThatThrownBy(() -> profiles.bySegment("size")).isInstanceOf(SchemaException.class);
    }
  }

  @Test
  void withoutVectorsThereIsNoProfile() {
    ServedColumns columns = new ServedColumns(TestData.SIGNATURE, REFERENCE.overall());
    LedgerRow row = row(1, Served.week(0), new double[0], new double[] {0.5}, "1");
    assertThatThrownBy(() -> columns.rows(10, rows -> {}).add(row))
        .isInstanceOf(MonitoringException.class)
        .hasMessageContaining("the ledger has 0 of 2 features")
        .hasMessageContaining("keep vectors by leaving withoutVectors() out");
  }

  @Test
  void outcomesAndPredictionsOfOtherTasksAreWhatTheyAre() {
    List<Input> inputs = List.of(Input.numeric("size"), Input.categorical("colour", List.of("a")));
    Signature classes =
        new Signature(inputs, Signature.Output.multiclass("kind", List.of("x", "y", "z")));
    DatasetProfile none = DatasetProfile.of(Dataset.builder(schema()).build());
    List<Dataset> found = new ArrayList<>();
    ServedColumns.Rows rows = new ServedColumns(classes, none).rows(10, found::add);
    rows.add(row(1, END, new double[] {Double.NaN, 0}, new double[] {.2, .5, .3}, "w"));
    rows.add(row(1, END, new double[] {1, 7}, new double[0], null));
    rows.end();
    assertThat(found.get(0).row(0).value("prediction")).isEqualTo("y");
    assertThat(found.get(0).row(0).value("kind")).isEqualTo("w");
    assertThat(found.get(0).row(0).value("size")).isNull();
    assertThat(found.get(0).row(0).value("colour")).isEqualTo("a");
    assertThat(found.get(0).row(1).value("colour")).isNull();
    assertThat(found.get(0).row(1).value("prediction")).isNull();

    Signature number = new Signature(inputs, Signature.Output.regression("kilos"));
    found.clear();
    ServedColumns.Rows numbers = new ServedColumns(number, none).rows(1, found::add);
    numbers.add(row(1, END, new double[] {1, 0}, new double[] {2.5}, "3.25"));
    numbers.add(row(1, END, new double[] {1, 0}, new double[] {2.5}, "a class of before"));
    assertThat(found).hasSize(2);
    assertThat(found.get(0).row(0).value("kilos")).isEqualTo(3.25);
    assertThat(found.get(0).row(0).value("prediction")).isEqualTo(2.5);
    assertThat(found.get(1).row(0).value("kilos")).isNull();
  }
}
