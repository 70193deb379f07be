package dev.mlops4j.benchmarks.http;

import dev.mlops4j.benchmarks.DisagreementException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The load generator wrk, one thread, 16 connections. */
final class Wrk {

  static final int CONNECTIONS = 16;

  private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
  private static final Pattern SLOW = Pattern.compile("99%\\s+([0-9.]+)(us|ms|s)\\b");
  private static final Pattern FAILED =
      Pattern.compile("Non-2xx or 3xx responses: [0-9]+|Socket errors: .*");

  private final Path script;

  /** Sends the requests of this script in Lua. */
  Wrk(Path script) {
    this.script = script;
  }

  /**
   * What came of a load.
   *
   * @param rate requests a second
   * @param p99 in milliseconds
   */
  record Load(double rate, double p99) {}

  Load run(String url, int seconds) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                "wrk",
                "--threads",
                "1",
                "--connections",
                Integer.toString(CONNECTIONS),
                "--duration",
                seconds + "s",
                "--latency",
                "--script",
                script.toString(),
                url)
            .redirectErrorStream(true)
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = process.waitFor();
    Matcher failed = FAILED.matcher(printed);
    if (exit != 0 || failed.find()) {
      throw new DisagreementException("wrk against " + url + ": " + printed);
    }
    Matcher slow = find(SLOW, printed);
    double unit =
        switch (slow.group(2)) {
          case "us" -> 1e-3;
          case "ms" -> 1;
          default -> 1e3;
        };
    return new Load(
        Double.parseDouble(find(RATE, printed).group(1)), unit * Double.parseDouble(slow.group(1)));
  }

  private static Matcher find(Pattern pattern, String printed) {
    Matcher matcher = pattern.matcher(printed);
    if (!matcher.find()) {
      throw new IllegalStateException(
          String.format(Locale.ROOT, "wrk printed no %s: %s", pattern, printed));
    }
    return matcher;
  }
}
