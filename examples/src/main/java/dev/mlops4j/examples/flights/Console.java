package dev.mlops4j.examples.flights;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Prints what the program does: a line a step, with its figures and how long it took. */
final class Console {

  private final PrintStream out;
  private final int steps;

  Console(PrintStream out, int steps) {
    this.out = out;
    this.steps = steps;
  }

  /** Begins a step; steps may overlap. */
  Step step(int number, String title) {
    return new Step(String.format(Locale.ROOT, "[%2d/%d] %s", number, steps, title));
  }

  /** A line that belongs to the step at hand. */
  void detail(String format, Object... arguments) {
    for (String line : String.format(Locale.ROOT, format, arguments).split("\n", -1)) {
      out.println("        " + line);
    }
  }

  /** A line of its own. */
  void line(String format, Object... arguments) {
    out.println(String.format(Locale.ROOT, format, arguments));
  }

  /** One step: shows that it is alive every two seconds, then what came of it. */
  final class Step {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final String title;
    private final long start = System.nanoTime();
    private long lastShown = start;

    private Step(String title) {
      this.title = title;
    }

    /** How far it has come; shown when two seconds have passed since the last sign of life. */
    void progress(String what, long done, long total) {
      long now = System.nanoTime();
      if (now - lastShown >= PATIENCE.toNanos()) {
        lastShown = now;
        detail("... %,d of %,d %s", done, total, what);
      }
    }

    /** What came of it. */
    void done(String format, Object... arguments) {
      line(
          "%s: %s (%.1f s)",
          title, String.format(Locale.ROOT, format, arguments), (System.nanoTime() - start) / 1e9);
    }
  }
}
