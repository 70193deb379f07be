package dev.mlops4j.storage;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Statements within one transaction of a {@link Database}. For the thread that runs the work, and
 * only until the work returns.
 *
 * <p>Arguments take the places of the question marks. They are null, {@link String}, {@code
 * byte[]}, {@link Boolean} (stored as 0 or 1), {@link Integer}, {@link Long}, {@link Double} or
 * {@link Float}; a NaN is refused, because SQLite would store a null in its place.
 */
public final class Transaction {

  /** Rows that the driver takes at once: more gain nothing, and are held in memory. */
  private static final int BATCH_ROWS = 1000;

  private final Session session;
  private boolean over;

  Transaction(Session session) {
    this.session = session;
  }

  /**
   * Runs a statement that gives no rows.
   *
   * @return how many rows it inserted, changed or deleted; 0 for a definition
   */
  public int update(String sql, @Nullable Object... args) throws SQLException {
    return use(
        sql,
        statement -> {
          bind(statement, args);
          return statement.executeUpdate();
        });
  }

  /**
   * Runs an insert that ends in {@code RETURNING} and one column of whole numbers.
   *
   * @return the number in the row inserted
   * @throws IllegalStateException if no row was inserted
   */
  public long insertReturningId(String sql, @Nullable Object... args) throws SQLException {
    return first(sql, row -> row.getLong(1), args)
        .orElseThrow(() -> new IllegalStateException("no row was inserted by: " + sql));
  }

  /** All rows of a query. */
  public <R> List<R> query(String sql, RowMapper<R> mapper, @Nullable Object... args)
      throws SQLException {
    List<R> rows = new ArrayList<>();
    scan(
        sql,
        row -> {
          rows.add(mapper.map(row));
          return true;
        },
        args);
    return rows;
  }

  /** The first row of a query, if there is one. */
  public <R> Optional<R> first(String sql, RowMapper<R> mapper, @Nullable Object... args)
      throws SQLException {
    List<R> rows = new ArrayList<>(1);
    scan(
        sql,
        row -> {
          rows.add(mapper.map(row));
          return false;
        },
        args);
    return rows.stream().findFirst();
  }

  /** Shows the rows of a query one after the other, in constant memory, until told to stop. */
  public void scan(String sql, RowVisitor visitor, @Nullable Object... args) throws SQLException {
    use(
        sql,
        statement -> {
          bind(statement, args);
          try (ResultSet rows = statement.executeQuery()) {
            boolean more = true;
            while (more && rows.next()) {
              more = visitor.visit(rows);
            }
            return more;
          }
        });
  }

  /**
   * Runs a statement that gives no rows once for each element, in order.
   *
   * @param rows the arguments of each
   * @return how many rows were inserted, changed or deleted in all
   */
  public int batch(String sql, Iterable<? extends @Nullable Object[]> rows) throws SQLException {
    return use(
        sql,
        statement -> {
          int changed = 0;
          int waiting = 0;
          for (@Nullable Object[] row : rows) {
            bind(statement, row);
            statement.addBatch();
            if (++waiting == BATCH_ROWS) {
              changed += sum(statement.executeBatch());
              waiting = 0;
            }
          }
          return changed + sum(statement.executeBatch());
        });
  }

  private static int sum(int[] counts) {
    return IntStream.of(counts).sum();
  }

  void end() {
    over = true;
  }

  private <R> R use(String sql, Session.Use<R> use) throws SQLException {
    if (over) {
      throw new IllegalStateException(
          "the transaction is over; use it only in the work it was given to");
    }
    return session.use(sql, use);
  }

  private static void bind(PreparedStatement statement, @Nullable Object[] args)
      throws SQLException {
    int places = statement.getParameterMetaData().getParameterCount();
    if (places != args.length) {
      throw new IllegalArgumentException(
          "a statement with " + places + " question marks was given " + args.length + " arguments");
    }
    for (int i = 0; i < args.length; i++) {
      bind(statement, i + 1, args[i]);
    }
  }

  private static void bind(PreparedStatement statement, int index, @Nullable Object value)
      throws SQLException {
    if (value == null) {
      statement.setObject(index, null);
    } else if (value instanceof String text) {
      statement.setString(index, text);
    } else if (value instanceof Long || value instanceof Integer) {
      statement.setLong(index, ((Number) value).longValue());
    } else if (value instanceof Double || value instanceof Float) {
      statement.setDouble(index, storable(((Number) value).doubleValue(), index));
    } else if (value instanceof byte[] bytes) {
      statement.setBytes(index, bytes);
    } else if (value instanceof Boolean flag) {
      statement.setLong(index, flag ? 1 : 0);
    } else {
      throw new IllegalArgumentException(
          "argument "
              + index
              + " is a "
              + value.getClass().getName()
              + "; a statement takes null, String, byte[], Boolean, Integer, Long, Double and Float");
    }
  }

  private static double storable(double value, int index) {
    if (Double.isNaN(value)) {
      throw new IllegalArgumentException(
          "argument "
              + index
              + " is NaN, which SQLite would store as null; store its bits"
              + " (Double.doubleToLongBits) or a column that says so");
    }
    return value;
  }
}
