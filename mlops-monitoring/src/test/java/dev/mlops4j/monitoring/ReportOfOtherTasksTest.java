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
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports of regressions and of models of several classes. */
class ReportOfOtherTasksTest {

  private static final List<String> CLASSES = List.of("a", "b", "c");
  private static final Signature PRICES =
      new Signature(List.of(Input.numeric("x")), Signature.Output.regression("price"));
  private static final Signature KINDS =
      new Signature(List.of(Input.numeric("x")), Signature.Output.multiclass("kind", CLASSES));

  @TempDir Path directory;

  private static ProfileSeries training(Field target, ColumnType prediction, boolean classes) {
    DatasetBuilder builder =
        Dataset.builder(
            Schema.of(
                List.of(
                    new Field("x", ColumnType.FLOAT64, false, false),
                    target,
                    new Field("asked_at", ColumnType.TIMESTAMP, false, false),
                    new Field("prediction", prediction, false, false))));
    Random random = new Random(1);
    for (int row = 0; row < 26 * 100; row++) {
      builder.add(
          random.nextGaussian(),
          classes ? CLASSES.get(row % 3) : (Object) (700.0 + row % 100),
          TestData.TRAINING.plusSeconds(row * 6048L),
          classes ? CLASSES.get(row % 3) : (Object) (700.0 + row % 100));
    }
    return ProfileSeries.byWeek(builder.build(), "asked_at");
  }

  private static ProfileSeries prices(boolean sensitive) {
    return training(
        new Field("price", ColumnType.FLOAT64, false, sensitive), ColumnType.FLOAT64, false);
  }

  /** A week of predictions, of which some have an outcome. */
  private <L> MonitorReport report(
      Target<Object, L> target,
      Signature signature,
      ProfileSeries series,
      IntFunction<double[]> output,
      int labelled,
      IntFunction<L> label) {
    References references = TestData.references(Reference.of(series, signature));
    TestData.Clock clock = new TestData.Clock();
    try (Workspace workspace = Workspace.at(directory.resolve("ws")).clock(clock).open()) {
      JdbcMonitoringSchema.Model stored =
          new JdbcMonitoringSchema.Model(
              JdbcMonitoringSchema.over(workspace.database(Area.LEDGER)), "m");
      try (Monitor<Object, L> monitor =
          Monitor.of("m", target)
              .in(workspace)
              .spans(1)
              .build(workspace, new JdbcLedger(stored), stored, references)) {
        for (int i = 0; i < 100; i++) {
          Instant at = TestData.SERVING.plusSeconds(i);
          monitor.predicted(
              new Prediction(
                  "p" + i, "m", 1, at, signature, new double[] {i % 5 - 2}, output.apply(i)));
          if (i < labelled) {
            monitor.outcome("p" + i, label.apply(i), at);
          }
        }
        clock.set(Served.week(1).plusSeconds(24 * 3600));
        monitor.evaluate();
        return monitor.report();
      }
    }
  }

  private MonitorReport priceReport(boolean sensitive, int labelled) {
    return report(
        Target.regression("price", record -> null),
        PRICES,
        prices(sensitive),
        i -> new double[] {700},
        labelled,
        i -> 761.28125 + i);
  }

  private static List<String> forms(MonitorReport report) {
    return List.of(report.toHtml(), report.toJson(), report.toMarkdown(), report.toString());
  }

  @Test
  void noFigureTellsAValueOfASensitiveTarget() {
    MonitorReport report = priceReport(true, 1);
    assertThat(report.windows().get(0).performance().labelled()).isEqualTo(1);
    for (String form : forms(report)) {
      assertThat(form)
          .contains("price")
          .doesNotContain("761.2", "761.3", "61.28", "rmse", "root mean", "mean absolute");
    }
    assertThat(report.toJson()).contains("\"coverage\":{\"value\":0.01}");
  }

  @Test
  void theLineOfAWindowTellsNothingMadeOfTheLabelsOfASensitiveTarget() {
    WindowReport window = priceReport(true, 40).windows().get(0);
    assertThat(window.performance().actual()).isEqualTo(780.78125);
    assertThat(window.toString())
        .contains("40 with outcome", "predicted 700.000")
        .doesNotContain("actual", "780.7");
  }

  @Test
  void whatWasPredictedIsShownWhereverTheTargetIsSensitive() {
    MonitorReport report = priceReport(true, 40);
    assertThat(report.toJson())
        .contains("\"predicted\":{\"value\":700.0}")
        .doesNotContain("\"actual\":{", "780.7");
    assertThat(report.toHtml())
        .contains("Predicted by window", "prediction: prediction")
        .doesNotContain("Predicted and actual", "780.7");
  }

  @Test
  void aRegressionHasItsErrors() {
    MonitorReport report = priceReport(false, 40);
    assertThat(report.toJson())
        .contains("\"mae\":{\"value\":80.78125,", "\"rmse\"", "\"r2\"", "\"actual\"");
    assertThat(report.toHtml()).contains("root mean squared error by window");
    assertThat(report.toMarkdown()).contains("mean absolute error");
  }

  @Test
  void aModelOfSeveralClassesHasItsAccuracy() {
    MonitorReport report =
        report(
            Target.multiclass("kind", record -> null),
            KINDS,
            training(new Field("kind", ColumnType.STRING, false, false), ColumnType.STRING, true),
            i -> new double[] {0.5, 0.25, 0.25},
            90,
            i -> CLASSES.get(i % 3));
    assertThat(report.toJson())
        .contains(
            "\"accuracy\":{\"value\":0.3333333333333333,\"low\":0.2", "\"log_loss\"", "\"auc_ovr\"")
        .doesNotContain("\"actual\":{", "\"predicted\":{");
    assertThat(report.toHtml()).contains("accuracy by window", "macro F1 by window");
  }
}
