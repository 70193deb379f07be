package dev.mlops4j.trees;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The parsers under Jazzer, a fuzzer that sees which branches a file reaches: ten million files in
 * the profile soak. Its seeds, and every file that it ever found something with, are in the corpus
 * and replayed always.
 */
class ParserFuzzTest {

  private static final Path CORPUS = Path.of("src/test/resources/dev/mlops4j/trees/corpus");
  private static final String RUNS = System.getProperty("mlops4j.fuzz.runs", "10000000");

  @TempDir Path directory;

  /** What Jazzer calls with every file it makes. */
  public static void fuzzerTestOneInput(byte[] file) {
    ReadOrRefused.isRead(file);
  }

  @Test
  void the_corpus_is_read_or_refused() throws IOException {
    try (Stream<Path> files = Files.list(CORPUS)) {
      List<Path> all = files.toList();
      int read = 0;
      for (Path file : all) {
        read += ReadOrRefused.isRead(Files.readAllBytes(file)) ? 1 : 0;
      }
      assertThat(read).isPositive();
    }
  }

  /** In a process of its own, with a heap that a file of these sizes must not fill. */
  @Test
  @Tag("soak")
  void ten_million_files_are_read_or_refused() throws IOException, InterruptedException {
    Path log = Path.of("target/fuzz.log");
    Files.createDirectories(directory.resolve("found"));
    Process jazzer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + ParserFuzzTest.class.getName(),
                "--instrumentation_includes=dev.mlops4j.trees.**",
                "--reproducer_path=" + directory,
                "-artifact_prefix=" + directory + "/",
                "-runs=" + RUNS,
                "-max_len=20000",
                "-timeout=10",
                "-rss_limit_mb=2048",
                "-print_final_stats=1",
                directory.resolve("found").toString(),
                CORPUS.toString())
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
