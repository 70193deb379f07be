package dev.mlops4j.data;

/**
 * One column of a {@link Schema}: what it is called, what it holds, and how it may be treated.
 *
 * @param name not blank, unique in its schema
 * @param type what the values are
 * @param required whether a missing value is an error
 * @param sensitive whether values must never enter golden rows, reports, logs or messages
 */
public record Field(String name, ColumnType type, boolean required, boolean sensitive) {

  /**
   * Checks the name.
   *
   * @throws SchemaException if {@code name} is blank
   */
  public Field {
    if (name.isBlank()) {
      throw new SchemaException("a column needs a name, found \"" + name + "\"");
    }
  }
}
