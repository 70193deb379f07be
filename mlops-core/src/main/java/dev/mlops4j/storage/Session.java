package dev.mlops4j.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One connection and the statements prepared on it. For one thread at a time. */
final class Session implements AutoCloseable {

  private static final int KEPT_STATEMENTS = 256;

  private final Connection connection;
  private final Dialect dialect;
  private final Map<String, Prepared> idle = new LinkedHashMap<>(64, 0.75f, true);

  Session(Connection connection, Dialect dialect) {
    this.connection = connection;
    this.dialect = dialect;
  }

  Dialect dialect() {
    return dialect;
  }

  /** Runs a statement as it is, without keeping it. */
  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Runs a statement without arguments or rows, and keeps it for the next time. */
  void run(String sql) throws SQLException {
    use(sql, prepared -> prepared.statement().execute());
  }

  /** Uses a statement that nobody else uses meanwhile, the same one as before if there is one. */
  <R extends @Nullable Object> R use(String sql, Use<R> use) throws SQLException {
    Prepared kept = idle.remove(sql);
    Prepared prepared = kept != null ? kept : prepare(sql);
    try {
      R result = use.apply(prepared);
      keep(sql, prepared);
      return result;
    } catch (SQLException | RuntimeException | Error e) {
      try {
        prepared.close();
      } catch (SQLException onClose) {
        e.addSuppressed(onClose);
      }
      throw e;
    }
  }

  private Prepared prepare(String sql) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    if (dialect.fetchRows() > 0) {
      statement.setFetchSize(dialect.fetchRows());
    }
    return new Prepared(statement, sql);
  }

  private void keep(String sql, Prepared prepared) throws SQLException {
    prepared.statement().clearParameters();
    Prepared other = idle.put(sql, prepared);
    if (other != null) {
      other.close();
    } else if (idle.size() > KEPT_STATEMENTS) {
      var eldest = idle.entrySet().iterator();
      eldest.next().getValue().close();
      eldest.remove();
    }
  }

  /** Closes the statements but not the connection, which is another's. */
  void closeStatements() throws SQLException {
    for (Prepared prepared : idle.values()) {
      prepared.close();
    }
    idle.clear();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  /** What is done with a statement. */
  @FunctionalInterface
  interface Use<R extends @Nullable Object> {
    R apply(Prepared prepared) throws SQLException;
  }
}
