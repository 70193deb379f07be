package dev.mlops4j.storage;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * A connection that somebody lent for one transaction. It is given back as it was: only its
 * autocommit is changed meanwhile, everything else is set for the transaction alone, which also
 * holds behind a pooler that gives each transaction another server process.
 */
final class PostgresConnection {

  private final Connection connection;
  private final Session session;
  private boolean autoCommit = true;
  private boolean begun;

  PostgresConnection(Connection connection) {
    this.connection = connection;
    this.session = new Session(connection, Dialect.POSTGRESQL);
  }

  Session session() {
    return session;
  }

  /** Begins a transaction with these settings, in one exchange with the server. */
  void begin(String settings) throws SQLException {
    autoCommit = connection.getAutoCommit();
    begun = true;
    if (autoCommit) {
      connection.setAutoCommit(false);
    }
    session.execute(settings);
  }

  void commit() throws SQLException {
    connection.commit();
    begun = false;
  }

  /**
   * Takes back what was not committed and gives the connection back, or gives it up if that fails.
   *
   * @param forget whether the statements that the driver keeps prepared are no longer valid
   */
  void giveBack(boolean forget) {
    try {
      restore(forget);
    } catch (SQLException | RuntimeException e) {
      giveUp();
    }
    try {
      connection.close();
    } catch (SQLException | RuntimeException e) {
      // What was to be done is done, or its failure is being thrown.
    }
  }

  private void restore(boolean forget) throws SQLException {
    if (begun) {
      connection.rollback();
    }
    session.closeStatements();
    if (forget) {
      session.execute("DEALLOCATE ALL");
      if (!connection.getAutoCommit()) {
        connection.rollback();
      }
    }
    if (autoCommit && !connection.getAutoCommit()) {
      connection.setAutoCommit(true);
    }
  }

  /** Closes it for good, so that no pool gives it to anybody in the middle of a transaction. */
  private void giveUp() {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException | RuntimeException e) {
      // It is closed already.
    }
  }
}
