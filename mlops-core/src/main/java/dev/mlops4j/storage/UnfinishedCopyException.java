package dev.mlops4j.storage;

import dev.mlops4j.MlopsException;

/**
 * A database holds what a copy of a workspace has left that did not come to its end. It is not
 * used, by older libraries neither.
 */
public final class UnfinishedCopyException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String component;

  UnfinishedCopyException(String where, String component) {
    super(
        where
            + " holds an unfinished copy of "
            + component
            + ": copying was interrupted, or goes on. Nothing was changed; if it was interrupted,"
            + " remove the directory or drop the schema, and copy again");
    this.component = component;
  }

  /** What was copied, as "tracking". */
  public String component() {
    return component;
  }
}
