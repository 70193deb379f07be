package dev.mlops4j.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.Digest;
import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Schema;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.workspace.Archive;
import dev.mlops4j.workspace.ArchiveException;
import dev.mlops4j.workspace.CorruptArtifactException;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunArchiveTest {

  private static final Schema COLUMNS =
      Schema.builder()
          .optional("wind", ColumnType.FLOAT64)
          .required("hour", ColumnType.INT64)
          .optional("passenger", ColumnType.STRING)
          .sensitive("passenger")
          .build();

  @TempDir Path directory;
  private final MovableClock clock = new MovableClock();
  private Workspace source;
  private Workspace target;
  private Tracking from;
  private Tracking to;
  private Path archive;

  @BeforeEach
  void open() {
    source = Workspace.at(directory.resolve("from")).systemClock(clock).open();
    target = Workspace.at(directory.resolve("to")).systemClock(clock).open();
    from = Tracking.in(source);
    to = Tracking.in(target);
    archive = directory.resolve("runs.zip");
  }

  @AfterEach
  void close() {
    source.close();
    target.close();
  }

  @Test
  void runsComeAsTheyWere() {
    RunRecord one = full("one");
    RunRecord other = from.run("delay", "other", run -> run.param("depth", 8));
    Run failing = from.start("delay", "failing");
    failing.fail(new IllegalStateException("no more memory"));
    RunRecord failed = from.run(failing.id());
    from.exportTo(archive, List.of(one, other, failed));
    clock.advance(Duration.ofDays(400));
    assertThat(to.importFrom(archive))
        .containsExactly(
            new ImportedRun(one, true),
            new ImportedRun(other, true),
            new ImportedRun(failed, true));
    assertThat(to.run(one.id())).isEqualTo(one);
    assertThat(to.series(one.id(), "loss")).isEqualTo(from.series(one.id(), "loss")).hasSize(9_001);
    assertThat(to.artifact(one.id(), "notes.txt"))
        .isEqualTo("hello".getBytes(StandardCharsets.UTF_8));
    assertThat(to.model(one.id(), "model").digest())
        .isEqualTo(from.model(one.id(), "model").digest());
    assertThat(to.search("delay").where("params.depth = '8'").page().runs()).containsExactly(other);
  }

  @Test
  void importingAgainChangesNothing() {
    RunRecord one = full("one");
    from.exportTo(archive, List.of(one));
    to.importFrom(archive);
    assertThat(to.importFrom(archive)).containsExactly(new ImportedRun(one, false));
    assertThat(from.importFrom(archive)).containsExactly(new ImportedRun(one, false));
    assertThat(to.runs("delay")).hasSize(1);
    to.delete(one.id());
    assertThat(to.importFrom(archive).get(0).added()).isFalse();
    assertThat(to.run(one.id()).deletedAt()).isNotNull();
    RunRecord other = from.run("delay", "other", run -> run.param("depth", 8));
    Path more = directory.resolve("more.zip");
    from.exportTo(more, List.of(one, other));
    assertThat(to.importFrom(more)).extracting(ImportedRun::added).containsExactly(false, true);
  }

  @Test
  void aRunThatIsNotTheSameRefusesAll() throws IOException {
    RunRecord one = full("one");
    RunRecord other = from.run("delay", "other", run -> run.metric("auc", 0.5));
    from.exportTo(archive, List.of(one));
    to.importFrom(archive);
    Files.delete(archive);
    from.exportTo(archive, List.of(other, one));
    Map<String, byte[]> entries = entries();
    edit(entries, "\"depth\" : \"6\"", "\"depth\" : \"9\"");
    edit(entries, "\"hello\" : \"tag\"", "\"hello\" : \"other\"");
    assertThatThrownBy(() -> imported(entries))
        .isInstanceOfSatisfying(
            RunExistsException.class, e -> assertThat(e.runId()).isEqualTo(one.id()))
        .hasMessageContaining("params, tags differ");
    assertThat(to.runs("delay")).containsExactly(one);
  }

  @Test
  void anAbandonedRunIsAbandonedThere() {
    Run open = from.start("delay", "lost");
    open.metric("auc", 0.5);
    open.flush();
    assertThatThrownBy(() -> from.exportTo(archive, List.of(from.run(open.id()))))
        .isInstanceOf(RunNotEndedException.class)
        .hasMessageContaining("is not exported");
    clock.advance(Tracking.ABANDONED_AFTER.plusSeconds(1));
    RunRecord lost = from.run(open.id());
    from.exportTo(archive, List.of(lost));
    assertThat(to.importFrom(archive).get(0).run().status()).isEqualTo(RunStatus.ABANDONED);
    assertThat(from.importFrom(archive)).containsExactly(new ImportedRun(lost, false));
  }

  @Test
  void aFamilyComesWithItsNotesAndWhatHappenedToIt() {
    Run parent = from.start("delay", "parent");
    Run child = parent.child("child");
    child.notes("# Why");
    child.kill("by hand");
    from.resume(child.id()).kill("again");
    parent.close();
    RunRecord one = from.run(child.id());
    assertThat(one.resumes()).hasSize(1);
    from.exportTo(archive, List.of(one, from.run(parent.id())));
    to.importFrom(archive);
    assertThat(to.run(child.id())).isEqualTo(one);
    assertThat(to.run(child.id()).status()).isEqualTo(RunStatus.KILLED);
    assertThat(to.children(parent.id())).containsExactly(one);
    assertThat(to.importFrom(archive)).extracting(ImportedRun::added).containsOnly(false);
  }

  @Test
  void runsThatAreTheirOwnAncestorsAreRefused() throws IOException {
    Run parent = from.start("delay", "parent");
    Run child = parent.child("child");
    child.close();
    parent.close();
    String parentName = "\"name\" : \"parent\"";
    String parentOfChild = "\"parent\" : \"" + parent.id() + "\"";
    String childAsParent = "\"parent\" : \"" + child.id() + "\"";

    refusesEdited(parentOfChild, childAsParent, "whose parents form a cycle");
    refusesEdited(parentName, parentName + ", " + childAsParent, "whose parents form a cycle");

    Files.delete(archive);
    from.exportTo(archive, List.of(from.run(child.id())));
    to.importFrom(archive);
    Files.delete(archive);
    from.exportTo(archive, List.of(from.run(parent.id())));
    Map<String, byte[]> entries = entries();
    edit(entries, parentName, parentName + ", " + childAsParent);
    assertThatThrownBy(() -> imported(entries))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("whose parents form a cycle");
    assertThat(to.runs("delay")).extracting(RunRecord::id).containsExactly(child.id());
  }

  @Test
  void theSameRunsGiveTheSameBytes() throws IOException {
    RunRecord one = full("one");
    from.exportTo(archive, List.of(one));
    to.importFrom(archive);
    Path again = directory.resolve("again.zip");
    to.exportTo(again, List.of(one));
    assertThat(Files.mismatch(archive, again)).isEqualTo(-1);
  }

  @Test
  void whatCannotBeExportedLeavesNothingBehind() throws IOException {
    RunRecord one = full("one");
    Files.writeString(archive, "mine");
    assertThatThrownBy(() -> from.exportTo(archive, List.of(one)))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("there is something already");
    assertThat(archive).hasContent("mine");
    Path file = directory.resolve("a.zip");
    assertThatThrownBy(() -> from.exportTo(file, List.of(one, one)))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("twice");
    assertThatThrownBy(() -> from.exportTo(file, List.of())).isInstanceOf(ArchiveException.class);
    damage(directory.resolve("from"), one.artifacts().get("notes.txt").digest());
    assertThatThrownBy(() -> from.exportTo(file, List.of(one)))
        .isInstanceOf(CorruptArtifactException.class);
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).hasSize(3);
    }
  }

  @Test
  void whatAnArchiveShouldNotHaveIsRefused() throws IOException {
    for (String name : List.of("../evil", "/etc/passwd", "files/../x", "files/" + "0".repeat(64))) {
      Map<String, byte[]> entries = exported();
      entries.put(name, new byte[] {1});
      refuses(entries, "that its index does not list");
    }
    for (String name : exported().keySet()) {
      if (name.startsWith(Archive.FILES)) {
        Map<String, byte[]> lacking = exported();
        lacking.remove(name);
        refuses(lacking, "lacks the entry");
        Map<String, byte[]> altered = exported();
        byte[] content = altered.get(name).clone();
        content[content.length / 2] ^= 1;
        altered.put(name, content);
        refuses(altered, "was altered");
      }
    }
  }

  @Test
  void anIndexThatContradictsTheFilesOrTheRulesIsRefused() throws IOException {
    String notes = "\"path\" : \"notes.txt\"";
    refusesEdited("\"loss\" : 9001", "\"loss\" : 9000", "lacks the file");
    refusesEdited("\"loss\" : 9001", "\"loss\" : 4611686018427387904", "more points than");
    refusesEdited("\"loss\" : 9001", "\"loss\" : -1", "is negative");
    refusesEdited("\"bytes\" : 5", "\"bytes\" : 6", "lacks the file");
    refusesEdited(notes, "\"path\" : \"../notes.txt\"", "cannot be a path");
    refusesEdited(notes, "\"path\" : \"a\\u001b.txt\"", "control character");
    refusesEdited("\"status\" : \"FINISHED\"", "\"status\" : \"RUNNING\"", "cannot be RUNNING");
    refusesEdited("\"status\" : \"FINISHED\"", "\"status\" : \"DONE\"", "not as it should be");
    refusesEdited("\"environments\" : [ 0 ]", "\"environments\" : [ 1 ]", "not as it should be");
    refusesEdited("\"environments\" : [ 0 ]", "\"environments\" : [ 0, 0 ]", "one environment");
    for (String name : List.of("params", "tags", "metrics")) {
      String key = "\"" + name + "\" : ";
      refusesEdited(key + "{", key + "[ \"6\" ], \"unused\" : {", "an object lacks");
    }
    for (String name : List.of("datasets", "artifacts")) {
      String key = "\"" + name + "\" : ";
      refusesEdited(key + "[", key + "{ }, \"unused\" : [", "a list lacks");
    }
    String none = "\"resumes\" : [ ]";
    String running = "\"resumes\" : [ { \"at\" : 0, \"before\" : \"RUNNING\" } ]";
    refusesEdited(none, running, "was RUNNING before");
    refusesEdited("\"host\" : \"", "\"host\" : \"\\ud800", "half of a surrogate pair");
    refusesEdited("\"host\" : \"", "\"host\" : \"\\u0000", "U+0000");
    String environment = "\"environments\" : [ {";
    refusesEdited(environment, environment + " \"a\" : \"\\u0000\",", "U+0000");
    refusesEdited(environment, environment + " \"a\\ud83d\" : \"\\ude00\",", "surrogate pair");
    refusesEdited("\"version\" : 2", "\"version\" : 3", "use the library that wrote it");
    refusesEdited("\"version\" : 2", "\"version\" : 0", "use the library that wrote it");
    refusesEdited("\"FLOAT64\"", "\"FLOAT63\"", "no type of columns");
    refusesEdited("\"FLOAT64\"", "\"FLOATS(99999)\"", "no type of columns");
    refusesEdited("\"name\" : \"wind\"", "\"name\" : \"hour\"", "declared twice");
    refusesEdited("\"name\" : \"wind\"", "\"name\" : \"\\udc00\"", "half of a surrogate pair");
    refusesEdited("\"source\" : \"CSV", "\"source\" : \"\\u0000", "U+0000");
    refusesEdited("\"sensitive\" : true", "\"sensitive\" : 1", "a truth value lacks");
    refusesEdited("mlops4j-runs", "mlops4j-versions", "no archive of runs");
    refusesEdited("\"kind\" : \"FILE\"", "\"kind\" : \"MODEL\"", "not as it should be");
    for (String wrong : List.of("[]", "{}", "nope", "{\"format\":\"mlops4j-runs\"}", "")) {
      Map<String, byte[]> entries = exported();
      entries.put(Archive.INDEX, wrong.getBytes(StandardCharsets.UTF_8));
      assertThatThrownBy(() -> imported(entries)).isInstanceOf(ArchiveException.class);
    }
    write(exported());
    assertThatThrownBy(() -> to.importFrom(archive, 1_000))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("more than 1000 bytes");
  }

  /** The file was written by the library when that was the version of archives. */
  @Test
  void anArchiveOfVersionOneIsRead() throws IOException {
    try (InputStream golden = RunArchiveTest.class.getResourceAsStream("runs-version-1.zip")) {
      Files.write(archive, golden.readAllBytes());
    }
    RunRecord run = to.importFrom(archive).get(0).run();
    assertThat(run.name()).isEqualTo("golden");
    assertThat(run.params()).containsExactly(Map.entry("depth", "6"));
    assertThat(run.datasets())
        .containsExactly(new DatasetReference("flights", "training", Digest.of("july"), 7));
    assertThat(to.series(run.id(), "loss"))
        .extracting(MetricPoint::value)
        .containsExactly(0.5, 0.25);
    assertThat(to.artifact(run.id(), "notes.txt")).asString().isEqualTo("hello");
    assertThat(to.importFrom(archive)).containsExactly(new ImportedRun(run, false));
  }

  @Test
  void pointsThatAreNotInTheOrderOfTheirSeriesAreRefused() throws IOException {
    Map<String, byte[]> entries = exported();
    String before = RunArchiveJson.read(entries.get(Archive.INDEX)).runs().get(0).points().hex();
    byte[] points = entries.remove(Archive.FILES + before);
    byte[] swapped = points.clone();
    System.arraycopy(points, PointFile.POINT_BYTES, swapped, 2 * PointFile.POINT_BYTES, 24);
    System.arraycopy(points, 2 * PointFile.POINT_BYTES, swapped, PointFile.POINT_BYTES, 24);
    edit(entries, before, Digest.of(swapped).hex());
    entries.put(Archive.FILES + Digest.of(swapped).hex(), swapped);
    refuses(entries, "not in their order");
  }

  /** Whatever byte is changed: the import is refused, or gives what was exported. */
  @Test
  void anArchiveWithAnyByteChangedIsRefusedOrMeansTheSame() throws IOException {
    RunRecord one = from.run("delay", "one", run -> fill(run, 10));
    from.exportTo(archive, List.of(one));
    byte[] whole = Files.readAllBytes(archive);
    Random random = new Random(1);
    for (int i = 0; i < 150; i++) {
      byte[] changed = whole.clone();
      changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(archive, changed);
      try {
        assertThat(to.importFrom(archive).get(0).run()).isEqualTo(one);
      } catch (ArchiveException e) {
        assertThat(e).hasMessageNotContaining("\u0000");
      }
    }
  }

  private RunRecord full(String name) {
    return from.run("delay", name, run -> fill(run, 9_000));
  }

  private void fill(Run run, int points) {
    run.param("depth", 6);
    run.tag("hello", "tag");
    for (int i = 0; i < points; i++) {
      run.metric(
          "loss", i, i == 7 ? Double.NaN : i == 8 ? Double.NEGATIVE_INFINITY : 1.0 / (1 + i));
      if (i % 1_000 == 0) {
        clock.advance(Duration.ofMillis(1));
      }
    }
    run.metric("loss", 3, 0.125);
    run.metric("auc", 0.7);
    run.log(
        new DatasetReference("flights", "training", Digest.of("july"), 7, COLUMNS, "CSV july.csv"));
    run.artifact("notes.txt", "hello");
    run.artifact("copy.txt", "hello");
    run.log(TestModels.packaged(0.5));
  }

  private Map<String, byte[]> exported() throws IOException {
    Files.deleteIfExists(archive);
    List<RunRecord> runs = from.runs("delay");
    from.exportTo(archive, runs.isEmpty() ? List.of(full("one")) : runs);
    return entries();
  }

  private Map<String, byte[]> entries() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        entries.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
      }
    }
    return entries;
  }

  private static void edit(Map<String, byte[]> entries, String before, String after) {
    String text = new String(entries.get(Archive.INDEX), StandardCharsets.UTF_8);
    assertThat(text).contains(before);
    entries.put(Archive.INDEX, text.replace(before, after).getBytes(StandardCharsets.UTF_8));
  }

  private void write(Map<String, byte[]> entries) throws IOException {
    String digest = Digest.of(entries.get(Archive.INDEX)).hex();
    entries.put(Archive.INDEX_DIGEST, digest.getBytes(StandardCharsets.US_ASCII));
    try (OutputStream out = Files.newOutputStream(archive);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
        zip.closeEntry();
      }
    }
  }

  private List<ImportedRun> imported(Map<String, byte[]> entries) throws IOException {
    write(entries);
    return to.importFrom(archive);
  }

  private void refusesEdited(String before, String after, String why) throws IOException {
    Map<String, byte[]> entries = exported();
    edit(entries, before, after);
    refuses(entries, why);
  }

  /** Nothing is added, and nothing kept. */
  private void refuses(Map<String, byte[]> entries, String why) throws IOException {
    assertThatThrownBy(() -> imported(entries))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining(why)
        .hasMessageNotContaining("\u001b");
    assertThat(to.experiments()).isEmpty();
    try (Stream<Path> kept = Files.walk(directory.resolve("to"))) {
      assertThat(kept.filter(file -> file.toString().contains("sha256"))).isEmpty();
    }
  }

  private static void damage(Path workspace, Digest digest) throws IOException {
    try (Stream<Path> files = Files.walk(workspace)) {
      List<Path> found =
          files
              .filter(file -> digest.hex().endsWith(file.getFileName().toString()))
              .filter(Files::isRegularFile)
              .toList();
      assertThat(found).hasSize(1);
      found.get(0).toFile().setWritable(true);
      Files.writeString(found.get(0), "other");
    }
  }
}
