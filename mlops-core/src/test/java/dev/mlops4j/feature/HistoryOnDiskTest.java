package dev.mlops4j.feature;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.INT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.data.ColumnType.TIMESTAMP;
import static dev.mlops4j.feature.Aggregation.mean;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.RowSource;
import dev.mlops4j.data.Schema;
import dev.mlops4j.data.Timestamps;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a training set of a history beyond memory leaves behind, needs and fails by. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HistoryOnDiskTest {

  private static final int BATCH = 10_000;
  private static final Instant AS_OF = Instant.parse("2030-01-01T00:00:00Z");
  private static final Schema SCHEMA =
      Schema.builder()
          .required("key", INT64)
          .required("time", TIMESTAMP)
          .optional("a", FLOAT64)
          .optional("b", FLOAT64)
          .optional("text", STRING)
          .build();
  private static final FeatureView VIEW =
      FeatureView.named("synthetic")
          .key("key", INT64)
          .eventTime("time")
          .feature("a", FLOAT64)
          .column("b", FLOAT64)
          .feature("text", STRING)
          .feature("mean_b", mean("b").over(Duration.ofHours(1)))
          .build();
  private static final FeatureSet<Asked> SET =
      FeatureSet.named("set", Asked.class)
          .at(Asked::at)
          .lookup(VIEW.as("v"), Asked::key)
          .numeric("own", Asked::own)
          .build();
  private static final Target<Asked, Boolean> LABEL = Target.binary("label", row -> true);

  @TempDir private Path directory;

  record Asked(long key, Instant at, double own) {}

  @Test
  @EnabledOnOs(OS.LINUX)
  void nothingIsLeftOpenOrOnDiskAfterATrainingSet() throws Exception {
    try (Workspace workspace = Workspace.open(directory)) {
      FeatureStore features = store(workspace);
      List<Integer> during = new ArrayList<>();
      TrainingRows rows =
          features.trainingRows(
              SET, asked(100), LABEL, AS_OF, 30, batch -> during.add(openFiles().size()));
      assertThat(rows.rows()).isEqualTo(100);
      assertThat(during).as("a file of events, of keys, of texts").containsOnly(3);
      assertThat(openFiles()).isEmpty();
      assertThat(files()).isEmpty();
      features.trainingSet(SET, asked(100), LABEL, AS_OF);
      assertThat(openFiles()).isEmpty();
      try (Replay<Asked> replay = features.replay(SET)) {
        assertThat(openFiles()).hasSize(3);
        replay.close();
        assertThat(openFiles()).isEmpty();
      }
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void nothingIsLeftOpenOrOnDiskAfterAFailure() throws Exception {
    IllegalStateException failure = new IllegalStateException("of the user");
    try (Workspace workspace = Workspace.open(directory)) {
      FeatureStore features = store(workspace);
      assertThatThrownBy(
              () ->
                  features.trainingRows(
                      SET,
                      asked(100),
                      LABEL,
                      AS_OF,
                      30,
                      batch -> {
                        throw failure;
                      }))
          .isSameAs(failure);
      assertThat(openFiles()).isEmpty();
      Target<Asked, Boolean> failing =
          Target.binary(
              "label",
              row -> {
                throw failure;
              });
      assertThatThrownBy(() -> features.trainingSet(SET, asked(100), failing, AS_OF))
          .isInstanceOf(FeatureComputationException.class)
          .hasCause(failure);
      assertThat(openFiles()).isEmpty();
      FeatureStore broken =
          FeatureStore.builder(workspace)
              .inPlace(
                  VIEW,
                  (from, to, batches) -> {
                    source(2_000).read(from, to, batches);
                    throw failure;
                  })
              .history(limits())
              .open();
      assertThatThrownBy(() -> broken.trainingSet(SET, asked(1), LABEL, AS_OF)).isSameAs(failure);
      assertThatThrownBy(() -> broken.replay(SET)).isSameAs(failure);
      assertThat(openFiles()).isEmpty();
      assertThat(files()).isEmpty();
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void viewsOfOneSetShareTheMemory() throws Exception {
    FeatureView other =
        FeatureView.named("other")
            .key("key", INT64)
            .eventTime("time")
            .feature("a", FLOAT64)
            .feature("text", STRING)
            .build();
    FeatureSet<Asked> both =
        FeatureSet.named("both", Asked.class)
            .at(Asked::at)
            .lookup(VIEW.as("v"), Asked::key)
            .lookup(other.as("w"), Asked::key)
            .build();
    try (Workspace workspace = Workspace.open(directory)) {
      FeatureStore features =
          FeatureStore.builder(workspace)
              .inPlace(VIEW, source(2_000))
              .inPlace(other, source(2_000))
              .historyMemory(600_000)
              .open();
      try (Replay<Asked> one = features.replay(SET)) {
        assertThat(openFiles()).as("of one view, %s", one).isEmpty();
        try (Replay<Asked> two = features.replay(both)) {
          assertThat(openFiles()).as("of the second view, %s", two).hasSize(3);
        }
      }
    }
  }

  /** A failing disk is no property of a request: no row of a report may be blamed for it. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void aReplayWhoseFilesCannotBeReadFailsAsAWhole() throws Exception {
    try (Workspace workspace = Workspace.open(directory)) {
      FeatureStore features = store(workspace);
      Vectorizer<Asked> vectorizer =
          SET.bind(features.trainingSet(SET, asked(3), LABEL, AS_OF).signature());
      List<Asked> requests = new ArrayList<>();
      asked(50).forEach(requests::add);
      List<Instant> moments = requests.stream().map(Asked::at).toList();
      try (Replay<Asked> replay = features.replay(SET)) {
        for (Path open : open().toList()) {
          Files.newByteChannel(open, StandardOpenOption.WRITE).truncate(0).close();
        }
        assertThatThrownBy(() -> replay.vectors(vectorizer, requests, moments))
            .isInstanceOf(HistoryOnDiskException.class)
            .hasMessageContaining("cut off");
      }
      assertThat(openFiles()).isEmpty();
      assertThat(files()).isEmpty();
    }
  }

  @Test
  void aClosedReplaySaysSo() {
    try (Workspace workspace = Workspace.open(directory)) {
      Replay<Asked> replay = store(workspace).replay(SET);
      replay.close();
      replay.close();
      Vectorizer<Asked> vectorizer =
          SET.bind(store(workspace).trainingSet(SET, asked(3), LABEL, AS_OF).signature());
      assertThatThrownBy(() -> replay.vectors(vectorizer, List.of(), List.of()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("closed");
    }
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsNamed() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "");
    Path under = file.resolve("under");
    FeatureStore features =
        FeatureStore.inMemoryBuilder(InstantSource.system())
            .inPlace(VIEW, source(2_000))
            .history(new HistoryLimits(1, 100, 1000, 10, under))
            .open();
    assertThatThrownBy(() -> features.trainingSet(SET, asked(1), LABEL, AS_OF))
        .isInstanceOfSatisfying(
            HistoryOnDiskException.class,
            e -> {
              assertThat(e.directory()).isEqualTo(under);
              assertThat(e.view()).isEqualTo("synthetic");
            })
        .hasMessageContaining(under.toString())
        .hasMessageContaining("historyMemory");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFullDiskIsSaidWithTheDirectory() throws Exception {
    try (SpillFile full = SpillFile.at(Path.of("/dev/full"), "synthetic")) {
      assertThatThrownBy(() -> full.write(new byte[1 << 20], 0, 1 << 20))
          .isInstanceOf(HistoryOnDiskException.class)
          .hasMessageContaining("/dev ")
          .hasMessageContaining("No space left");
    }
  }

  @Test
  void memoryIsAtLeastAByte() {
    assertThatThrownBy(() -> FeatureStore.inMemoryBuilder(InstantSource.system()).historyMemory(0))
        .isInstanceOf(FeatureDefinitionException.class)
        .hasMessageContaining("historyMemory is 0");
  }

  /** A history of 64 MB without its texts, and its sorting would need as much again. */
  @Test
  void aHistoryThatTheHeapCannotHoldIsTrainedOnUnlessItMustBeHeld() throws Exception {
    String events = "1000000";
    assertThat(child("-Xmx48m", events, "default")).startsWith("rows 20000 present");
    assertThat(child("-Xmx48m", events, "all")).contains("OutOfMemoryError");
    // And what it says does not depend on where the history was.
    assertThat(child("-Xmx48m", "100000", "default")).isEqualTo(child("-Xmx1g", "100000", "all"));
  }

  /** The child's program: how many events there are, and how much of them is held. */
  public static void main(String[] args) throws IOException {
    int events = Integer.parseInt(args[0]);
    FeatureStore.Builder builder =
        FeatureStore.inMemoryBuilder(InstantSource.system()).inPlace(VIEW, source(events));
    if (args[1].equals("all")) {
      builder.historyMemory(Long.MAX_VALUE);
    }
    long begin = System.nanoTime();
    long[] present = {0};
    double[] sum = {0};
    TrainingRows rows =
        builder
            .open()
            .trainingRows(
                SET,
                asked(Math.max(20_000, events / 100)),
                LABEL,
                AS_OF,
                5_000,
                batch -> {
                  for (int row = 0; row < batch.rowCount(); row++) {
                    Object mean = batch.column("v.mean_b").get(row);
                    present[0] += batch.column("v.text").get(row) == null ? 0 : 1;
                    sum[0] += mean == null ? 0 : (Double) mean;
                  }
                });
    System.out.println("rows " + rows.rows() + " present " + present[0] + " sum " + sum[0]);
    System.err.println("seconds " + (System.nanoTime() - begin) / 1e9);
  }

  private String child(String... args) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Djava.io.tmpdir=" + directory);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(args[0]);
    command.add(HistoryOnDiskTest.class.getName());
    command.addAll(List.of(args).subList(1, args.length));
    Path out = Files.createTempFile(directory, "child", ".txt");
    Path errors = Files.createTempFile(directory, "child", ".txt");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(errors.toFile())
            .start();
    int status = process.waitFor();
    return Files.readString(status == 0 ? out : errors, StandardCharsets.UTF_8);
  }

  private static FeatureStore store(Workspace workspace) {
    FeatureStore.Builder builder = FeatureStore.builder(workspace).inPlace(VIEW, source(2_000));
    return builder
        .history(new HistoryLimits(1 << 20, 100, 1000, 10, workspace.directory().resolve("tmp")))
        .open();
  }

  private HistoryLimits limits() {
    return new HistoryLimits(1 << 20, 100, 1000, 10, directory.resolve("tmp"));
  }

  /** Events of a hundredth as many keys, in the order of their times, batch by batch. */
  private static RowSource source(int events) {
    return (from, to, batches) -> {
      int keys = Math.max(1, events / 100);
      for (int begin = 0; begin < events; begin += BATCH) {
        DatasetBuilder rows = Dataset.builder(SCHEMA);
        for (int i = begin; i < Math.min(events, begin + BATCH); i++) {
          rows.add(
              (i * 7919L) % keys,
              Timestamps.fromMicros(i * 60_000_000L / keys * 10),
              i % 10 == 0 ? null : (Double) (i * 0.5),
              (double) (i % 1000),
              "text " + i % 50_000);
        }
        batches.accept(rows.build());
      }
    };
  }

  private static Iterable<Asked> asked(int count) {
    return () ->
        new Iterator<>() {
          private int next;

          @Override
          public boolean hasNext() {
            return next < count;
          }

          @Override
          public Asked next() {
            if (next == count) {
              throw new NoSuchElementException();
            }
            int row = next++;
            return new Asked(row * 31L % 15_000, Timestamps.fromMicros(row * 5_000_000L), row);
          }
        };
  }

  /** What this process has open of the directory, by name or without. */
  private List<String> openFiles() {
    return open().map(HistoryOnDiskTest::target).toList();
  }

  /** The links to what this process has open of the directory. */
  private Stream<Path> open() {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open
          .filter(link -> target(link).startsWith(directory.resolve("tmp").toString()))
          .toList()
          .stream();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      // Closed meanwhile.
      return "";
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("tmp"))) {
      return files.toList();
    }
  }
}
