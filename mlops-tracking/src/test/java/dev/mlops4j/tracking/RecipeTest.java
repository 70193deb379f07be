package dev.mlops4j.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops4j.Digest;
import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Schema;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.model.StoredPackage;
import dev.mlops4j.workspace.ProcessIdentity;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecipeTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final String COMMIT = "0123456789012345678901234567890123456789";
  private static final Map<String, String> GOOD =
      Map.of(
          "java", "17",
          "git.commit", COMMIT,
          "git.branch", "main",
          "git.dirty", "false",
          "command", "app.Train --rows=10",
          "class path: target/classes", "directory");

  @TempDir Path directory;

  @Test
  void itHasAllThatTheRunLogged() {
    try (Workspace workspace = Workspace.open(directory)) {
      Tracking tracking = Tracking.in(workspace);
      Run run = tracking.start("delay", "five epochs");
      run.param("depth", 6);
      run.param("seed.of", "no number");
      run.seed("split", 42);
      run.seed("split", 42);
      assertThatThrownBy(() -> run.seed("split", 43)).isInstanceOf(ParamConflictException.class);
      assertThatThrownBy(() -> run.seed(" ", 43)).isInstanceOf(InvalidNameException.class);
      run.log(TestModels.FLIGHTS);
      StoredPackage stored = run.log(TestModels.packaged(0.25));
      run.artifact("notes.txt", "x");
      run.close();

      Recipe recipe = tracking.recipe(run.id());
      assertThat(recipe.runId()).isEqualTo(run.id());
      assertThat(recipe.params())
          .containsOnly(Map.entry("depth", "6"), Map.entry("seed.of", "no number"));
      assertThat(recipe.seeds()).containsExactly(Map.entry("split", 42L));
      assertThat(recipe.datasets()).containsExactly(TestModels.FLIGHTS);
      assertThat(recipe.models()).containsExactly(Map.entry("model", stored.digest()));
      assertThat(recipe.environment()).isEqualTo(tracking.run(run.id()).environment());
      assertThat(recipe).isEqualTo(tracking.run(run.id()).recipe());
      assertThat(tracking.search("delay").where("params.`seed.split` = '42'").page().runs())
          .hasSize(1);
      assertThatThrownBy(() -> tracking.recipe("4711")).isInstanceOf(NoSuchRunException.class);
    }
  }

  @Test
  void aRecipeSaysWhereTheDataCameFromAndWhichColumnsItHad() {
    Schema columns = Schema.builder().required("wind", ColumnType.FLOAT64).build();
    Recipe recipe =
        record(
                GOOD,
                RunStatus.FINISHED,
                Map.of(),
                List.of(
                    new DatasetReference(
                        "flights", "training", Digest.of("f"), 3, columns, "SQL SELECT\n1")),
                List.of())
            .recipe();
    assertThat(recipe.toText()).contains("from SQL SELECT?1");
    assertThat(recipe.toJson())
        .contains("\"source\" : \"SQL SELECT\\n1\"")
        .containsPattern("\"columns\" : \\{\\s+\"wind\" : \"FLOAT64\"");
  }

  @Test
  void nothingIsMissingOfARunWithACommitDataParamsAndSeeds() {
    Recipe recipe = recipe(GOOD);
    assertThat(recipe.missing()).isEmpty();
    assertThat(recipe.code())
        .isEqualTo(new Recipe.Code(COMMIT, "main", false, "app.Train --rows=10"));
  }

  @Test
  void whatIsMissingIsSaidInSentences() {
    assertThat(recipe(with("git.dirty", "true")).missing())
        .containsExactly(
            "The code had changes that are not in commit " + COMMIT + ".",
            "Of what the class path had in [target/classes] no digest is known.");
    assertThat(recipe(with("git.dirty", "unknown")).missing().get(0))
        .isEqualTo(
            "Whether the code had changes that are not in commit " + COMMIT + " is not known.");
    assertThat(recipe(with("command", "app.Train --token=***")).missing())
        .containsExactly("The command has masked arguments, which have to be given anew.");
    RunRecord bare = record(new TreeMap<>(), RunStatus.KILLED, Map.of(), List.of(), List.of());
    assertThat(bare.recipe().missing())
        .containsExactly(
            "The run is KILLED: what it logged may not be all.",
            "The commit of the code is not known: it ran outside of a Git repository, and no"
                + " variable of a CI told it.",
            "The main class and its arguments are not known.",
            "No dataset was logged.",
            "No params were logged.",
            "No seed was logged: what was random comes out otherwise.");
  }

  @Test
  void theSeedOfATrainerIsOne() {
    RunRecord run =
        record(GOOD, RunStatus.FINISHED, Map.of("seed", "0"), List.of(data()), List.of());
    assertThat(run.recipe().missing()).isEmpty();
    assertThat(run.recipe().params()).containsKey("seed");
  }

  @Test
  void aRunThatWentOnSaysWhatWasOtherwiseThen() {
    RunResume same = new RunResume(START, RunStatus.FAILED, "x", new TreeMap<>(GOOD));
    RunResume other =
        new RunResume(START, RunStatus.ABANDONED, null, new TreeMap<>(with("java", "25")));
    RunRecord run =
        record(
            GOOD,
            RunStatus.FINISHED,
            Map.of("seed.split", "1"),
            List.of(data()),
            List.of(same, other));
    assertThat(run.recipe().missing())
        .containsExactly(
            "It was FAILED and went on at 2026-01-01T00:00:00Z.",
            "It was ABANDONED and went on at 2026-01-01T00:00:00Z, with another [java].");
  }

  @Test
  void itIsReadAsTextAndAsJson() throws Exception {
    RunRecord run =
        record(
            with("git.dirty", "true"),
            RunStatus.FINISHED,
            Map.of("seed.split", "1", "odd", "a\nb\u001b[1m"),
            List.of(data()),
            List.of());
    assertThat(run.recipe().toText().lines())
        .anyMatch(line -> line.matches("dataset +training +flights, 3 rows, SHA-256 [0-9a-f]{64}"))
        .anyMatch(line -> line.matches("seed +split +1"))
        .anyMatch(line -> line.matches("param +odd +a\\?b\\?\\[1m"))
        .anyMatch(line -> line.startsWith("missing") && line.contains("had changes"))
        .filteredOn(line -> line.contains(COMMIT) && line.startsWith("code"))
        .hasSize(1);
    JsonNode json = new ObjectMapper().readTree(run.recipe().toJson());
    assertThat(json.path("format").asText()).isEqualTo("mlops4j-recipe");
    assertThat(json.path("version").asInt()).isEqualTo(1);
    assertThat(json.path("seeds").path("split").asLong()).isEqualTo(1);
    assertThat(json.path("params").path("odd").asText()).isEqualTo("a\nb\u001b[1m");
    assertThat(json.path("code").path("git.dirty").asText()).isEqualTo("true");
    assertThat(json.path("datasets").get(0).path("sha256").asText())
        .isEqualTo(data().digest().hex());
    assertThat(json.path("missing").size()).isEqualTo(2);
  }

  private static Recipe recipe(Map<String, String> environment) {
    return record(
            environment,
            RunStatus.FINISHED,
            Map.of("depth", "6", "seed.split", "1"),
            List.of(data()),
            List.of())
        .recipe();
  }

  private static Map<String, String> with(String name, String value) {
    Map<String, String> changed = new TreeMap<>(GOOD);
    changed.put(name, value);
    return changed;
  }

  private static DatasetReference data() {
    return new DatasetReference("flights", "training", Digest.of("f"), 3);
  }

  private static RunRecord record(
      Map<String, String> environment,
      RunStatus status,
      Map<String, String> params,
      List<DatasetReference> datasets,
      List<RunResume> resumes) {
    return new RunRecord(
        new RunStart(
            "r1", "delay", "n", START, ProcessIdentity.current(), new TreeMap<>(environment)),
        status,
        START,
        START,
        null,
        null,
        new TreeMap<>(params),
        new TreeMap<>(),
        new TreeMap<>(),
        datasets,
        new TreeMap<>(),
        "",
        resumes);
  }
}
