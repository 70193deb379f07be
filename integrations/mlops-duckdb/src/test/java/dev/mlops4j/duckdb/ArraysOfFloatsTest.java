package dev.mlops4j.duckdb;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.data.ColumnType.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Floats;
import dev.mlops4j.data.JdbcSource;
import dev.mlops4j.data.Schema;
import dev.mlops4j.data.SchemaException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Arrays of floats in Parquet files, and in DuckDB's columns through JDBC. */
class ArraysOfFloatsTest {

  private static final Schema SCHEMA =
      Schema.builder().required("id", FLOAT64).optional("embedding", floats(3)).build();

  private static final Schema ONE = Schema.builder().optional("e", floats(2)).build();

  @TempDir Path directory;

  @Test
  void whatIsWrittenToParquetIsReadBackToTheBit() {
    Random random = new Random(1);
    Schema schema =
        Schema.builder()
            .optional("before", STRING)
            .optional("embedding", floats(64))
            .optional("after", FLOAT64)
            .optional("other", floats(1))
            .build();
    DatasetBuilder rows = Dataset.builder(schema);
    for (int row = 0; row < 5_000; row++) {
      float[] elements = new float[64];
      for (int i = 0; i < elements.length; i++) {
        elements[i] = Float.intBitsToFloat(random.nextInt());
      }
      rows.add(
          "t" + row % 7,
          random.nextInt(9) == 0 ? null : elements,
          (double) row,
          new float[] {random.nextFloat()});
    }
    Dataset written = rows.build();
    Path file = directory.resolve("rows.parquet");

    Parquet.write(written, file);

    assertThat(Parquet.options().schema(schema).read(file).digest()).isEqualTo(written.digest());
  }

  @Test
  void listsOfDoublesAreRoundedToTheNearestFloat() throws SQLException {
    Path file = parquet("SELECT [0.1::DOUBLE, 'nan'::DOUBLE] e UNION ALL SELECT NULL ORDER BY e");

    Dataset rows = Parquet.options().schema(ONE).read(file);

    assertThat(rows.rows())
        .extracting(row -> row.value("e"))
        .containsExactly(Floats.of(0.1f, Float.NaN), null);
  }

  @Test
  void listsThatDoNotFitAreRefusedWithTheirRow() throws SQLException {
    String good = "SELECT 0 i, [1::DOUBLE, 2] e UNION ALL SELECT 1, ";
    refuses(good + "[1::DOUBLE]", ": column \"e\" has an array of 1 elements, and is FLOATS(2)");
    refuses(
        good + "[1::DOUBLE, 2, 3]", ": column \"e\" has an array of 3 elements, and is FLOATS(2)");
    refuses(
        good + "[1::DOUBLE, NULL]", ": column \"e\" has an array whose element 1, from 0, is null");
    refuses(
        good + "[1e39::DOUBLE, 2]",
        ": column \"e\" has an array whose element 0, from 0, is beyond the range of a 32-bit float");
  }

  private void refuses(String sql, String message) throws SQLException {
    Path file = parquet(sql + " ORDER BY i");
    assertThatThrownBy(() -> Parquet.options().schema(ONE).read(file))
        .isInstanceOf(SchemaException.class)
        .hasMessage("row 1 read from " + file + message);
  }

  @Test
  void anArrayMustBeDeclaredAndBeOfFloats() throws SQLException {
    Path file = parquet("SELECT [1::FLOAT, 2] e");

    assertThatThrownBy(() -> Parquet.read(file))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining(
            "column \"e\" is FLOAT[], whose length is not known; declare a schema in which it is"
                + " floats(length)");
    Path texts = parquet("SELECT ['a', 'b'] e");
    assertThatThrownBy(() -> Parquet.options().schema(ONE).read(texts))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("column \"e\" is to be FLOATS(2), found VARCHAR[]");
  }

  @Test
  void arraysAndListsOfAnyNumbersAreReadThroughJdbc() {
    for (String sql :
        List.of(
            "[0.5::FLOAT, 2, 'nan']",
            "[0.5::FLOAT, 2, 'nan']::FLOAT[3]",
            "[0.5::DOUBLE, 2, 'nan']",
            "[0.5::DOUBLE, 2, 'nan']::DOUBLE[3]",
            "'[0.5, 2, nan]'")) {
      Dataset rows =
          jdbc("SELECT 1.0 id, " + sql + " embedding UNION ALL SELECT 2, NULL ORDER BY 1");

      assertThat(rows.rows())
          .as(sql)
          .extracting(row -> row.value("embedding"))
          .containsExactly(Floats.of(0.5f, 2, Float.NaN), null);
    }
    assertThat(jdbc("SELECT 1.0 id, [1, 2, 3] embedding").floats("embedding").get(0))
        .isEqualTo(Floats.of(1, 2, 3));
    assertThat(
            jdbc("SELECT 1.0 id, [0.1::DECIMAL(9,2), 2, 3] embedding").floats("embedding").get(0))
        .isEqualTo(Floats.of(0.1f, 2, 3));
  }

  @Test
  void whatDoesNotFitIsRefusedThroughJdbcWithItsRow() {
    String good = "SELECT 1.0 id, [0.5::DOUBLE, 2, 3] embedding UNION ALL SELECT 2, ";
    String where = "row 1, column \"embedding\": ";
    assertThatThrownBy(() -> jdbc(good + "[1::DOUBLE, 2] ORDER BY 1"))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining(where)
        .hasMessageContaining(" is an array of 2 elements, the column is FLOATS(3)");
    assertThatThrownBy(() -> jdbc(good + "[1::DOUBLE, NULL, 2] ORDER BY 1"))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining(where)
        .hasMessageContaining(" is an array whose element 1, from 0, is null");
    assertThatThrownBy(() -> jdbc(good + "[1::DOUBLE, 2, -1e39] ORDER BY 1"))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining(where)
        .hasMessageContaining(" element 2, from 0, is beyond the range of a 32-bit float");
    assertThatThrownBy(() -> jdbc("SELECT 1.0 id, ['a', 'b', 'c'] embedding"))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining(" is an array whose element 0, from 0, is not a number");
    assertThatThrownBy(() -> jdbc("SELECT 1.0 id, 7 embedding"))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("column \"embedding\" is to be FLOATS(3), found INTEGER");
    assertThatThrownBy(
            () -> read(JdbcSource.of(DuckDb.dataSource(), "SELECT [1::FLOAT, 2] embedding")))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining(
            "column \"embedding\" is an array, FLOAT[]; declare a schema in which it is"
                + " floats(length), or leave it out");
  }

  private Path parquet(String sql) throws SQLException {
    Path file = directory.resolve("given.parquet");
    try (DuckDbDataSource duckDb = DuckDb.dataSource();
        Connection connection = duckDb.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("COPY (" + sql + ") TO '" + file + "' (FORMAT parquet)");
    }
    return file;
  }

  private static Dataset jdbc(String sql) {
    try (DuckDbDataSource duckDb = DuckDb.dataSource()) {
      return read(JdbcSource.of(duckDb, sql).schema(SCHEMA));
    }
  }

  private static Dataset read(JdbcSource.Builder source) {
    List<Dataset> batches = new ArrayList<>();
    source.build().read(Instant.MIN, Instant.MAX, batches::add);
    return batches.get(0);
  }
}
