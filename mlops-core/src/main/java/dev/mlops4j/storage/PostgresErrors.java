package dev.mlops4j.storage;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's SQLSTATEs as exceptions of the library; by the states alone, whatever the driver.
 */
final class PostgresErrors {

  private static final Pattern PASSWORD =
      Pattern.compile("(?i)(password\\s*[=:]\\s*)[^&;,\\s]+|(//[^:/@\\s]*:)[^@/\\s]+(?=@)");

  private PostgresErrors() {}

  /** Whether the transaction lost against another, and would have gone well alone. */
  static boolean isConflict(SQLException e) {
    return is(e, "40001", "40P01");
  }

  /** Whether a statement was prepared on this connection before its tables were changed. */
  static boolean isStalePlan(SQLException e) {
    return is(e, "0A000");
  }

  static boolean isConnectionLost(SQLException e) {
    return is(e, "08", "57P01", "57P02", "57P03", "57P05", "25P03");
  }

  static StorageException translate(String name, String what, SQLException e) {
    SQLException cause = withoutPassword(e);
    String asked = "cannot " + what + " " + name + ": ";
    if (isConnectionLost(e)) {
      return new StorageException(
          asked
              + "the connection was lost or refused ("
              + said(cause)
              + "). Nothing of the transaction was stored; see whether the server runs and can be reached, and try again",
          cause);
    }
    if (is(e, "53100")) {
      return new StorageFullException(
          asked
              + "the server's disk is full. Nothing of the transaction was stored; free some space and try again",
          cause);
    }
    if (is(e, "25006")) {
      return new StorageReadOnlyException(
          asked
              + "it is read-only here. Nothing of the transaction was stored; write only in the work of a write, and on"
              + " connections to a primary server that are not read-only",
          cause);
    }
    if (is(e, "42501")) {
      return new StorageReadOnlyException(
          asked
              + "this user may not ("
              + said(cause)
              + "). Nothing of the transaction was stored; grant the user what it needs",
          cause);
    }
    if (isConflict(e) || is(e, "55P03", "57014", "53300") || isWithoutFreeConnection(e)) {
      return new StorageBusyException(
          asked
              + "others held it for longer than this one waits ("
              + said(cause)
              + "). Nothing of the transaction was stored; look for long transactions, or allow more connections",
          cause);
    }
    if (is(e, "XX001", "XX002")) {
      return new StorageCorruptException(
          asked + "it is damaged (" + said(cause) + "). Restore it from a copy", cause);
    }
    if (is(e, "23")) {
      return new ConstraintViolationException(asked + said(cause), cause);
    }
    if (is(e, "26000")) {
      return new StorageException(
          asked
              + said(cause)
              + ". A pooler in between does not know prepared statements: turn that on in it, or off"
              + " in the driver (prepareThreshold=0)",
          cause);
    }
    if (is(e, "42P01", "42703", "3F000")) {
      return new StorageException(
          asked + said(cause) + ". If its tables were not made yet, see Database.migrate()", cause);
    }
    return new StorageException(asked + said(cause), cause);
  }

  /** The failure of a commit of which nobody can say whether the server has still heard it. */
  static StorageException unknownOutcome(String name, SQLException e) {
    SQLException cause = withoutPassword(e);
    return new StorageException(
        "cannot say whether a write to "
            + name
            + " was stored: the connection was lost in its commit ("
            + said(cause)
            + "). Either all of it was or nothing; look before writing it again",
        cause);
  }

  /** Pools say that no connection was free without a state, or with that of what stopped them. */
  private static boolean isWithoutFreeConnection(SQLException e) {
    return e instanceof SQLTransientConnectionException;
  }

  private static boolean is(SQLException e, String... states) {
    String state = e.getSQLState();
    if (state != null) {
      for (String prefix : states) {
        if (state.startsWith(prefix)) {
          return true;
        }
      }
    }
    return false;
  }

  private static String said(SQLException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message.strip();
  }

  /** The same failure, unless it tells a password, as one about a URL may. */
  private static SQLException withoutPassword(SQLException e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (hidden(t.getMessage()) != null) {
        SQLException safe = new SQLException(hide(String.valueOf(e.getMessage())), e.getSQLState());
        safe.setStackTrace(e.getStackTrace());
        return safe;
      }
    }
    return e;
  }

  private static @Nullable String hidden(@Nullable String message) {
    return message != null && PASSWORD.matcher(message).find() ? hide(message) : null;
  }

  private static String hide(String message) {
    return PASSWORD.matcher(message).replaceAll("$1$2***");
  }
}
