package dev.mlops4j.benchmarks;

import java.io.PrintStream;
import java.util.Locale;

/**
 * Prints one line a figure, for programs to read: {@code NAME ours=… peer=… ratio=…}, or {@code
 * NAME ours=… peer=- floor=…} where there is no peer but a figure that is asked for. A ratio over 1
 * always means that ours is better.
 */
public final class Report {

  private final PrintStream figures;
  private final PrintStream progress;

  /** Prints figures to one stream and what goes on to another. */
  public Report(PrintStream figures, PrintStream progress) {
    this.figures = figures;
    this.progress = progress;
  }

  /** Times in nanoseconds, of which less is better. */
  public void nanos(String name, double ours, double peer) {
    compared(name, Units.nanos(ours), Units.nanos(peer), peer / ours);
  }

  /** Rates a second, of which more is better. */
  public void rates(String name, String unit, double ours, double peer) {
    compared(name, Units.rate(ours, unit), Units.rate(peer, unit), ours / peer);
  }

  /** Times in milliseconds, of which less is better. */
  public void millis(String name, double ours, double peer) {
    compared(name, Units.of(ours, "ms"), Units.of(peer, "ms"), peer / ours);
  }

  /** Memory in megabytes, of which less is better. */
  public void megabytes(String name, double ours, double peer) {
    compared(name, Units.of(ours, "MB"), Units.of(peer, "MB"), peer / ours);
  }

  /** Sizes in kilobytes, of which less is better. */
  public void kilobytes(String name, double ours, double peer) {
    compared(name, Units.of(ours, "kB"), Units.of(peer, "kB"), peer / ours);
  }

  /** Errors as shares, of which less is better. */
  public void shares(String name, double ours, double peer) {
    compared(
        name,
        String.format(Locale.ROOT, "%.3f%%", 100 * ours),
        String.format(Locale.ROOT, "%.3f%%", 100 * peer),
        peer / ours);
  }

  private void compared(String name, String ours, String peer, double ratio) {
    print(name, ours, peer, String.format(Locale.ROOT, "ratio=%.2f", ratio));
  }

  /** A figure without a peer, and the required one. */
  public void alone(String name, String ours, String floor) {
    print(name, ours, "-", "floor=" + floor);
  }

  private void print(String name, String ours, String peer, String end) {
    figures.printf(Locale.ROOT, "%s ours=%s peer=%s %s%n", name, ours, peer, end);
    figures.flush();
  }

  /** Says what goes on, apart from the figures. */
  public void note(String format, Object... values) {
    progress.println("# " + String.format(Locale.ROOT, format, values));
  }
}
