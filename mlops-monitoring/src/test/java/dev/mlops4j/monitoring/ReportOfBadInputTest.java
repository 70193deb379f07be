package dev.mlops4j.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.Schema;
import dev.mlops4j.feature.Target;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.profile.ProfileSeries;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong in one column is said there, and the rest of the report stands. */
class ReportOfBadInputTest {

  private static final String HOSTILE = "</script><img src=x onerror=alert(1)>|`*\u202e";
  private static final int CATEGORIES = 3_000;

  private static final Signature SIGNATURE =
      new Signature(
          List.of(
              Input.numeric("fine"),
              Input.numeric("empty"),
              Input.numeric("constant"),
              Input.numeric("infinite"),
              Input.numeric("absent"),
              Input.numeric("retyped"),
              Input.numeric("secret"),
              Input.categorical(HOSTILE, List.of(HOSTILE, "b")),
              Input.categorical(
                  "huge", IntStream.range(0, CATEGORIES).mapToObj(i -> "c" + i).sorted().toList())),
          Signature.Output.binary("late"));

  @TempDir Path directory;

  private static ProfileSeries training() {
    DatasetBuilder builder =
        Dataset.builder(
            Schema.of(
                List.of(
                    new Field("fine", ColumnType.FLOAT64, false, false),
                    new Field("empty", ColumnType.FLOAT64, false, false),
                    new Field("constant", ColumnType.FLOAT64, false, false),
                    new Field("infinite", ColumnType.FLOAT64, false, false),
                    new Field("retyped", ColumnType.STRING, false, false),
                    new Field("secret", ColumnType.FLOAT64, false, true),
                    new Field(HOSTILE, ColumnType.STRING, false, false),
                    new Field("huge", ColumnType.STRING, false, false),
                    new Field("late", ColumnType.BOOLEAN, false, false),
                    new Field("asked_at", ColumnType.TIMESTAMP, false, false),
                    new Field("prediction", ColumnType.FLOAT64, false, false))));
    Random random = new Random(1);
    for (int row = 0; row < 26 * 100; row++) {
      builder.add(
          random.nextGaussian(),
          null,
          4.5,
          row % 3 == 0 ? Double.POSITIVE_INFINITY : random.nextGaussian(),
          "text",
          987654.25,
          row % 2 == 0 ? HOSTILE : "b",
          "c" + random.nextInt(CATEGORIES),
          random.nextInt(4) == 0,
          TestData.TRAINING.plusSeconds(row * 6048L),
          random.nextDouble() / 2);
    }
    return ProfileSeries.byWeek(builder.build(), "asked_at");
  }

  private MonitorReport report(Signature signature, ProfileSeries series, int rows) {
    References references = TestData.references(Reference.of(series, signature));
    TestData.Clock clock = new TestData.Clock();
    Path file = directory.resolve("ws" + rows + signature.width());
    try (Workspace workspace = Workspace.at(file).clock(clock).open()) {
      JdbcMonitoringSchema.Model stored =
          new JdbcMonitoringSchema.Model(
              JdbcMonitoringSchema.over(workspace.database(Area.LEDGER)), "m");
      Target<Object, Boolean> target = Target.binary("late", record -> null);
      try (Monitor<Object, Boolean> monitor =
          Monitor.of("m", target)
              .in(workspace)
              .spans(1)
              .build(workspace, new JdbcLedger(stored), stored, references)) {
        Random random = new Random(2);
        for (int i = 0; i < rows; i++) {
          Instant at = TestData.SERVING.plusSeconds(i);
          double[] vector = {
            random.nextGaussian(),
            Double.NaN,
            4.5,
            i % 2 == 0 ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY,
            1,
            i,
            123456.75,
            i % 2,
            random.nextInt(CATEGORIES)
          };
          monitor.predicted(
              new Prediction(
                  "p" + i,
                  "m",
                  1,
                  at,
                  signature,
                  Arrays.copyOf(vector, signature.width()),
                  new double[] {0.25}));
          monitor.outcome("p" + i, i % 4 == 0, at);
        }
        clock.set(Served.week(1).plusSeconds(24 * 3600));
        monitor.evaluate();
        return monitor.report();
      }
    }
  }

  private static Verdict.Status status(MonitorReport report, String column) {
    return report.verdicts().stream()
        .filter(verdict -> verdict.column().equals(column))
        .findFirst()
        .orElseThrow()
        .status();
  }

  private static void assertThatItPrints(MonitorReport report) {
    assertThat(report.toString()).isNotBlank();
    assertThat(report.toJson()).startsWith("{\"form\":1").doesNotContain("NaN", "Infinity");
    String html = report.toHtml();
    assertThat(html).doesNotContain("<img", "\u202e", "987654", "987,654", "123456", "123,456");
    assertThat(report.toMarkdown()).doesNotContain("<img", "\u202e");
  }

  @Test
  void eachBadColumnHasItsOwnVerdict() {
    MonitorReport report = report(SIGNATURE, training(), 300);
    assertThat(report.verdicts()).hasSize(12);
    assertThat(status(report, "fine")).isEqualTo(Verdict.Status.OK);
    assertThat(status(report, "empty")).isEqualTo(Verdict.Status.OK);
    assertThat(status(report, "constant")).isEqualTo(Verdict.Status.OK);
    assertThat(status(report, "infinite")).isEqualTo(Verdict.Status.ALERT);
    assertThat(status(report, "absent")).isEqualTo(Verdict.Status.ERROR);
    assertThat(status(report, "retyped")).isEqualTo(Verdict.Status.ERROR);
    assertThat(status(report, "secret")).isEqualTo(Verdict.Status.OK);
    assertThat(status(report, HOSTILE)).isEqualTo(Verdict.Status.OK);
    assertThat(status(report, "huge")).isNotEqualTo(Verdict.Status.ERROR);
    assertThat(status(report, "late")).isEqualTo(Verdict.Status.OK);
    assertThat(report.summary()).contains("2 of 12 columns could not be judged.");
    assertThatItPrints(report);
    assertThat(report.toHtml())
        .contains("It is sensitive: only how", "no column &quot;absent&quot;");
  }

  @Test
  void oneRowIsNotEnough() {
    MonitorReport report = report(SIGNATURE, training(), 1);
    assertThat(status(report, "fine")).isEqualTo(Verdict.Status.NOT_ENOUGH_DATA);
    assertThatItPrints(report);
  }

  @Test
  void aReferenceOfAnotherSchemaIsAnErrorOfEveryColumn() {
    Signature other =
        new Signature(
            List.of(Input.numeric("x"), Input.categorical("y", List.of("a"))),
            Signature.Output.binary("never"));
    MonitorReport report =
        report(
            new Signature(other.inputs(), Signature.Output.binary("late")),
            ProfileSeries.of(
                Dataset.builder(Schema.builder().required("z", ColumnType.FLOAT64).build())
                    .add(1.0)
                    .build()),
            100);
    assertThat(report.verdicts()).hasSize(5).allMatch(v -> v.status() == Verdict.Status.ERROR);
    assertThat(report.windows().get(0).performance().rows()).isEqualTo(100);
    assertThatItPrints(report);
  }

  @Test
  void aTrainingWithoutRowsJudgesNothing() {
    Dataset none = TestData.dataset(new Random(1), 0, week -> 0);
    MonitorReport report = report(TestData.SIGNATURE, ProfileSeries.byWeek(none, "asked_at"), 100);
    assertThat(report.verdicts())
        .hasSize(5)
        .noneMatch(v -> v.status() == Verdict.Status.OK || v.isAlert());
    assertThatItPrints(report);
  }
}
