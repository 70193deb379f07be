package dev.mlops4j.tracking;

import static dev.mlops4j.data.ColumnType.BOOLEAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.Digest;
import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Schema;
import dev.mlops4j.evaluation.Better;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.tracking.RunComparison.Section;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.ProcessIdentity;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunComparisonTest {

  @TempDir Path directory;
  private final MovableClock clock = new MovableClock();
  private Workspace workspace;
  private Tracking tracking;
  private RunRecord champion;
  private RunRecord challenger;

  @BeforeEach
  void open() {
    workspace = Workspace.at(directory).systemClock(clock).open();
    tracking = Tracking.in(workspace);
    champion =
        run(
            "champion",
            run -> {
              run.params(Map.of("depth", "6", "rate", "0.1"));
              run.metric("auc", 0.737);
              run.tag("team", "delays");
              run.log(new DatasetReference("flights", "training", Digest.of("july"), 7));
              losses(run, 0.6, 0.3, 0.4);
            });
    challenger =
        run(
            "challenger",
            run -> {
              run.params(Map.of("depth", "6", "trees", "200"));
              run.metric("auc", Double.NaN);
              run.tag("team", "delays");
              run.log(new DatasetReference("flights", "training", Digest.of("august"), 7));
              losses(run, 0.7, 0.2, Double.NaN);
            });
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  @Test
  void everyKeyOfAnyRunIsARowWithAValueARun() {
    RunComparison comparison = tracking.compare(champion, challenger);
    assertThat(comparison.rows(Section.PARAM))
        .extracting(RunComparison.Row::key)
        .containsExactly("depth", "rate", "trees");
    assertThat(comparison.rows(Section.PARAM).get(1).values()).containsExactly("0.1", null);
    assertThat(comparison.rows(Section.METRIC).get(0).values()).containsExactly("0.737", "NaN");
    assertThat(comparison.rows(Section.TAG)).hasSize(1);
    assertThat(comparison.rows(Section.ENVIRONMENT)).isNotEmpty();
    assertThat(comparison.runs()).containsExactly(champion, challenger);
  }

  @Test
  void differencesLeaveOutWhatAllHaveInCommon() {
    RunComparison differences = tracking.compare(champion.id(), challenger.id()).differences();
    assertThat(differences.rows())
        .extracting(row -> row.section() + " " + row.key())
        .containsExactly(
            "PARAM rate",
            "PARAM trees",
            "METRIC auc",
            "METRIC train-logloss",
            "BEST train-logloss (least)",
            "DATASET training: flights");
  }

  @Test
  void anotherSchemaOrSourceOfTheDataIsADifference() {
    Schema before = Schema.builder().required("wind", ColumnType.FLOAT64).build();
    Schema after =
        Schema.builder().required("wind", ColumnType.FLOAT64).optional("rain", BOOLEAN).build();
    Digest digest = Digest.of("july");
    RunRecord one =
        run(
            "one",
            run ->
                run.log(new DatasetReference("flights", "test", digest, 7, before, "CSV a.csv")));
    RunRecord other =
        run(
            "other",
            run -> run.log(new DatasetReference("flights", "test", digest, 7, after, "CSV b.csv")));
    assertThat(tracking.compare(one, other).differences().rows(Section.DATASET))
        .extracting(row -> row.key() + ": " + row.values())
        .containsExactly(
            "test: flights, column rain: [null, BOOLEAN]",
            "test: flights, source: [CSV a.csv, CSV b.csv]");
  }

  @Test
  void theBestOfASeriesIsByTheMetricsNameOrAsStatedAndElseBoth() {
    RunRecord one = run("one", run -> points(run, "lift", 3, 1, 2));
    RunRecord other = run("other", run -> points(run, "lift", Double.NaN, Double.NaN));
    RunComparison unknown = tracking.compare(one, other);
    assertThat(unknown.rows(Section.BEST))
        .extracting(RunComparison.Row::key)
        .containsExactly("lift (greatest)", "lift (least)");
    assertThat(unknown.rows(Section.BEST).get(1).values()).containsExactly("1.0 at step 1", null);
    assertThat(unknown.better("lift", Better.HIGHER).rows(Section.BEST))
        .extracting(RunComparison.Row::key)
        .containsExactly("lift (greatest)");
    assertThat(tracking.compare(champion, challenger).rows(Section.BEST).get(0).values())
        .containsExactly("0.3 at step 1", "0.2 at step 1");
  }

  @Test
  void modelsAreComparedByWhatTheirManifestsSay() {
    RunRecord one = run("one", run -> run.log(TestModels.packaged(0.5)));
    RunRecord other =
        run(
            "other",
            run -> {
              run.log(TestModels.packaged(0.5));
              run.log(TestModels.packaged(0.7), "second");
            });
    RunComparison comparison = tracking.compare(one, other);
    assertThat(comparison.rows(Section.MODEL))
        .extracting(RunComparison.Row::key)
        .contains("format", "features", "feature set", "output", "input wind", "second: format");
    assertThat(comparison.differences().rows(Section.MODEL))
        .extracting(RunComparison.Row::key)
        .allMatch(key -> key.startsWith("second: "));
  }

  @Test
  void aModelThatIsLostDoesNotHideTheRest() throws IOException {
    RunRecord one = run("one", run -> run.log(TestModels.packaged(0.5)));
    RunRecord other = run("other", run -> run.log(TestModels.packaged(0.7)));
    String lost = other.artifacts().get("model").digest().hex();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (lost.endsWith(file.getFileName().toString())) {
          Files.delete(file);
        }
      }
    }
    assertThat(tracking.compare(one, other).rows(Section.MODEL).get(0).values().get(0)).isNotNull();
    assertThat(tracking.compare(one, other).rows(Section.MODEL))
        .filteredOn(row -> row.key().equals("format"))
        .allSatisfy(row -> assertThat(row.values().get(1)).startsWith("cannot be read: "));
  }

  @Test
  void theCommitIsCodeAndTheRestIsEnvironment() {
    JdbcTrackingStore store = new JdbcTrackingStore(workspace.database(Area.METADATA));
    for (String id : List.of("a", "b")) {
      store.create(
          new RunStart(
              id,
              "delay",
              id,
              clock.instant(),
              ProcessIdentity.current(),
              new TreeMap<>(Map.of("git.commit", id, "git.dirty", "yes", "java", "17"))));
    }
    RunComparison comparison = tracking.compare("a", "b");
    assertThat(comparison.rows(Section.CODE))
        .extracting(RunComparison.Row::key)
        .containsExactly("git.commit", "git.dirty");
    assertThat(comparison.rows(Section.ENVIRONMENT))
        .extracting(RunComparison.Row::key)
        .containsExactly("java");
  }

  @Test
  void theSameRunsDoNotDiffer() {
    assertThat(tracking.compare(challenger, challenger).differences().rows()).isEmpty();
  }

  @Test
  void theTextHasAColumnARunAndALineARow() {
    RunComparison differences = tracking.compare(champion, challenger).differences();
    assertThat(differences.toText().lines())
        .anySatisfy(line -> assertThat(line.strip()).matches("champion +challenger +change"))
        .anySatisfy(line -> assertThat(line).matches("run +status +FINISHED +FINISHED"))
        .anySatisfy(line -> assertThat(line).matches("param +rate +0\\.1 +-"))
        .anySatisfy(line -> assertThat(line).matches("metric +auc +0\\.737 +NaN"))
        .anySatisfy(line -> assertThat(line).matches("dataset +training: flights +7 rows.*"));
    assertThat(differences.toMarkdown()).contains("| param | rate | 0.1 | - |  |");
  }

  @Test
  void ofTwoRunsTheChangeOfAMetricIsShown() {
    RunRecord better = run("better", run -> run.metric("auc", 0.75));
    assertThat(tracking.compare(champion, better).toText())
        .containsPattern("auc +0\\.737 +0\\.75 +\\+0\\.0130000");
    assertThat(tracking.compare(champion, better, challenger).toText()).doesNotContain("change");
  }

  @Test
  void lessThanTwoRunsAreNothingToCompare() {
    assertThatThrownBy(() -> tracking.compare(champion))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("compare two runs or more, found 1");
    assertThatThrownBy(() -> tracking.compare(champion.id(), "none"))
        .isInstanceOf(NoSuchRunException.class);
  }

  @Test
  void aLongSeriesIsSummedUp() {
    double[] values = new double[5_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = i == 1_234 ? -1 : Math.sin(i / 100.0);
    }
    values[4_000] = Double.NaN;
    values[4_500] = Double.POSITIVE_INFINITY;
    RunRecord run =
        run(
            "long",
            open -> {
              points(open, "m", values);
              open.metric("m", 7, 0.5);
            });
    MetricSeries series = tracking.compare(run, champion).series("m").get(0);
    assertThat(series.points()).isEqualTo(5_001);
    assertThat(series.steps()).isEqualTo(5_000);
    assertThat(series.nan()).isEqualTo(1);
    assertThat(series.infinite()).isEqualTo(1);
    assertThat(series.least().step()).isEqualTo(1_234);
    assertThat(series.greatest().step()).isEqualTo(4_500);
    assertThat(series.shown()).hasSizeBetween(500, MetricSeries.MOST_SHOWN);
    assertThat(series.shown()).extracting(MetricPoint::step).isSorted().doesNotHaveDuplicates();
    assertThat(tracking.compare(run, champion).series("m").get(1).points()).isZero();
  }

  private RunRecord run(String name, Consumer<Run> body) {
    return tracking.run("delay", name, body::accept);
  }

  private static void losses(Run run, double... values) {
    points(run, "train-logloss", values);
  }

  private static void points(Run run, String key, double... values) {
    for (int i = 0; i < values.length; i++) {
      run.metric(key, i, values[i]);
    }
  }
}
