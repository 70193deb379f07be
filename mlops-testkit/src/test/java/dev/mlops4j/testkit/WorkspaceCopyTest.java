package dev.mlops4j.testkit;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.mlops4j.Digest;
import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Schema;
import dev.mlops4j.feature.EntityKey;
import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.feature.FeatureView;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.model.Environment;
import dev.mlops4j.model.Manifest;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.StoredPackage;
import dev.mlops4j.monitoring.Monitor;
import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.registry.Stage;
import dev.mlops4j.storage.CopiedTable;
import dev.mlops4j.storage.CopyRefusedException;
import dev.mlops4j.storage.Database;
import dev.mlops4j.storage.Migration;
import dev.mlops4j.storage.SchemaTooNewException;
import dev.mlops4j.storage.UnfinishedCopyException;
import dev.mlops4j.tracking.Run;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.ArtifactStore;
import dev.mlops4j.workspace.CopyProgress;
import dev.mlops4j.workspace.CopyReport;
import dev.mlops4j.workspace.CorruptArtifactException;
import dev.mlops4j.workspace.FileArtifactStore;
import dev.mlops4j.workspace.NoSuchArtifactException;
import dev.mlops4j.workspace.Workspace;
import dev.mlops4j.workspace.WorkspaceCopy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A workspace goes from a directory to PostgreSQL and back, and nothing is lost. */
class WorkspaceCopyTest {

  private static final FeatureView WEATHER =
      FeatureView.named("weather")
          .key("origin", STRING)
          .eventTime("at")
          .feature("wind", FLOAT64)
          .build();

  /** A component that nobody but this test knows, with a column of each kind. */
  private static final Migration EVERYTHING =
      new Migration(
          1,
          1,
          dialect ->
              List.of(
                  "CREATE TABLE anything (no "
                      + dialect.identity()
                      + ", text "
                      + dialect.orderedText()
                      + ", bytes "
                      + dialect.bytes()
                      + ", real DOUBLE PRECISION, whole BIGINT)",
                  "CREATE TABLE anything_part (no BIGINT NOT NULL REFERENCES anything (no),"
                      + " part TEXT NOT NULL, PRIMARY KEY (no, part))"
                      + dialect.keptByPrimaryKey()));

  private static final DatasetReference WIND =
      new DatasetReference(
          "wind",
          "training",
          Digest.of("wind"),
          7,
          Schema.builder().required("Wind ß", ColumnType.FLOAT64).sensitive("Wind ß").build(),
          "CSV ß.csv");

  @TempDir Path directory;
  private final HikariDataSource pool = PostgresServer.pool();

  @AfterEach
  void close() {
    pool.close();
  }

  @Test
  void aWorkspaceGoesToPostgresAndBackAndNothingIsLost() {
    String runId = fill();
    CopyReport there;
    CopyReport back;
    String schema = PostgresServer.newSchema();
    try (Workspace source = opened(Workspace.open(directory.resolve("source")));
        Workspace target = opened(postgres("target", schema))) {
      there = WorkspaceCopy.from(source).to(target).run();
    }
    try (Workspace source = postgres("target", schema);
        Workspace target = opened(Workspace.open(directory.resolve("back")))) {
      assertSame(opened(source), runId);
      back = WorkspaceCopy.from(source).to(target).run();
      assertSame(target, runId);
    }

    assertThat(back).isEqualTo(there);
    assertThat(there.artifacts()).isEqualTo(4);
    assertThat(there.tables())
        .extracting(CopiedTable::table)
        .contains(
            "run", "metric_point", "model_history", "feature_event", "alert", "artifact_upload")
        .containsSubsequence("anything", "anything_part");
    assertThat(rows(there, "anything")).isEqualTo(7_001);
    assertThat(rows(there, "metric_point")).isEqualTo(4);
    assertThat(rows(there, "feature_event")).isEqualTo(1);
  }

  @Test
  void numbersGoOnWhereTheSourceWas() {
    fill();
    String schema = PostgresServer.newSchema();
    try (Workspace source = opened(Workspace.open(directory.resolve("source")));
        Workspace target = opened(postgres("target", schema));
        Workspace back = opened(Workspace.open(directory.resolve("back")))) {
      // The greatest number is given no second time, though its row is gone.
      anything(source).write(tx -> tx.update("INSERT INTO anything (text) VALUES ('x')"));
      anything(source).write(tx -> tx.update("DELETE FROM anything WHERE text = 'x'"));
      WorkspaceCopy.from(source).to(target).run();
      WorkspaceCopy.from(target).to(back).run();

      for (Workspace each : List.of(source, target, back)) {
        assertThat(
                anything(each)
                    .<Long>write(
                        tx ->
                            tx.insertReturningId(
                                "INSERT INTO anything (text) VALUES ('y') RETURNING no")))
            .isEqualTo(7_003);
        Registry registry = Registry.in(each);
        assertThat(registry.register("delays", stored(each, "third")).number()).isEqualTo(3);
        try (Run run = Tracking.in(each).start("flights")) {
          run.metric("auc", 1);
        }
      }
    }
  }

  @Test
  void onlyTheDatabasesMayMoveWhileTheArtifactsStay() {
    String runId = fill();
    try (Workspace source = opened(Workspace.open(directory.resolve("source")));
        Workspace target = opened(postgres("source", PostgresServer.newSchema()))) {
      CopyReport report = WorkspaceCopy.from(source).to(target).run();
      assertThat(report.artifacts()).isEqualTo(4);
      assertSame(target, runId);
    }
  }

  @Test
  void whatIsNotEmptyIsRefusedAndLeftAsItIs() {
    fill();
    try (Workspace source = opened(Workspace.open(directory.resolve("source")));
        Workspace target = opened(postgres("target", PostgresServer.newSchema()))) {
      WorkspaceCopy.from(source).to(target).run();
      assertThatThrownBy(() -> WorkspaceCopy.from(source).to(target).run())
          .isInstanceOf(CopyRefusedException.class)
          .hasMessageContaining("has rows already")
          .hasMessageContaining("Nothing was changed");
      assertThatThrownBy(() -> WorkspaceCopy.from(target).to(source).run())
          .isInstanceOf(CopyRefusedException.class);
      assertThat(Tracking.in(target).experiments()).containsExactly("flights");
      assertThat(Tracking.in(source).experiments()).containsExactly("flights");
    }
  }

  @Test
  void tablesThatADbaMadeAreFilled() {
    String runId = fill();
    String schema = PostgresServer.newSchema();
    try (Workspace source = opened(Workspace.open(directory.resolve("source")));
        Database database = Database.postgres(pool, schema);
        Workspace target =
            opened(Workspace.at(directory.resolve("target")).database(database).open())) {
      database.migrate();
      WorkspaceCopy.from(source).to(target).run();
      assertSame(target, runId);
    }
  }

  @Test
  void whatTheTargetDoesNotKnowIsRefused() {
    fill();
    Path elsewhere = directory.resolve("elsewhere");
    try (Workspace source = Workspace.open(directory.resolve("source"));
        Workspace target = Workspace.open(elsewhere)) {
      Tracking.in(target);
      assertThatThrownBy(() -> WorkspaceCopy.from(source).to(target).run())
          .isInstanceOf(CopyRefusedException.class)
          .hasMessageContaining("nothing was opened in the target that uses its tables");
    }
    assertThat(elsewhere.resolve("metadata.db")).doesNotExist();
  }

  @Test
  void onlyWhatTheSourceHasNeedBeOpenedInTheTarget() {
    try (Workspace source = Workspace.open(directory.resolve("source"));
        Workspace target = Workspace.open(directory.resolve("target"))) {
      Tracking.in(source).start("flights").close();
      Registry.in(source).register("delays", stored(source, "first"));

      Tracking.in(target); // what is opened in the target says which tables there are
      Registry.in(target);
      CopyReport report = WorkspaceCopy.from(source).to(target).run();

      assertThat(report.artifacts()).isEqualTo(2);
      assertThat(rows(report, "run")).isEqualTo(1);
      assertThat(Registry.in(target).versions("delays")).hasSize(1);
    }
  }

  @Test
  void aSourceOfANewerLibraryIsRefused() {
    try (Workspace source = Workspace.open(directory.resolve("source"));
        Workspace target = Workspace.open(directory.resolve("target"))) {
      Migration more = new Migration(2, 1, d -> List.of("ALTER TABLE anything ADD COLUMN b TEXT"));
      source
          .database(Area.METADATA)
          .withSchema("anything", List.of(EVERYTHING, more))
          .read(tx -> true);
      target.database(Area.METADATA).withSchema("anything", List.of(EVERYTHING));
      assertThatThrownBy(() -> WorkspaceCopy.from(source).to(target).run())
          .isInstanceOf(SchemaTooNewException.class);
    }
  }

  @Test
  void anInterruptedCopyIsRecognisedAndRefused() {
    fill();
    String schema = PostgresServer.newSchema();
    CopyProgress broken =
        new CopyProgress() {
          @Override
          public void copied(long artifacts, long bytes) {
            throw new IllegalStateException("the cable was pulled");
          }
        };
    try (Workspace source = opened(Workspace.open(directory.resolve("source")));
        Workspace target = opened(postgres("target", schema));
        Workspace local = opened(Workspace.open(directory.resolve("local")))) {
      for (Workspace each : List.of(target, local)) {
        assertThatThrownBy(() -> WorkspaceCopy.from(source).to(each).run(broken))
            .hasMessage("the cable was pulled");
      }
    }
    try (Workspace source = opened(Workspace.open(directory.resolve("source")));
        Workspace target = opened(postgres("target", schema));
        Workspace local = opened(Workspace.open(directory.resolve("local")))) {
      for (Workspace each : List.of(target, local)) {
        assertThatThrownBy(() -> WorkspaceCopy.from(source).to(each).run())
            .isInstanceOf(UnfinishedCopyException.class)
            .hasMessageContaining("unfinished copy");
        assertThatThrownBy(() -> WorkspaceCopy.from(each).to(source).run())
            .isInstanceOf(UnfinishedCopyException.class);
        assertThatThrownBy(() -> Registry.in(each).models())
            .isInstanceOf(UnfinishedCopyException.class);
        assertThatThrownBy(() -> Tracking.in(each).experiments())
            .isInstanceOf(UnfinishedCopyException.class);
        assertThatThrownBy(() -> each.artifacts().put(new byte[1]))
            .isInstanceOf(UnfinishedCopyException.class);
      }
    }
  }

  @Test
  void textThatPostgresCannotHoldIsNamed() {
    try (Workspace source = Workspace.open(directory.resolve("source"));
        Workspace target = opened(postgres("target", PostgresServer.newSchema()))) {
      anything(source).write(tx -> tx.update("INSERT INTO anything (text) VALUES (?)", "a\0b"));
      assertThatThrownBy(() -> WorkspaceCopy.from(source).to(target).run())
          .isInstanceOf(CopyRefusedException.class)
          .hasMessageContaining("table anything: row 1 has the character U+0000 in column text");
      assertThatThrownBy(() -> anything(target).read(tx -> true))
          .isInstanceOf(UnfinishedCopyException.class);
    }
  }

  @Test
  void aDamagedOrLostArtifactIsNotCopiedOver() throws IOException {
    fill();
    Path store = directory.resolve("source/artifacts/sha256");
    Path file = store.resolve(Digest.of("hello").hex().substring(0, 2));
    file = file.resolve(Digest.of("hello").hex());
    Files.writeString(file, "hollo");
    try (Workspace source = opened(Workspace.open(directory.resolve("source")));
        Workspace first = opened(Workspace.open(directory.resolve("first")))) {
      assertThatThrownBy(() -> WorkspaceCopy.from(source).to(first).run())
          .isInstanceOf(CorruptArtifactException.class);
    }
    Files.delete(file);
    try (Workspace source = opened(Workspace.open(directory.resolve("source")));
        Workspace second = opened(Workspace.open(directory.resolve("second")))) {
      assertThatThrownBy(() -> WorkspaceCopy.from(source).to(second).run())
          .isInstanceOf(NoSuchArtifactException.class);
      assertThatThrownBy(() -> Registry.in(second).models())
          .isInstanceOf(UnfinishedCopyException.class);
    }
  }

  @Test
  void aCopyNamesItsOwnStore() {
    ArtifactStore elsewhere =
        FileArtifactStore.open(directory.resolve("elsewhere"), InstantSource.system());
    Path to = directory.resolve("target");
    Digest hello;
    try (Workspace source =
            opened(Workspace.at(directory.resolve("source")).artifacts(elsewhere).open());
        Workspace target = opened(Workspace.open(to))) {
      hello = source.artifacts().put("hello".getBytes(UTF_8));
      WorkspaceCopy.from(source).to(target).run();
    }
    try (Workspace target = opened(Workspace.open(to))) {
      assertThat(target.artifacts().read(hello)).isEqualTo("hello".getBytes(UTF_8));
    }
  }

  /** Something of everything, with values that databases like to change. */
  private String fill() {
    try (Workspace source = opened(Workspace.open(directory.resolve("source")))) {
      Database anything = anything(source);
      anything.write(
          tx -> {
            for (int i = 0; i < 7_000; i++) {
              tx.update(
                  "INSERT INTO anything (text, bytes, real, whole) VALUES (?, ?, ?, ?)",
                  "Ünï\u202e\ud83d\ude00 " + i,
                  i % 7 == 0 ? new byte[0] : new byte[] {0, (byte) i},
                  i % 2 == 0 ? -0.0 : Math.nextUp(i),
                  Long.MIN_VALUE + i);
            }
            tx.update("INSERT INTO anything (text, real) VALUES ('', ?)", Double.NEGATIVE_INFINITY);
            return tx.update("INSERT INTO anything_part (no, part) VALUES (1, 'ß'), (1, 'ss')");
          });
      source.database(Area.LEDGER).migrate();
      FeatureStore.in(source)
          .push(WEATHER, Map.of("origin", "JFK", "at", Instant.EPOCH, "wind", 1.5));
      Registry registry = Registry.in(source);
      ModelVersion version = registry.register("delays", stored(source, "first"));
      registry.promote(version).to(Stage.PRODUCTION).expecting(null).because("the first").commit();
      ModelVersion gone = registry.register("delays", stored(source, "hello"));
      registry.delete(gone).because("no use").commit();
      try (Run run = Tracking.in(source).start("flights")) {
        run.param("depth", "6");
        run.tag("note", "a\nb");
        run.metric("auc", Double.NaN);
        run.metric("auc", Double.POSITIVE_INFINITY);
        run.metric("auc", Double.MIN_VALUE);
        run.metric("loss", 0.1 + 0.2);
        run.log(WIND);
        run.artifact("hello.txt", "hello");
        return run.id();
      }
    }
  }

  private static void assertSame(Workspace copy, String runId) {
    assertThat(
            anything(copy)
                .<List<byte[]>>read(
                    tx ->
                        tx.query(
                            "SELECT bytes FROM anything WHERE no IN (1, 2, 7001) ORDER BY no",
                            row -> row.getBytes(1) == null ? new byte[] {9} : row.getBytes(1))))
        .containsExactly(new byte[0], new byte[] {0, 1}, new byte[] {9});
    assertThat(
            anything(copy)
                .<List<Long>>read(
                    tx ->
                        tx.query(
                            "SELECT count(*) FROM anything WHERE bytes IS NULL",
                            row -> row.getLong(1))))
        .containsExactly(1L);
    Tracking tracking = Tracking.in(copy);
    assertThat(tracking.run(runId).params()).containsEntry("depth", "6");
    assertThat(tracking.run(runId).datasets()).containsExactly(WIND);
    assertThat(tracking.run(runId).metric("loss")).isEqualTo(0.1 + 0.2);
    assertThat(tracking.series(runId, "auc"))
        .extracting(point -> point.value())
        .containsExactly(Double.NaN, Double.POSITIVE_INFINITY, Double.MIN_VALUE);
    assertThat(tracking.artifact(runId, "hello.txt")).isEqualTo("hello".getBytes(UTF_8));
    Registry registry = Registry.in(copy);
    assertThat(registry.production("delays")).extracting(ModelVersion::number).isEqualTo(1);
    assertThat(registry.history("delays")).hasSize(2);
    assertThat(
            FeatureStore.in(copy)
                .get(WEATHER, EntityKey.of(WEATHER, "JFK"), Instant.now())
                .number("wind"))
        .isEqualTo(1.5);
  }

  /** All that may be in a workspace, so that its tables are known. */
  private static Workspace opened(Workspace workspace) {
    Tracking.in(workspace);
    Registry.in(workspace);
    FeatureStore.in(workspace);
    Monitor.declareTables(workspace.database(Area.LEDGER));
    anything(workspace);
    return workspace;
  }

  private Workspace postgres(String name, String schema) {
    return Workspace.at(directory.resolve(name)).database(Database.postgres(pool, schema)).open();
  }

  private static Database anything(Workspace workspace) {
    return workspace.database(Area.METADATA).withSchema("anything", List.of(EVERYTHING));
  }

  private static long rows(CopyReport report, String table) {
    return report.tables().stream()
        .filter(each -> each.table().equals(table))
        .findFirst()
        .orElseThrow()
        .rows();
  }

  private static StoredPackage stored(Workspace workspace, String content) {
    Digest tree = workspace.artifacts().putTree(Map.of("model.txt", content.getBytes(UTF_8)));
    return new StoredPackage(
        tree,
        new Manifest(
            Manifest.FORMAT_VERSION,
            "onnx",
            new Signature(
                List.of(Signature.Input.numeric("wind")), Signature.Output.binary("late")),
            "flight_delay",
            null,
            List.of(),
            null,
            Environment.current()));
  }
}
