package dev.mlops4j.cli;

import dev.mlops4j.workspace.Workspace;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Has a program that is to end, as by SIGTERM or Ctrl-C, interrupt the thread that works, and wait
 * until that has recorded what came of it and closed the workspace. It waits {@link #PATIENCE} at
 * most: work may ignore interrupts, or be what ends the program by {@code System.exit}.
 */
final class StopSignal {

  /** How long the end of the program waits for the work. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Workspace workspace;
  private final Duration patience;
  private final Thread worker = Thread.currentThread();
  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread hook = new Thread(this::end, "mlops-stop");

  private StopSignal(Workspace workspace, Duration patience) {
    this.workspace = workspace;
    this.patience = patience;
  }

  /** For the work of this thread. */
  static StopSignal over(Workspace workspace) {
    return over(workspace, PATIENCE);
  }

  /** The same with another patience. */
  static StopSignal over(Workspace workspace, Duration patience) {
    StopSignal signal = new StopSignal(workspace, patience);
    Runtime.getRuntime().addShutdownHook(signal.hook);
    return signal;
  }

  /** Closing again does nothing. */
  void close() {
    try {
      workspace.close();
    } finally {
      done.countDown();
      try {
        boolean unused = Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The program ends; the hook runs.
      }
    }
  }

  /** What the hook does. */
  void end() {
    worker.interrupt();
    try {
      if (!done.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        System.err.println(
            "mlops: what ran had not stopped "
                + patience.toSeconds()
                + " s after it was interrupted; the program ends without it");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
