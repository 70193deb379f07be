package dev.mlops4j.duckdb;

import dev.mlops4j.data.RowSourceException;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * One database in memory, which all connections share: a table or a view that one creates is seen
 * by the others. It lasts until this and all connections are closed. Results are streamed; a
 * connection shows one at a time. Safe for any number of threads.
 */
public final class DuckDbDataSource implements DataSource, AutoCloseable {

  private final DuckDBConnection first;

  DuckDbDataSource(DuckDbLimits limits) {
    try {
      first = DuckDb.open(limits, DuckDb.temporaryDirectory());
    } catch (SQLException e) {
      throw new RowSourceException("DuckDB", "cannot be started: " + e.getMessage(), e);
    }
  }

  @Override
  public Connection getConnection() throws SQLException {
    return first.duplicate();
  }

  /** The same; there are no users. */
  @Override
  public Connection getConnection(String username, String password) throws SQLException {
    return getConnection();
  }

  /** Gives no further connections; those given go on. */
  @Override
  public void close() {
    try {
      first.close();
    } catch (SQLException e) {
      throw new RowSourceException("DuckDB", "cannot be closed: " + e.getMessage(), e);
    }
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  /** Does nothing: DuckDB writes no log. */
  @Override
  public void setLogWriter(PrintWriter out) {}

  /** Does nothing: nobody logs in. */
  @Override
  public void setLoginTimeout(int seconds) {}

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("DuckDB does not log");
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    throw new SQLException("this is no " + type.getName());
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return type.isInstance(this);
  }
}
