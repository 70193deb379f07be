package dev.mlops4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * Tries hostile archives: at random, and with Jazzer, a fuzzer that sees which branches a file
 * reaches.
 */
final class ArchiveFuzzer {

  /** The property with the sound archive, of the process in which Jazzer runs. */
  static final String ARCHIVE = "mlops4j.fuzz.archive";

  private static final String RUNS = System.getProperty("mlops4j.fuzz.runs", "1000000");
  private static final int CHANGES = 3_000;

  private ArchiveFuzzer() {}

  /** That what alters nothing is imported. */
  static void trySeeds(HostileArchive hostile) throws IOException {
    for (byte[] seed : hostile.seeds()) {
      assertThat(hostile.isImported(seed)).as("part %c", seed[0]).isTrue();
    }
  }

  /** That some thousand changes are imported or refused, and both happens. */
  static void tryChanges(HostileArchive hostile) throws IOException {
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

  /**
   * The same with a million that Jazzer makes, in a process of its own, with a heap that an archive
   * of these sizes must not fill.
   *
   * @param target the class with {@code fuzzerInitialize} and {@code fuzzerTestOneInput}
   * @param instrumented the packages whose branches it sees
   * @param archive the sound archive
   */
  static void fuzz(Class<?> target, List<String> instrumented, Path archive, HostileArchive hostile)
      throws IOException, InterruptedException {
    Path directory = archive.getParent();
    Path log = Path.of("target/" + target.getSimpleName() + ".log");
    Path seeds = Files.createDirectories(directory.resolve("seeds"));
    Files.createDirectories(directory.resolve("found"));
    int no = 0;
    for (byte[] seed : hostile.seeds()) {
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
                "--target_class=" + target.getName(),
                "--instrumentation_includes=" + String.join(":", instrumented),
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
