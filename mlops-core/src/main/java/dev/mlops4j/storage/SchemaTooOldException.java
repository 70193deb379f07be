package dev.mlops4j.storage;

import dev.mlops4j.MlopsException;

/**
 * A schema lacks steps that this library needs, and is not brought up to date by itself: see {@link
 * Database#migrate()}.
 */
public class SchemaTooOldException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String component;
  private final int found;
  private final int needed;

  /**
   * Creates an exception.
   *
   * @param where the database
   * @param component what the schema belongs to, as "tracking"
   * @param found the version of what is stored; 0 if there is nothing yet
   * @param needed the version this library needs
   */
  public SchemaTooOldException(String where, String component, int found, int needed) {
    super(
        where
            + (found == 0
                ? " has no tables of " + component + " that this user can see"
                : " holds " + component + " in version " + found)
            + "; this library needs version "
            + needed
            + ". Call Database.migrate() once, as a user who may create tables, or have the"
            + " statements of Database.ddl() run. Nothing was changed");
    this.component = component;
    this.found = found;
    this.needed = needed;
  }

  /** What the schema belongs to, as "tracking". */
  public String component() {
    return component;
  }

  /** The version of what is stored; 0 if there is nothing yet. */
  public int found() {
    return found;
  }

  /** The version this library needs. */
  public int needed() {
    return needed;
  }
}
