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
}
