package dev.mlops4j.tracking;

/** How a run stands. */
public enum RunStatus {
  /** It goes on. */
  RUNNING,
  /** It ended well. */
  FINISHED,
  /** It ended with an exception. */
  FAILED,
  /** It was stopped: by {@link Run#kill}, or because its JVM was shut down. */
  KILLED,
  /** Its process died, or its workspace was closed, before anybody ended it. */
  ABANDONED
}
