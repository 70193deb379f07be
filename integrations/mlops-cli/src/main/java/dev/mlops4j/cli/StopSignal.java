package dev.mlops4j.cli;

import dev.mlops4j.workspace.Workspace;
import java.util.concurrent.CountDownLatch;

/**
 * Has a program that is to end, as by SIGTERM or Ctrl-C, interrupt the thread that works, and wait
 * until that has recorded what came of it and closed the workspace.
 */
final class StopSignal {

  private final Workspace workspace;
  private final Thread worker = Thread.currentThread();
  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread hook = new Thread(this::end, "mlops-stop");

  private StopSignal(Workspace workspace) {
    this.workspace = workspace;
  }

  /** For the work of this thread. */
  static StopSignal over(Workspace workspace) {
    StopSignal signal = new StopSignal(workspace);
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

  private void end() {
    worker.interrupt();
    try {
      done.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
