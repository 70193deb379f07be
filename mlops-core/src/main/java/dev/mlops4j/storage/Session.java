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
  private final Map<String, PreparedStatement> idle = new LinkedHashMap<>(64, 0.75f, true);

  Session(Connection connection) {
    this.connection = connection;
  }

  /** Runs a statement as it is, without keeping it. */
  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Runs a statement without arguments or rows, and keeps it for the next time. */
  void run(String sql) throws SQLException {
    use(sql, PreparedStatement::execute);
  }

  /** Uses a statement that nobody else uses meanwhile, the same one as before if there is one. */
  <R extends @Nullable Object> R use(String sql, Use<R> use) throws SQLException {
    PreparedStatement kept = idle.remove(sql);
    PreparedStatement statement = kept != null ? kept : connection.prepareStatement(sql);
    try {
      R result = use.apply(statement);
      keep(sql, statement);
      return result;
    } catch (SQLException | RuntimeException | Error e) {
      try {
        statement.close();
      } catch (SQLException onClose) {
        e.addSuppressed(onClose);
      }
      throw e;
    }
  }

  private void keep(String sql, PreparedStatement statement) throws SQLException {
    statement.clearParameters();
    PreparedStatement other = idle.put(sql, statement);
    if (other != null) {
      other.close();
    } else if (idle.size() > KEPT_STATEMENTS) {
      var eldest = idle.entrySet().iterator();
      eldest.next().getValue().close();
      eldest.remove();
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  /** What is done with a statement. */
  @FunctionalInterface
  interface Use<R extends @Nullable Object> {
    R apply(PreparedStatement statement) throws SQLException;
  }
}
