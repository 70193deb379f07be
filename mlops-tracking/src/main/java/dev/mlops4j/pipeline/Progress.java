package dev.mlops4j.pipeline;

import dev.mlops4j.report.Printable;
import dev.mlops4j.tracking.RunStatus;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Shows how a run goes on. Plain lines, one an event; on a terminal also a last line of what goes
 * on and for how long, which is written anew each second.
 */
public final class Progress implements PipelineListener {

  private static final String CLEAR_LINE = "\r\u001b[2K";
  private static final int WIDTH = 100;
  private static final int SECONDS_OF_A_MINUTE = 60;

  private final PrintStream out;
  private final boolean live;
  private final InstantSource clock;
  private final Map<String, Going> running = new LinkedHashMap<>();
  private @Nullable ScheduledExecutorService ticker;
  private Instant begun = Instant.EPOCH;
  private int all;
  private int ended;

  private Progress(PrintStream out, boolean live, InstantSource clock) {
    this.out = out;
    this.live = live;
    this.clock = clock;
  }

  /**
   * A step that goes on.
   *
   * @param items how many of its elements have ended, or nothing
   */
  private record Going(Instant since, String items) {}

  /** A live view on standard error if that is a terminal, plain lines elsewhere. */
  public static Progress terminal() {
    return new Progress(System.err, isTerminal(), InstantSource.system());
  }

  /**
   * What {@code System.console()} says differs between JVMs, and is of the standard input as well.
   * Where the system does not tell, as outside of Linux, plain lines are never wrong.
   */
  private static boolean isTerminal() {
    String term = System.getenv("TERM");
    try {
      String device = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return term != null
          && !term.equals("dumb")
          && (device.startsWith("/dev/pts/") || device.startsWith("/dev/tty"));
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** Plain lines. */
  public static Progress lines(PrintStream out) {
    return new Progress(out, false, InstantSource.system());
  }

  /** A live view on what shows the control characters of a terminal. */
  static Progress live(PrintStream out, InstantSource clock) {
    return new Progress(out, true, clock);
  }

  @Override
  public synchronized void started(PipelineReport report) {
    all = report.steps().size();
    ended = 0;
    running.clear();
    begun = clock.instant();
    stopTicker();
    if (live) {
      ticker = Executors.newSingleThreadScheduledExecutor(Progress::daemon);
      ScheduledFuture<?> unused = ticker.scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
    }
    line("pipeline " + report.pipeline() + ", run " + report.runId() + ", " + all + " steps");
  }

  @Override
  public synchronized void stepStarted(String step) {
    running.put(step, new Going(clock.instant(), ""));
    if (!live) {
      line(step + " begins");
    }
    status();
  }

  @Override
  public synchronized void stepRetried(String step, int attempt, Throwable failure) {
    line(step + " failed in try " + attempt + " and is tried again: " + failure);
  }

  @Override
  public synchronized void itemEnded(String step, String item, int endedItems, int allItems) {
    running.computeIfPresent(
        step, (name, going) -> new Going(going.since(), " " + endedItems + "/" + allItems));
    status();
  }

  @Override
  public synchronized void stepEnded(StepResult step) {
    running.remove(step.name());
    ended++;
    String time = step.startedAt() == null ? "" : " in " + ReportText.time(step.duration());
    String why = ReportText.because(step);
    line(step.name() + " " + step.status() + time + (why.isEmpty() ? "" : ": " + why));
    status();
  }

  @Override
  public synchronized void ended(PipelineReport report) {
    stopTicker();
    Duration time = Duration.between(report.startedAt(), clock.instant());
    line(
        "pipeline "
            + report.pipeline()
            + " "
            + report.status()
            + (report.status() == RunStatus.FINISHED ? " in " : " after ")
            + ReportText.time(time.isNegative() ? Duration.ZERO : time));
    running.clear();
  }

  /** Also that of a run before whose end nobody told of. */
  private void stopTicker() {
    if (ticker != null) {
      ticker.shutdownNow();
      ticker = null;
    }
  }

  private void line(String text) {
    String plain = Printable.of(text);
    out.print((live ? CLEAR_LINE : "") + plain + System.lineSeparator());
    out.flush();
  }

  /** Writes the last line anew, as time goes by. */
  synchronized void tick() {
    if (!running.isEmpty()) {
      status();
    }
  }

  private void status() {
    if (!live) {
      return;
    }
    Instant now = clock.instant();
    StringBuilder text = new StringBuilder("[" + ended + "/" + all + "] " + since(begun, now));
    running.forEach(
        (step, going) ->
            text.append(", ")
                .append(step)
                .append(going.items())
                .append(' ')
                .append(since(going.since(), now)));
    String plain = Printable.of(text.toString());
    out.print(CLEAR_LINE + (plain.length() > WIDTH ? plain.substring(0, WIDTH) : plain));
    out.flush();
  }

  /** In whole seconds; a clock that was set back shows none. */
  private static String since(Instant begin, Instant now) {
    long seconds = Math.max(0, Duration.between(begin, now).toSeconds());
    return seconds < SECONDS_OF_A_MINUTE
        ? seconds + " s"
        : ReportText.time(Duration.ofSeconds(seconds));
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "mlops4j-pipeline-progress");
    thread.setDaemon(true);
    return thread;
  }
}
