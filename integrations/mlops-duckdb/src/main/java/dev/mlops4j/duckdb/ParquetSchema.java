package dev.mlops4j.duckdb;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.Schema;
import dev.mlops4j.data.SchemaException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The columns of files as columns of a schema, declared or inferred. */
record ParquetSchema(Schema schema, List<ParquetColumn> columns) {

  ParquetSchema {
    columns = List.copyOf(columns);
  }

  static ParquetSchema of(Connection connection, ParquetFiles files, ParquetOptions options)
      throws SQLException {
    Map<String, ParquetColumn> there = new LinkedHashMap<>();
    forEach(
        connection,
        "DESCRIBE SELECT * FROM " + files.table(),
        row -> there.put(row.getString(1), new ParquetColumn(row.getString(1), row.getString(2))));
    List<String> problems = new ArrayList<>();
    List<Field> fields = new ArrayList<>();
    Schema declared = options.schema();
    if (declared != null) {
      declared.fields().forEach(field -> fields.add(options.marked(field)));
    } else {
      for (ParquetColumn column : there.values()) {
        ColumnType type = column.inferred();
        if (type == null) {
          problems.add(
              "column \""
                  + column.name()
                  + "\" is "
                  + column.type()
                  + (column.isFloats()
                      ? ", whose length is not known; declare a schema in which it is"
                          + " floats(length), or one without it"
                      : ", which no column can hold; declare a schema without it"));
        } else {
          fields.add(options.marked(new Field(column.name(), type, false, false)));
        }
      }
    }
    List<ParquetColumn> columns = new ArrayList<>();
    for (Field field : fields) {
      ParquetColumn column = there.get(field.name());
      String problem =
          column == null
              ? "column \"" + field.name() + "\" is missing"
              : column.problem(field, options.zone());
      if (column != null) {
        columns.add(column);
      }
      if (problem != null) {
        problems.add(problem);
      }
    }
    for (String name : options.sensitiveNames()) {
      if (fields.stream().noneMatch(field -> field.name().equals(name))) {
        problems.add("column \"" + name + "\" was said to be sensitive, but is not there");
      }
    }
    if (!files.isOneFile()) {
      problems.addAll(differences(connection, files, fields, declared == null));
    }
    if (!problems.isEmpty()) {
      throw new SchemaException(
          "the columns of "
              + files.name()
              + " do not fit:\n  "
              + String.join("\n  ", problems)
              + "\n  there are: "
              + there.values().stream()
                  .map(column -> column.name() + " " + column.type())
                  .collect(Collectors.joining(", ")));
    }
    return new ParquetSchema(Schema.of(fields), columns);
  }

  /**
   * Columns that are not the same in all files: DuckDB would take the types of the first file and
   * round the numbers of the others to them without a word.
   */
  private static List<String> differences(
      Connection connection, ParquetFiles files, List<Field> fields, boolean all)
      throws SQLException {
    String schema = "parquet_schema(" + files.list() + ")";
    List<String> found = new ArrayList<>();
    forEach(
        connection,
        "SELECT name, count(DISTINCT file_name) AS files, (SELECT count(DISTINCT file_name) FROM "
            + schema
            + ") AS all_files, count(DISTINCT concat_ws('/', type, converted_type, logical_type,"
            + " type_length, scale, precision)) AS types FROM "
            + schema
            + " WHERE num_children IS NULL OR num_children = 0 GROUP BY name HAVING types > 1 OR"
            + " files < all_files ORDER BY name",
        row -> {
          String name = row.getString(1);
          if (all || fields.stream().anyMatch(field -> field.name().equals(name))) {
            found.add(
                "column \""
                    + name
                    + "\" is in "
                    + row.getLong(2)
                    + " of "
                    + row.getLong(3)
                    + " files, with "
                    + row.getLong(4)
                    + " types; read those that differ apart");
          }
        });
    return found;
  }

  /** What is done with a row. */
  interface RowAction {
    void accept(ResultSet row) throws SQLException;
  }

  static void forEach(Connection connection, String sql, RowAction action) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        action.accept(rows);
      }
    }
  }
}
