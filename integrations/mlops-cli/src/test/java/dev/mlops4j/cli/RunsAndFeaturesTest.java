package dev.mlops4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.Digest;
import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Schema;
import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.feature.FeatureView;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.tracking.Run;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RunsAndFeaturesTest extends CommandLineTest {

  private String first = "";
  private String second = "";

  @BeforeEach
  void runs() {
    try (Workspace opened = Workspace.open(workspace())) {
      Tracking tracking = Tracking.in(opened);
      try (Run run = tracking.start("flights", "champion")) {
        run.param("depth", 6);
        run.param("note", "\u001b[2J|x");
        run.metric("auc", 0.7371);
        run.metric("bad", Double.NaN);
        run.log(
            new DatasetReference(
                "flights",
                "training",
                Digest.of("d"),
                300,
                Schema.builder().required("wind", ColumnType.FLOAT64).build(),
                "CSV /data/\u001b[2J.csv"));
        run.artifact("notes.txt", "hello");
        first = run.id();
      }
      try (Run run = tracking.start("flights", "challenger")) {
        run.param("depth", 8);
        run.metric("auc", 0.75);
        run.fail(new IllegalStateException("no more\u001b[31m memory"));
        second = run.id();
      }
      FeatureView view =
          FeatureView.named("weather")
              .key("origin", ColumnType.STRING)
              .eventTime("at")
              .feature("wind", ColumnType.FLOAT64)
              .owner("operations")
              .build();
      FeatureStore store = FeatureStore.in(opened);
      store.push(view, Map.of("origin", "JFK", "at", Instant.EPOCH, "wind", 1.0));
    }
  }

  @Test
  void runsAreListedTheNewestFirstInATableThatFits() {
    assertThat(mlops("runs", "list")).isZero();
    assertThat(out.lines().skip(2).toList().get(0)).contains("challenger", "FAILED", "auc 0.7500");
    assertThat(out).contains("auc 0.7371, bad NaN");
    for (int width : new int[] {20, 40, 80}) {
      assertThat(mlops("runs", "list", "--width", "" + width)).isZero();
      assertThat(out.lines().filter(line -> !line.startsWith("(left out")))
          .allMatch(line -> line.length() <= width);
    }
    assertThat(mlops("runs", "list", "flights", "--status", "finished", "--json")).isZero();
    assertThat(json()).hasSize(1);
    assertThat(json().get(0).get("metrics").get("bad").asText()).isEqualTo("NaN");
    assertThat(json().get(0).get("params").get("note").asText()).isEqualTo("\u001b[2J|x");
    assertThat(out).doesNotContain("\u001b");
    assertThat(mlops("runs", "list", "--limit", "1")).isZero();
    assertThat(out).contains("there are more; --limit shows more");
  }

  @Test
  void aRunWithManyMetricsIsListedWithSomeOfThem() {
    try (Workspace opened = Workspace.open(workspace())) {
      Tracking.in(opened)
          .run(
              "many",
              run -> {
                for (int i = 0; i < 7; i++) {
                  run.metric("m" + i, i);
                }
              });
    }
    assertThat(mlops("runs", "list", "many")).isZero();
    assertThat(out).contains("m0 0.000, m1 1.000, m2 2.000, m3 3.000 and 3 more");
  }

  @Test
  void aRunIsShownByTheBeginningOfItsId() {
    assertThat(mlops("runs", "show", first.substring(0, 12))).as(err).isZero();
    assertThat(out)
        .containsPattern("param +depth +6")
        .containsPattern("artifact +notes.txt +5 bytes")
        .containsPattern("dataset +training: flights +300 rows, ")
        .containsPattern("dataset +training: flights, column wind +FLOAT64 required")
        .contains("CSV /data/\\u001b[2J.csv")
        .contains("\\u001b[2J|x")
        .doesNotContain("\u001b");
    assertThat(mlops("runs", "show", first, "--json")).isZero();
    assertThat(json().get("datasets").get(0).get("columns").get("wind").asText())
        .isEqualTo("FLOAT64");
    assertThat(json().get("datasets").get(0).get("source").asText()).startsWith("CSV /data/");
    assertThat(mlops("runs", "show", second)).isZero();
    assertThat(out).contains("no more\\u001b[31m memory");
    assertThat(mlops("runs", "show", "")).isEqualTo(3);
    assertThat(err).contains("there is no run \"\"");
  }

  @Test
  void aRunIsShownWithItsFamilyWhatHappenedToItAndWhatPeopleSay() {
    String child;
    try (Workspace opened = Workspace.open(workspace())) {
      Tracking tracking = Tracking.in(opened);
      try (Run run = tracking.resume(second)) {
        run.seed("split", 42);
        run.notes("# Why\n\nIt *learns* \u001b[31mlonger");
        child = run.child("fold 1", fold -> fold.metric("auc", 0.7)).id();
      }
    }
    assertThat(mlops("runs", "show", second)).as(err).isZero();
    assertThat(out)
        .containsPattern("child +fold 1 +" + child + ", FINISHED")
        .containsPattern("resume +2\\S+Z +was FAILED")
        .containsPattern("resume +failure before +java.lang.IllegalStateException: no more")
        .containsPattern("failure before +at dev.mlops4j")
        .containsPattern("seed +split +42")
        .containsPattern("notes +# Why")
        .contains("It *learns* \\u001b[31mlonger")
        .doesNotContain("seed.split", "\u001b");
    assertThat(mlops("runs", "show", child)).isZero();
    assertThat(out).containsPattern("parent +" + second);
    assertThat(mlops("runs", "show", second, "--json")).isZero();
    assertThat(json().get("children").get(0).asText()).isEqualTo(child);
    assertThat(json().get("parent").isNull()).isTrue();
    assertThat(json().get("seeds").get("split").asLong()).isEqualTo(42);
    assertThat(json().get("notes").asText()).startsWith("# Why\n\nIt");
    assertThat(json().get("resumes").get(0).get("before").asText()).isEqualTo("FAILED");
    assertThat(json().get("resumes").get(0).get("failure").asText()).contains("\n\tat ");
    assertThat(json().get("environment")).isNotEmpty();
    assertThat(mlops("runs", "show", child, "--json")).isZero();
    assertThat(json().get("parent").asText()).isEqualTo(second);
  }

  @Test
  void aRunThatFailedIsShownWithItsStackTrace() {
    assertThat(mlops("runs", "show", second)).isZero();
    assertThat(out).containsPattern("failure +at dev.mlops4j.cli.RunsAndFeaturesTest");
    assertThat(mlops("runs", "show", second, "--json")).isZero();
    assertThat(json().get("failure").asText()).startsWith("java.lang.IllegalStateException");
  }

  @Test
  void runsAreCompared() {
    assertThat(mlops("runs", "compare", first, second)).isZero();
    assertThat(out)
        .containsPattern("param +depth +6 +8")
        .containsPattern("metric +auc +0.7371 +0.75")
        .doesNotContain("\u001b");
    assertThat(mlops("runs", "compare", first, second, "--json")).isZero();
    assertThat(json().get(0).get("values").get(1).asText()).isEqualTo("8");
    assertThat(mlops("runs", "compare", first, first, "--all")).isZero();
    assertThat(out).contains("depth");
    assertThat(mlops("runs", "compare", first)).isEqualTo(2);
    assertThat(mlops("runs", "compare", first, second, "--markdown")).isZero();
    assertThat(out).contains("| param | depth | 6 | 8 |  |");
    Path page = workspace().resolveSibling("runs.html");
    assertThat(mlops("runs", "compare", first, second, "--html", page.toString())).isZero();
    assertThat(page).content().startsWith("<!DOCTYPE html>").contains("depth");
    String nowhere = workspace().resolve("no/such/runs.html").toString();
    assertThat(mlops("runs", "compare", first, second, "--html", nowhere)).isEqualTo(1);
    assertThat(err).contains("cannot write").doesNotContain("\tat ");
  }

  @Test
  void runsGoToAnotherWorkspace() {
    String file = workspace().resolveSibling("runs.zip").toString();
    assertThat(mlops("runs", "export", first.substring(0, 9), "--to", file)).as(err).isZero();
    assertThat(out).contains("1 run written to");
    assertThat(mlops("runs", "export", first, "--to", file)).isEqualTo(4);
    String all = workspace().resolveSibling("all.zip").toString();
    assertThat(mlops("runs", "export", "--experiment", "flights", "--to", all)).isZero();
    assertThat(mlops("runs", "import", all)).as(err).isZero();
    assertThat(out).contains(first + " champion: here already, unchanged");
    String other = workspace().resolveSibling("other").toString();
    assertThat(bare("runs", "import", all, "--workspace", other, "--json")).as(err).isZero();
    assertThat(json()).hasSize(2);
    assertThat(json().get(0).get("added").asBoolean()).isTrue();
    assertThat(bare("runs", "import", all, "--workspace", other, "--max-bytes", "1")).isEqualTo(5);
    assertThat(bare("models", "import", all, "--workspace", other)).isEqualTo(5);
    assertThat(mlops("runs", "import", all + ".no")).isEqualTo(3);
    assertThat(mlops("runs", "export", "--experiment", "none", "--to", all + "2")).isEqualTo(3);
  }

  @Test
  void featureViewsAreListedAndShown() {
    assertThat(mlops("features", "list")).isZero();
    assertThat(out).containsPattern("weather +view +1 +1 +1970-01-01T00:00:00Z, [0-9]+ h ago");
    assertThat(mlops("features", "show", "weather")).isZero();
    assertThat(out).contains("view weather", "operations", "wind");
    assertThat(mlops("features", "show", "weather", "--json")).isZero();
    assertThat(json().get(0).get("events").asInt()).isEqualTo(1);
    assertThat(mlops("features", "list", "--json")).isZero();
    assertThat(json().get("views")).hasSize(1);
  }

  @Test
  void aWorkspaceIsDescribedAndItsTablesPrinted() {
    assertThat(mlops("workspace", "info")).isZero();
    assertThat(out).containsPattern("runs +2").containsPattern("feature views +1");
    assertThat(mlops("workspace", "info", "--json")).isZero();
    assertThat(json().get("experiments").asInt()).isEqualTo(1);
    assertThat(json().get("bytes of artifacts").asLong()).isPositive();
    assertThat(bare("workspace", "ddl", "--schema", "ml")).as(err).isZero();
    assertThat(out)
        .contains("CREATE SCHEMA IF NOT EXISTS \"ml\"")
        .contains("CREATE TABLE model_version", "CREATE TABLE run", "CREATE TABLE retraining")
        .contains("-- feature, step 1");
    assertThat(bare("workspace", "ddl", "--json")).isZero();
    assertThat(json().fieldNames())
        .toIterable()
        .contains("registry", "tracking", "feature", "monitoring");
    assertThat(bare("workspace", "ddl", "--schema", "a b")).isEqualTo(2);
  }
}
