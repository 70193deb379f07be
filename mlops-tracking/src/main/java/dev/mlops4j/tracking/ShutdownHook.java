package dev.mlops4j.tracking;

/** Ends open runs KILLED when the JVM shuts down, whoever is first to end them. */
final class ShutdownHook {

  static final String REASON = "the JVM was shut down";

  private final Thread thread;

  private ShutdownHook(OpenRuns runs) {
    this.thread = new Thread(() -> runs.kill(REASON), "mlops4j-tracking-shutdown");
  }

  /**
   * Installs one.
   *
   * @throws IllegalStateException if the JVM shuts down already
   */
  static ShutdownHook install(OpenRuns runs) {
    ShutdownHook hook = new ShutdownHook(runs);
    Runtime.getRuntime().addShutdownHook(hook.thread);
    return hook;
  }

  /** Takes it out again; false if the JVM shuts down already. */
  boolean remove() {
    try {
      Runtime.getRuntime().removeShutdownHook(thread);
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }
}
