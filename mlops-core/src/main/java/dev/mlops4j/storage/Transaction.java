package dev.mlops4j.storage;

import dev.mlops4j.Digest;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
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
 * {@link Float}; a NaN is refused, because SQLite would store a null in its place. Text with the
 * character U+0000 in it is refused on PostgreSQL, with a {@link ConstraintViolationException}.
 *
 * <p>On PostgreSQL a statement that fails ends the transaction, also if the work catches what it
 * throws.
 */
public final class Transaction {

  /** Rows that the driver takes at once: more gain nothing, and are held in memory. */
  private static final int BATCH_ROWS = 1000;

  /** More gain nothing: what they save is finding the end of the table for each row. */
  private static final int INSERTED_ROWS = 64;

  private final Session session;
  private final String place;
  private @Nullable SQLException failure;
  private boolean over;
  private long argumentBytes;

  /**
   * A transaction that has begun.
   *
   * @param place what tells apart the locks of several users of one server
   */
  Transaction(Session session, String place) {
    this.session = session;
    this.place = place;
  }

  /**
   * Waits for all other transactions that have locked the same name, on this database and schema
   * and in whatever process, and keeps those that follow waiting until this one ends. A work whose
   * statements depend on what its earlier ones have read must begin with it, unless the statements
   * themselves see to that. What was committed before the lock was got is seen by the statements
   * after it.
   *
   * <p>Does nothing on SQLite, where there is one writer at a time. Two works that lock several
   * names in different orders may have one of them begun anew.
   *
   * @param name as "registry model x"; two names are never taken for each other but by a collision
   *     of 64 bits, which would only make them wait
   */
  public void lock(String name) throws SQLException {
    lock("pg_advisory_xact_lock", name);
  }

  /**
   * Waits for the transactions that have locked the same name by {@link #lock} alone, and keeps
   * those that follow by it waiting until this one ends; those that share it run side by side.
   */
  public void lockShared(String name) throws SQLException {
    lock("pg_advisory_xact_lock_shared", name);
  }

  private void lock(String function, String name) throws SQLException {
    if (session.dialect().hasOneWriter()) {
      return;
    }
    String digest = Digest.of(place + '\0' + name).hex();
    first(
        "SELECT 1 FROM pg_catalog." + function + "(?)",
        row -> true,
        Long.parseUnsignedLong(digest.substring(0, 16), 16));
  }

  /**
   * Runs a statement that gives no rows.
   *
   * @return how many rows it inserted, changed or deleted; 0 for a definition
   */
  public int update(String sql, @Nullable Object... args) throws SQLException {
    return use(
        sql,
        prepared -> {
          bind(prepared, args);
          return prepared.statement().executeUpdate();
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

  /** Text that only people read, as a column of this database can hold it. */
  public @Nullable String legible(@Nullable String text) {
    return session.dialect().legible(text);
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
        prepared -> {
          bind(prepared, args);
          try (ResultSet rows = prepared.statement().executeQuery()) {
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
        session.dialect().rowByRow(sql),
        prepared -> {
          PreparedStatement statement = prepared.statement();
          int changed = 0;
          int waiting = 0;
          for (@Nullable Object[] row : rows) {
            bind(prepared, row);
            statement.addBatch();
            if (++waiting == BATCH_ROWS) {
              changed += sum(statement.executeBatch());
              waiting = 0;
            }
          }
          return changed + sum(statement.executeBatch());
        });
  }

  /**
   * Inserts rows, in order, many by one statement: on SQLite a third faster than {@link #batch} for
   * rows in the order of their primary key.
   *
   * @param into as {@code INSERT INTO t (a, b) VALUES}
   * @param places the question marks of one row, as {@code (?, ?)}
   * @param then what follows the rows, as {@code ON CONFLICT DO NOTHING}
   * @return how many rows were inserted
   */
  public int insert(
      String into, String places, String then, Iterable<? extends @Nullable Object[]> rows)
      throws SQLException {
    String many = "";
    List<@Nullable Object[]> waiting = new ArrayList<>(INSERTED_ROWS);
    int inserted = 0;
    for (@Nullable Object[] row : rows) {
      waiting.add(row);
      if (waiting.size() == INSERTED_ROWS) {
        many = many.isEmpty() ? many(into, places, then) : many;
        inserted += update(many, waiting.stream().flatMap(Arrays::stream).toArray());
        waiting.clear();
      }
    }
    return inserted + batch(into + " " + places + " " + then, waiting);
  }

  private static String many(String into, String places, String then) {
    return into + " " + (places + ", ").repeat(INSERTED_ROWS - 1) + places + " " + then;
  }

  private static int sum(int[] counts) throws SQLException {
    if (IntStream.of(counts).anyMatch(count -> count < 0)) {
      throw new SQLException(
          "the driver does not say how many rows a batch changed; turn off what makes it send several"
              + " inserts as one");
    }
    return IntStream.of(counts).sum();
  }

  void end() {
    over = true;
  }

  /** How long the texts and bytes among the arguments were, in all: the least that is written. */
  long argumentBytes() {
    return argumentBytes;
  }

  /** What the first statement that failed has thrown. */
  @Nullable SQLException failure() {
    return failure;
  }

  private <R> R use(String sql, Session.Use<R> use) throws SQLException {
    if (over) {
      throw new IllegalStateException(
          "the transaction is over; use it only in the work it was given to");
    }
    try {
      return session.use(sql, use);
    } catch (SQLException e) {
      failure = failure == null ? e : failure;
      throw e;
    }
  }

  private void bind(Prepared prepared, @Nullable Object[] args) throws SQLException {
    if (prepared.places() != args.length) {
      throw new IllegalArgumentException(
          "a statement with "
              + prepared.places()
              + " question marks was given "
              + args.length
              + " arguments");
    }
    for (int i = 0; i < args.length; i++) {
      bind(prepared.statement(), i + 1, args[i]);
    }
  }

  private void bind(PreparedStatement statement, int index, @Nullable Object value)
      throws SQLException {
    if (value == null) {
      statement.setObject(index, null);
    } else if (value instanceof String text) {
      statement.setString(index, storable(text, index));
      argumentBytes += text.length();
    } else if (value instanceof Long || value instanceof Integer) {
      statement.setLong(index, ((Number) value).longValue());
    } else if (value instanceof Double || value instanceof Float) {
      statement.setDouble(index, storable(((Number) value).doubleValue(), index));
    } else if (value instanceof byte[] blob) {
      statement.setBytes(index, blob);
      argumentBytes += blob.length;
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

  private String storable(String text, int index) {
    if (!session.dialect().holds(text)) {
      throw new ConstraintViolationException(
          "argument "
              + index
              + " is text with the character U+0000 in it, which PostgreSQL cannot hold. Nothing was"
              + " stored; leave it out",
          null);
    }
    return text;
  }
}
