package dev.mlops4j.s3;

import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.AbortedException;

/**
 * Keeps an interrupt away from the SDK, which would give up for it, and for later: what was begun
 * is finished, as the other stores do.
 */
final class Uninterrupted {

  private Uninterrupted() {}

  /**
   * @param work may be done again
   */
  static <R> R get(Supplier<R> work) {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          return work.get();
        } catch (AbortedException e) {
          // The SDK saw an interrupt that came in the middle, and may have cleared it.
          Thread.interrupted();
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
