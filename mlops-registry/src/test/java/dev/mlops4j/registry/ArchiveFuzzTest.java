package dev.mlops4j.registry;

import static dev.mlops4j.registry.Fixture.MODEL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.model.RunFacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The import of versions under Jazzer, a fuzzer that sees which branches a file reaches: a million
 * archives in the profile soak, whose digests are put right, so that the index and each file of the
 * package are read. What alters nothing is the seed; some thousand changes of it are tried always.
 */
public class ArchiveFuzzTest {

  private static final String RUNS = System.getProperty("mlops4j.fuzz.runs", "1000000");
  private static final String ARCHIVE = "mlops4j.fuzz.archive";
  private static final int CHANGES = 3_000;

  private static @Nullable HostileArchive fuzzed;

  @TempDir Path directory;
  private Path archive;

  @BeforeEach
  void export() {
    archive = directory.resolve("sound.zip");
    try (Fixture from = new Fixture(directory.resolve("from"))) {
      RunFacts facts =
          new RunFacts(Map.of("depth", "6"), Map.of("auc", 0.75), List.of(Trained.YEAR));
      ModelVersion version =
          from.registry.register(
              MODEL, Trained.on("wind").stored(from.workspace.artifacts(), 1, "run", facts));
      from.registry.exportTo(archive, List.of(version));
    }
  }

  /** What Jazzer calls first. */
  public static void fuzzerInitialize() throws IOException {
    Path sound = Path.of(System.getProperty(ARCHIVE));
    fuzzed = new HostileArchive(sound, sound.resolveSibling("altered.zip"));
  }

  /** What Jazzer calls with every input it makes. */
  public static void fuzzerTestOneInput(byte[] input) {
    HostileArchive hostile = fuzzed;
    if (hostile != null) {
      hostile.isImported(input);
    }
  }

  @Test
  void whatIsNotAlteredIsImported() throws IOException {
    HostileArchive hostile = new HostileArchive(archive, directory.resolve("altered.zip"));
    for (byte[] seed : hostile.seeds()) {
      assertThat(hostile.isImported(seed)).as("part %c", seed[0]).isTrue();
    }
  }

  @Test
  void whatIsAlteredAtRandomIsImportedOrRefused() throws IOException {
    HostileArchive hostile = new HostileArchive(archive, directory.resolve("altered.zip"));
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
    Path log = Path.of("target/fuzz.log");
    Path seeds = Files.createDirectories(directory.resolve("seeds"));
    Files.createDirectories(directory.resolve("found"));
    int no = 0;
    for (byte[] seed : new HostileArchive(archive, directory.resolve("unused")).seeds()) {
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
                "--target_class=" + ArchiveFuzzTest.class.getName(),
                "--instrumentation_includes=dev.mlops4j.registry.**:dev.mlops4j.model.**",
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
