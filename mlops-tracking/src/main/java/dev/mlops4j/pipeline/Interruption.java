package dev.mlops4j.pipeline;

import org.jspecify.annotations.Nullable;

/** May interrupt a thread until it has done its work, and never after. */
final class Interruption {

  /** Why a thread was interrupted. */
  enum Cause {
    TIMEOUT,
    CANCELLATION
  }

  private final Thread thread = Thread.currentThread();
  private boolean over;
  private @Nullable Cause cause;

  /** Interrupts the thread, unless it was or its work is done. */
  synchronized void interrupt(Cause why) {
    if (!over && cause == null) {
      cause = why;
      thread.interrupt();
    }
  }

  /** Called by the thread when its work is done; says whether it was interrupted. */
  synchronized @Nullable Cause end() {
    over = true;
    // Also one that the work has made itself must not reach the next work of this thread.
    boolean unused = Thread.interrupted();
    return cause;
  }
}
