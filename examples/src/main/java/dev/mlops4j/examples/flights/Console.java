package dev.mlops4j.examples.flights;

import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Prints what the program does: a line a step, with its figures and how long it took, and every two
 * seconds how far the step at hand has come.
 */
final class Console implements AutoCloseable {

  private static final int SIGN_OF_LIFE_SECONDS = 2;

  private final PrintStream out;
  private final int steps;
  private final Deque<Step> open = new ArrayDeque<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "console");
            thread.setDaemon(true);
            return thread;
          });

  @SuppressWarnings("FutureReturnValueIgnored") // the timer ends with the console
  Console(PrintStream out, int steps) {
    this.out = out;
    this.steps = steps;
    timer.scheduleWithFixedDelay(
        this::showLife, SIGN_OF_LIFE_SECONDS, SIGN_OF_LIFE_SECONDS, TimeUnit.SECONDS);
  }

  /** Begins a step; one may begin while another is not done. */
  synchronized Step step(int number, String title) {
    Step step = new Step(String.format(Locale.ROOT, "[%2d/%d] %s", number, steps, title));
    open.push(step);
    return step;
  }

  /** A line that belongs to the step at hand. */
  void detail(String format, Object... arguments) {
    for (String line : String.format(Locale.ROOT, format, arguments).split("\n", -1)) {
      line("        %s", line);
    }
  }

  /** A line of its own. */
  synchronized void line(String format, Object... arguments) {
    out.println(String.format(Locale.ROOT, format, arguments));
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  private synchronized void showLife() {
    Step step = open.peek();
    if (step != null && step.seconds() >= SIGN_OF_LIFE_SECONDS) {
      detail("... %s, %.0f s", step.doing.get(), step.seconds());
    }
  }

  private synchronized void end(Step step) {
    open.remove(step);
  }

  /** One step. */
  final class Step {

    private final String title;
    private final long start = System.nanoTime();
    private volatile Supplier<String> doing = () -> "at it";

    private Step(String title) {
      this.title = title;
    }

    /** What it is doing now. */
    Step doing(String what) {
      doing = () -> what;
      return this;
    }

    /** How far it has come. */
    void progress(String what, long done, long total) {
      doing = () -> String.format(Locale.ROOT, "%,d of %,d %s", done, total, what);
    }

    /** What came of it. */
    void done(String format, Object... arguments) {
      end(this);
      line("%s: %s (%.1f s)", title, String.format(Locale.ROOT, format, arguments), seconds());
    }

    private double seconds() {
      return (System.nanoTime() - start) / 1e9;
    }
  }
}
