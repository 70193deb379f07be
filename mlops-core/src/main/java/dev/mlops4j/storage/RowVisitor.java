package dev.mlops4j.storage;

import java.sql.ResultSet;
import java.sql.SQLException;

/** Sees rows one after the other. */
@FunctionalInterface
public interface RowVisitor {

  /**
   * Sees the row on which {@code row} stands; does not move it, does not keep it.
   *
   * @return whether to go on
   * @throws SQLException if a column cannot be read
   */
  boolean visit(ResultSet row) throws SQLException;
}
