package dev.mlops4j.workspace;

import dev.mlops4j.storage.CopiedTable;

/** Is told how far a {@link WorkspaceCopy} is, on its thread. */
public interface CopyProgress {

  /** Wants to know nothing. */
  CopyProgress NONE = new CopyProgress() {};

  /** A table was copied. */
  default void copied(CopiedTable table) {}

  /**
   * An artifact is in the target.
   *
   * @param artifacts how many are now
   * @param bytes their size
   */
  default void copied(long artifacts, long bytes) {}
}
