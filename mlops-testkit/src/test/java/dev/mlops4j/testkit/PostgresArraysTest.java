package dev.mlops4j.testkit;

import static dev.mlops4j.data.ColumnType.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.Floats;
import dev.mlops4j.data.JdbcSource;
import dev.mlops4j.data.Schema;
import dev.mlops4j.data.SchemaException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrays of floats out of PostgreSQL's arrays. */
class PostgresArraysTest {

  private static final Schema SCHEMA = Schema.builder().optional("e", floats(3)).build();

  @ParameterizedTest
  @ValueSource(strings = {"real[]", "float8[]", "numeric[]", "text"})
  void arraysOfAnyNumbersAreRead(String type) {
    // The driver has no NaN in a numeric[].
    String last = type.equals("numeric[]") ? "1e-40" : "NaN";
    String numbers = "0.1, -2, " + last;
    String literal = type.equals("text") ? "'[" + numbers + "]'" : "'{" + numbers + "}'";

    Dataset rows = read("SELECT " + literal + "::" + type + " AS e UNION ALL SELECT NULL");

    assertThat(rows.rows())
        .extracting(row -> row.value("e"))
        .containsExactly(Floats.of(0.1f, -2, Float.parseFloat(last)), null);
  }

  @Test
  void whatDoesNotFitIsRefusedWithItsRow() {
    assertThatThrownBy(
            () ->
                read(
                    "SELECT * FROM (VALUES ('{1,2,3}'::float8[]), ('{1,2}'), ('{1,NULL,3}'),"
                        + " ('{1,2,1e39}'), ('{{1,2},{3,4},{5,6}}')) AS t (e)"))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("row 1, column \"e\"")
        .hasMessageContaining("is an array of 2 elements, the column is FLOATS(3)")
        .hasMessageContaining("row 2, column \"e\"")
        .hasMessageContaining("is an array whose element 1, from 0, is null")
        .hasMessageContaining("row 3, column \"e\"")
        .hasMessageContaining("element 2, from 0, is beyond the range of a 32-bit float")
        .hasMessageContaining("row 4, column \"e\"")
        .hasMessageContaining("element 0, from 0, is not a number");
    assertThatThrownBy(() -> read("SELECT 7 AS e"))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("column \"e\" is to be FLOATS(3), found int4");
  }

  private static Dataset read(String sql) {
    List<Dataset> batches = new ArrayList<>();
    JdbcSource.of(PostgresServer.source(), sql)
        .schema(SCHEMA)
        .build()
        .read(Instant.MIN, Instant.MAX, batches::add);
    return batches.get(0);
  }
}
