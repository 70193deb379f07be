package dev.mlops4j.storage;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Makes a value of a row.
 *
 * @param <R> the value
 */
@FunctionalInterface
public interface RowMapper<R extends @Nullable Object> {

  /**
   * The value of the row on which {@code row} stands; does not move it, does not keep it.
   *
   * @throws SQLException if a column cannot be read
   */
  R map(ResultSet row) throws SQLException;
}
