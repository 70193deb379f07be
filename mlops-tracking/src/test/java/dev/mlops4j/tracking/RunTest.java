package dev.mlops4j.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.Digest;
import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.Schema;
import dev.mlops4j.evaluation.Evaluation;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.RunFacts;
import dev.mlops4j.model.StoredPackage;
import dev.mlops4j.workspace.CorruptArtifactException;
import dev.mlops4j.workspace.InvalidArtifactPathException;
import dev.mlops4j.workspace.UnreadableFileException;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunTest {

  @TempDir Path directory;
  private final MovableClock clock = new MovableClock();
  private Workspace workspace;
  private Tracking tracking;
  private Run run;

  @BeforeEach
  void open() {
    workspace = Workspace.at(directory.resolve("workspace")).systemClock(clock).open();
    tracking = Tracking.in(workspace);
    run = tracking.start("delay");
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  @Test
  void paramsOfEveryKindAreDurableAtOnce() {
    run.param("booster", "gbtree");
    run.param("depth", 6);
    run.param("rate", 0.1);
    run.param("silent", true);
    assertThat(read().params())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("booster", "gbtree", "depth", "6", "rate", "0.1", "silent", "true"));
  }

  @Test
  void theSameParamAgainIsFineAndAnotherValueIsRefused() {
    run.param("depth", 6);
    run.param("depth", 6);
    assertThatThrownBy(() -> run.param("depth", 7))
        .isInstanceOf(ParamConflictException.class)
        .hasMessageContaining("param \"depth\" of run " + run.id())
        .hasMessageContaining("is \"6\" and cannot become \"7\"")
        .hasMessageContaining("write-once. Use another key, a tag, or another run");
    assertThat(read().params()).containsExactly(Map.entry("depth", "6"));
  }

  @Test
  void ofSeveralParamsNoneIsAddedIfOneConflicts() {
    run.param("depth", 6);
    assertThatThrownBy(() -> run.params(Map.of("a", "1", "depth", "7", "z", "1")))
        .isInstanceOf(ParamConflictException.class);
    assertThat(read().params()).containsExactly(Map.entry("depth", "6"));
  }

  @Test
  void aTagTakesItsLastValue() {
    run.tag("note", "first");
    run.tag("note", "second");
    assertThat(read().tags()).containsExactly(Map.entry("note", "second"));
  }

  @Test
  void datasetsAreKeptByRoleAndOnce() {
    TestModels.Data data = new TestModels.Data();
    run.log(data);
    run.log(data);
    run.log(data, "test");
    DatasetReference extra = new DatasetReference("weather", "training", Digest.of("w"), 9);
    run.log(extra);

    DatasetReference flights = TestModels.FLIGHTS;
    assertThat(read().datasets())
        .containsExactly(
            flights,
            new DatasetReference("flights", "test", flights.digest(), flights.rows()),
            extra);
  }

  @Test
  void aDatasetIsLoggedWithItsColumnsAndItsSource() {
    Dataset weather =
        Dataset.builder(Schema.builder().required("wind", ColumnType.FLOAT64).build())
            .add(1.5)
            .build()
            .withSource("SQL SELECT wind FROM s3_read('w', secret = 'hunter''2') AT http://a:b@db");
    run.log(DatasetReference.of("weather", "test", weather));
    DatasetReference read = read().datasets().get(0);
    assertThat(read.schema()).isEqualTo(weather.schema());
    assertThat(read.source())
        .isEqualTo("SQL SELECT wind FROM s3_read('w', secret = '***') AT http://***@db");
    assertThat(read.withoutDetails())
        .isEqualTo(new DatasetReference("weather", "test", weather.digest(), 1));
  }

  @Test
  void aSourceThatCouldNotBeReadBackIsRefused() {
    DatasetReference data = new DatasetReference("weather", "test", Digest.of("w"), 9);
    for (String source : List.of("a\0", "\ud800", "x".repeat(65_537))) {
      assertThatThrownBy(() -> run.log(data.withSource(source)))
          .isInstanceOf(InvalidNameException.class)
          .hasMessageContaining("source of dataset \"weather\"");
    }
    assertThat(read().datasets()).isEmpty();
  }

  @Test
  void anEvaluationIsLoggedWithAPrefixOrWithout() {
    Evaluation evaluation =
        Evaluation.binary(new double[] {0.9, 0.2, 0.8}, new boolean[] {true, false, false});
    run.log(evaluation);
    run.log(evaluation, "test");
    run.flush();

    evaluation
        .metrics()
        .forEach(
            (name, value) -> {
              assertThat(read().metric(name)).isEqualTo(value);
              assertThat(read().metric("test_" + name)).isEqualTo(value);
            });
  }

  @Test
  void artifactsOfBytesTextAndFilesAreReadBackVerified() throws IOException {
    Path file = Files.writeString(directory.resolve("big.csv"), "a,b");
    run.artifact("raw/bytes.bin", new byte[] {1, 2, 3});
    run.artifact("notes.md", "# Größe");
    run.artifact("data/big.csv", file);

    assertThat(read().artifacts().keySet())
        .containsExactly("data/big.csv", "notes.md", "raw/bytes.bin");
    assertThat(read().artifacts().get("data/big.csv").bytes()).isEqualTo(3);
    assertThat(tracking.artifact(run.id(), "raw/bytes.bin")).containsExactly(1, 2, 3);
    assertThat(new String(tracking.artifact(run.id(), "notes.md"), StandardCharsets.UTF_8))
        .isEqualTo("# Größe");
    assertThat(tracking.artifact(run.id(), "data/big.csv")).hasSize(3);
  }

  @Test
  void aFileThatCannotBeReadIsRefusedAndNothingIsLogged() {
    Path lost = directory.resolve("lost.csv");
    assertThatThrownBy(() -> run.artifact("data/lost.csv", lost))
        .isInstanceOf(UnreadableFileException.class)
        .hasMessageContaining("cannot read " + lost)
        .hasMessageContaining("Nothing was stored");
    assertThat(read().artifacts()).isEmpty();
  }

  @Test
  void anArtifactLoggedAgainAtItsPathReplacesTheFirst() {
    run.artifact("notes.md", "first");
    run.artifact("notes.md", "second");
    assertThat(tracking.artifact(run.id(), "notes.md"))
        .isEqualTo("second".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void anArtifactThatIsNotThereIsAnErrorThatListsThoseThatAre() {
    run.artifact("notes.md", "x");
    assertThatThrownBy(() -> tracking.artifact(run.id(), "note.md"))
        .isInstanceOf(NoSuchRunArtifactException.class)
        .hasMessageContaining("no artifact \"note.md\" of kind FILE; it has [notes.md (FILE)]");
  }

  @Test
  void anAlteredArtifactIsRefused() throws IOException {
    RunArtifact artifact = run.artifact("notes.md", "not to be altered");
    Files.writeString(stored(artifact.digest()), "altered");
    assertThatThrownBy(() -> tracking.artifact(run.id(), "notes.md"))
        .isInstanceOf(CorruptArtifactException.class)
        .hasMessageContaining(artifact.digest().hex());
  }

  @Test
  void aPathThatLeadsOutOfTheRunIsRefused() {
    for (String path :
        List.of(
            "../x",
            "/etc/passwd",
            "a/../b",
            "a//b",
            ".",
            "a\\b",
            "C:/x",
            "a:b",
            "a/ /b",
            "a/",
            "./a")) {
      assertThatThrownBy(() -> run.artifact(path, "x"))
          .isInstanceOf(InvalidArtifactPathException.class)
          .hasMessageContaining("\"" + path + "\" cannot be a path in a tree: ")
          .hasMessageContaining("Use one like \"model/model.json\"");
    }
    assertThat(read().artifacts()).isEmpty();
  }

  @Test
  void aModelPackageIsStoredWithTheRunInItsLineageAndComesBack() {
    StoredPackage stored = run.log(TestModels.packaged(0.25));

    assertThat(stored.manifest().runId()).isEqualTo(run.id());
    assertThat(tracking.storedModel(run.id(), "model")).isEqualTo(stored);
    ModelPackage read = tracking.model(run.id(), "model");
    assertThat(read.manifest()).isEqualTo(stored.manifest());
    assertThat(read.file("model.txt")).isEqualTo("0.25".getBytes(StandardCharsets.UTF_8));
    RunArtifact artifact = read().artifacts().get("model");
    assertThat(artifact.kind()).isEqualTo(RunArtifact.Kind.MODEL);
    assertThat(artifact.digest()).isEqualTo(stored.digest());
    assertThat(artifact.bytes())
        .isEqualTo(read.files().values().stream().mapToLong(file -> file.length).sum());
  }

  @Test
  void aPackageThatIsLoggedTakesTheParamsLatestMetricsAndDatasetsAlong() {
    DatasetReference data = new DatasetReference("flights", "training", Digest.of("d"), 3);
    run.param("depth", 6);
    run.metric("auc", 1, 0.5);
    run.metric("auc", 2, 0.75);
    run.metric("loss", Double.NaN);
    run.log(data);
    StoredPackage stored = run.log(TestModels.packaged(0.25));
    RunFacts facts =
        new RunFacts(Map.of("depth", "6"), Map.of("auc", 0.75, "loss", Double.NaN), List.of(data));
    assertThat(stored.facts()).isEqualTo(facts);
    run.metric("auc", 3, 0.875);
    run.flush();
    assertThat(stored.facts()).isEqualTo(facts);
    assertThat(tracking.storedModel(run.id(), "model").facts().metrics())
        .containsEntry("auc", 0.875);
  }

  @Test
  void theSamePackageFromTheSameRunHasTheSameDigest() {
    assertThat(run.log(TestModels.packaged(0.25), "again"))
        .isEqualTo(run.log(TestModels.packaged(0.25)));
    assertThat(tracking.start("delay").log(TestModels.packaged(0.25)))
        .isNotEqualTo(run.log(TestModels.packaged(0.25)));
  }

  @Test
  void whateverIsAskedOfAnEndedRunIsRefusedAndChangesNothing() {
    run.param("depth", 6);
    run.close();
    RunRecord before = read();

    Map<String, Consumer<Run>> calls =
        Map.of(
            "params [depth]", r -> r.param("depth", 6),
            "metric \"auc\"", r -> r.metric("auc", 1, 0.5),
            "tag \"note\"", r -> r.tag("note", "x"),
            "datasets", r -> r.log(new TestModels.Data()),
            "artifact \"a\"", r -> r.artifact("a", "x"),
            "model \"model\"", r -> r.log(TestModels.packaged(0.5)));
    calls.forEach(
        (asked, call) ->
            assertThatThrownBy(() -> call.accept(run))
                .isInstanceOf(RunEndedException.class)
                .hasMessageContaining("run " + run.id() + " is FINISHED")
                .hasMessageContaining("asked to log " + asked)
                .hasMessageContaining("Log before the run is closed, or start another run"));
    assertThat(read()).isEqualTo(before);
  }

  @Test
  void keysAndValuesThatAreTooLongOrHiddenAreRefused() {
    assertThatThrownBy(() -> run.metric("a\u0007b", 1))
        .isInstanceOf(InvalidNameException.class)
        .hasMessageContaining("metric \"a?b\" (3 characters)");
    assertThatThrownBy(() -> run.param("", "x"))
        .isInstanceOf(InvalidNameException.class)
        .hasMessageContaining("param \"\"");
    assertThatThrownBy(() -> run.tag("note", "x".repeat(65_537)))
        .isInstanceOf(InvalidNameException.class)
        .hasMessageContaining("has 65537 characters, at most 65536 are accepted");
    run.tag("html", "<script>alert(1)</script>");
    run.param("sql", "'; DROP TABLE run; --");
    assertThat(read().params()).containsEntry("sql", "'; DROP TABLE run; --");
  }

  @Test
  void halfASurrogatePairIsRefusedBecauseItCouldNotBeReadBack() {
    assertThatThrownBy(() -> run.param("\ud800", "x"))
        .isInstanceOf(InvalidNameException.class)
        .hasMessageContaining("half of a surrogate pair");
    assertThatThrownBy(() -> run.param("text", "x\udc00"))
        .isInstanceOf(InvalidNameException.class)
        .hasMessageContaining("the value of param \"text\"");
    run.param("text", "\ud83d\ude00");
    run.param("text", "\ud83d\ude00");
    assertThat(read().params()).containsEntry("text", "\ud83d\ude00");
  }

  @Test
  void theCharacterZeroIsRefusedBecauseNotEveryDatabaseCanHoldIt() {
    assertThatThrownBy(() -> run.param("quote", "\0"))
        .isInstanceOf(InvalidNameException.class)
        .hasMessageContaining("the value of param \"quote\" has U+0000");
    assertThatThrownBy(() -> run.tag("quote", "a\0b")).isInstanceOf(InvalidNameException.class);
    Schema schema = Schema.builder().required("wind\0", ColumnType.FLOAT64).build();
    DatasetReference data =
        new DatasetReference("weather", "test", Digest.of("w"), 9, schema, "CSV w.csv");
    assertThatThrownBy(() -> run.log(data))
        .isInstanceOf(InvalidNameException.class)
        .hasMessageContaining("column");
    assertThat(read().params()).isEmpty();
  }

  @Test
  void aMetricThatARunDoesNotHaveIsAnErrorThatListsThoseItHas() {
    run.metric("auc", 0.5);
    run.flush();
    assertThatThrownBy(() -> read().metric("acu"))
        .isInstanceOfSatisfying(
            NoSuchMetricException.class, e -> assertThat(e.metric()).isEqualTo("acu"))
        .hasMessageContaining("no metric \"acu\"; it has [auc]");
  }

  private RunRecord read() {
    return tracking.run(run.id());
  }

  private Path stored(Digest digest) throws IOException {
    try (Stream<Path> files = Files.walk(workspace.directory())) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.toString().replace("/", "").endsWith(digest.hex()))
          .findFirst()
          .orElseThrow();
    }
  }
}
