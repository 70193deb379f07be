package dev.mlops4j.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.Digest;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The import of runs under Jazzer, a fuzzer that sees which branches a file reaches: a million
 * archives in the profile soak, whose digests are put right, so that the index, the points and the
 * trees are read. What alters nothing is the seed; some thousand changes of it are tried always.
 */
public class RunArchiveFuzzTest {

  private static final String RUNS = System.getProperty("mlops4j.fuzz.runs", "1000000");
  private static final String ARCHIVE = "mlops4j.fuzz.archive";
  private static final int CHANGES = 3_000;

  private static @Nullable HostileRuns fuzzed;

  @TempDir Path directory;
  private Path archive;

  @BeforeEach
  void export() {
    archive = directory.resolve("sound.zip");
    try (Workspace workspace = Workspace.open(directory.resolve("from"))) {
      Tracking tracking = Tracking.in(workspace);
      Run first = tracking.start("delay", "first");
      first.fail(new IllegalStateException("no more memory"));
      Run run = tracking.resume(first.id());
      run.param("depth", 6);
      run.seed("split", 42);
      run.metric("loss", 1, 0.5);
      run.metric("loss", 2, Double.NaN);
      run.metric("auc", Double.POSITIVE_INFINITY);
      run.tag("team", "flights");
      run.notes("# Why");
      run.log(new DatasetReference("flights", "training", Digest.of("flights"), 300));
      run.artifact("notes.txt", "hello");
      run.log(TestModels.packaged(0.5));
      run.close();
      RunRecord child = run(tracking, run.id());
      tracking.exportTo(archive, List.of(tracking.run(run.id()), child));
    }
  }

  private static RunRecord run(Tracking tracking, String parentId) {
    Run child = tracking.startChild(parentId, "delay", "child");
    child.metric("loss", 0.25);
    child.close();
    return tracking.run(child.id());
  }

  /** What Jazzer calls first. */
  public static void fuzzerInitialize() throws IOException {
    Path sound = Path.of(System.getProperty(ARCHIVE));
    fuzzed = new HostileRuns(sound, sound.resolveSibling("altered.zip"));
  }

  /** What Jazzer calls with every input it makes. */
  public static void fuzzerTestOneInput(byte[] input) {
    HostileRuns hostile = fuzzed;
    if (hostile != null) {
      hostile.isImported(input);
    }
  }

  @Test
  void whatIsNotAlteredIsImported() throws IOException {
    HostileRuns hostile = new HostileRuns(archive, directory.resolve("altered.zip"));
    for (byte[] seed : hostile.seeds()) {
      assertThat(hostile.isImported(seed)).as("part %c", seed[0]).isTrue();
    }
  }

  @Test
  void whatIsAlteredAtRandomIsImportedOrRefused() throws IOException {
    HostileRuns hostile = new HostileRuns(archive, directory.resolve("altered.zip"));
    List<byte[]> seeds = hostile.seeds();
    Random random = new Random(1);
    int imported = 0;
    for (int i = 0; i < CHANGES; i++) {
      byte[] input = seeds.get(i % seeds.size()).clone();
      for (int change = random.nextInt(4); change >= 0; change--) {
        input[1 + random.nextInt(input.length - 1)] = (byte) random.nextInt(256);
      }
      imported += hostile.isImported(input) ? 1 : 0;
    }
    assertThat(imported).isBetween(1, CHANGES - 1);
  }

  /** In a process of its own, with a heap that an archive of these sizes must not fill. */
  @Test
  @Tag("soak")
  void aMillionArchivesAreImportedOrRefused() throws IOException, InterruptedException {
    Path log = Path.of("target/fuzz-archives.log");
    Path seeds = Files.createDirectories(directory.resolve("seeds"));
    Files.createDirectories(directory.resolve("found"));
    int no = 0;
    for (byte[] seed : new HostileRuns(archive, directory.resolve("unused")).seeds()) {
      Files.write(seeds.resolve("seed-" + no++), seed);
    }
    Process jazzer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-D" + ARCHIVE + "=" + archive,
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + RunArchiveFuzzTest.class.getName(),
                "--instrumentation_includes=dev.mlops4j.tracking.**:dev.mlops4j.workspace.**",
                "--reproducer_path=" + directory,
                "-artifact_prefix=" + directory + "/",
                "-runs=" + RUNS,
                "-max_len=20000",
                "-timeout=10",
                "-rss_limit_mb=2048",
                "-print_final_stats=1",
                directory.resolve("found").toString(),
                seeds.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    int code = jazzer.waitFor();

    String output = Files.readString(log, StandardCharsets.UTF_8);
    assertThat(code).as(output.substring(Math.max(0, output.length() - 6_000))).isZero();
    assertThat(output).contains("stat::number_of_executed_units");
    System.out.println(output.lines().filter(line -> line.startsWith("stat::")).toList());
  }
}
