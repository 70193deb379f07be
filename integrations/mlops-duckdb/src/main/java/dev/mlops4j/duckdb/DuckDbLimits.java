package dev.mlops4j.duckdb;

/**
 * What a DuckDB may use of the machine. Its memory is outside of the Java heap.
 *
 * @param memoryBytes how much memory its buffers may take; what exceeds it goes to temporary files
 *     where there may be some, else fails
 * @param threads how many threads a query may use
 */
public record DuckDbLimits(long memoryBytes, int threads) {

  /**
   * The memory unless said otherwise: 1 GiB, where DuckDB itself would take 80 % of the machine.
   */
  public static final long DEFAULT_MEMORY_BYTES = 1L << 30;

  /** The most threads unless said otherwise: as many as there are processors, but no more. */
  public static final int DEFAULT_MOST_THREADS = 4;

  private static final long LEAST_MEMORY_BYTES = 64L << 20;

  /**
   * Checks the limits.
   *
   * @throws IllegalArgumentException if the memory is less than 64 MiB, or there is no thread
   */
  public DuckDbLimits {
    if (memoryBytes < LEAST_MEMORY_BYTES) {
      throw new IllegalArgumentException(
          "memoryBytes is at least " + LEAST_MEMORY_BYTES + ", found " + memoryBytes);
    }
    if (threads < 1) {
      throw new IllegalArgumentException("threads is at least 1, found " + threads);
    }
  }

  /** 1 GiB, and a thread a processor up to {@value #DEFAULT_MOST_THREADS}. */
  public static DuckDbLimits defaults() {
    return new DuckDbLimits(
        DEFAULT_MEMORY_BYTES,
        Math.min(Runtime.getRuntime().availableProcessors(), DEFAULT_MOST_THREADS));
  }

  /** The same with this much memory. */
  public DuckDbLimits withMemoryBytes(long bytes) {
    return new DuckDbLimits(bytes, threads);
  }

  /** The same with this many threads. */
  public DuckDbLimits withThreads(int count) {
    return new DuckDbLimits(memoryBytes, count);
  }
}
