package dev.mlops4j.storage;

import dev.mlops4j.MlopsException;

/**
 * What is stored was made by a newer version of the library, which says that this one may not use
 * it.
 */
public class SchemaTooNewException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String component;
  private final int found;
  private final int known;
  private final int oldestReader;

  /**
   * Creates an exception.
   *
   * @param where the file or directory
   * @param component what the schema belongs to, as "tracking"
   * @param found the version of what is stored
   * @param known the greatest version this library knows
   * @param oldestReader the smallest version a library must know to use what is stored
   */
  public SchemaTooNewException(
      String where, String component, int found, int known, int oldestReader) {
    super(
        where
            + " holds "
            + component
            + " in version "
            + found
            + ", which needs a library that knows version "
            + oldestReader
            + " or later; this one knows up to "
            + known
            + ". Use the newer mlops4j; nothing was changed");
    this.component = component;
    this.found = found;
    this.known = known;
    this.oldestReader = oldestReader;
  }

  /** What the schema belongs to, as "tracking". */
  public String component() {
    return component;
  }

  /** The version of what is stored. */
  public int found() {
    return found;
  }

  /** The greatest version this library knows. */
  public int known() {
    return known;
  }

  /** The smallest version a library must know to use what is stored. */
  public int oldestReader() {
    return oldestReader;
  }
}
