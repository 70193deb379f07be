package dev.mlops4j.tracking;

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
 * The parser of searches under Jazzer, a fuzzer that sees which branches a text reaches: ten
 * million texts in the profile soak. Its seeds are in the corpus and replayed always.
 */
class SearchParserFuzzTest {

  private static final Path CORPUS = Path.of("src/test/resources/dev/mlops4j/tracking/corpus");
  private static final String RUNS = System.getProperty("mlops4j.fuzz.runs", "10000000");

  @TempDir Path directory;

  /** What Jazzer calls with every text it makes. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    isFilter(new String(bytes, StandardCharsets.UTF_8));
  }

  /** Whether a text is a filter, which is then read from its own text; else it is refused. */
  private static boolean isFilter(String text) {
    isOrder(text);
    Filter filter;
    try {
      filter = Filter.parse(text);
    } catch (SearchSyntaxException e) {
      checkColumn(text, e);
      return false;
    }
    if (!Filter.parse(filter.toString()).equals(filter)) {
      throw new AssertionError(filter + " is read as " + Filter.parse(filter.toString()));
    }
    return true;
  }

  private static void isOrder(String text) {
    try {
      List<Order> order = Order.parse(text);
      String printed = String.join(", ", order.stream().map(Order::toString).toList());
      if (!Order.parse(printed).equals(order)) {
        throw new AssertionError(printed + " is read as " + Order.parse(printed));
      }
    } catch (SearchSyntaxException e) {
      checkColumn(text, e);
    }
  }

  private static void checkColumn(String text, SearchSyntaxException e) {
    if (e.column() < 1 || e.column() > text.length() + 1) {
      throw new AssertionError("column " + e.column() + " of " + text.length(), e);
    }
  }

  @Test
  void theCorpusIsReadOrRefused() throws IOException {
    try (Stream<Path> files = Files.list(CORPUS)) {
      int read = 0;
      for (Path file : files.toList()) {
        read += isFilter(Files.readString(file)) ? 1 : 0;
      }
      assertThat(read).isPositive();
    }
  }

  /** In a process of its own, with a heap that a text of these sizes must not fill. */
  @Test
  @Tag("soak")
  void tenMillionTextsAreReadOrRefused() throws IOException, InterruptedException {
    Path log = Path.of("target/fuzz.log");
    Files.createDirectories(directory.resolve("found"));
    Process jazzer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + SearchParserFuzzTest.class.getName(),
                "--instrumentation_includes=dev.mlops4j.tracking.**",
                "--reproducer_path=" + directory,
                "-artifact_prefix=" + directory + "/",
                "-runs=" + RUNS,
                "-max_len=4000",
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
