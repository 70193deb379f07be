package dev.mlops4j.storage;

/** What differs between the databases that the library's SQL runs on. */
public enum Dialect {
  /** SQLite 3.35 or later. */
  SQLITE;

  /** The type of a column of bytes. */
  public String bytes() {
    return "BLOB";
  }

  /** The definition, after its name, of a key column whose numbers the database gives, rising. */
  public String identity() {
    return "INTEGER PRIMARY KEY AUTOINCREMENT";
  }

  /**
   * What stands after the definition of a table whose rows are kept in the order of the primary key
   * and found by nothing else; saves SQLite a second tree.
   */
  public String keptByPrimaryKey() {
    return " WITHOUT ROWID";
  }
}
