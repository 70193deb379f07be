package dev.mlops4j.data;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a database, by a statement with the places {@code :from} and {@code :to}. Immutable;
 * safe for any number of threads if the data source is, each read having a connection of its own.
 *
 * <pre>{@code
 * RowSource weather = JdbcSource.of(warehouse,
 *         "SELECT origin, observed_at, wind_speed FROM weather"
 *             + " WHERE observed_at >= :from AND observed_at < :to")
 *     .schema(WEATHER)
 *     .build();
 * }</pre>
 *
 * <p><b>Places.</b> Each may stand any number of times; what is quoted, a comment or a cast is
 * none. They are bound, never pasted. A statement without them gives the same rows for every
 * period. The ends are bound as {@code OffsetDateTime} in UTC; with {@link Builder#zone} as {@code
 * LocalDateTime} in that zone, for columns without one; with {@link Builder#timestampsAs} as a
 * number, or a text with six decimals and {@code Z}. Rounded up to what the form can say, they part
 * neighbouring periods by {@code >= :from} and {@code < :to}. Years before 1 and after 9999 become
 * 0001-01-01T00:00 and 9999-12-31T23:59:59.999999, which every database takes; numbers become the
 * least and greatest long. A text column is compared as text: hold all its values with {@code T},
 * {@code Z} and the same decimals. Compared with a column of the other kind, with or without a
 * zone, a database takes its session's zone without a word.
 *
 * <p><b>Columns</b> are found by name, in another case if no other matches; those not declared are
 * ignored. Integers, floating point numbers and decimals fit FLOAT64 (rounded to the nearest
 * double, those of 32 bits widened to the same number), integers and whole decimals INT64, truth
 * values BOOLEAN, texts STRING. TIMESTAMP takes times with a zone, ISO 8601 texts, integers after
 * {@link Builder#timestampsAs}, and times without a zone and dates after {@link Builder#zone}; a
 * local time that the zone's clocks skip or show twice is an error. What is finer than a
 * microsecond is cut off. SQLite does not hold its columns to their types, so each cell is checked,
 * and truth is 0 or 1.
 *
 * <p><b>Inferred schema.</b> Without {@link Builder#schema} the types are those of the result: none
 * is required. SQLite knows them for columns of tables only, else from the first row.
 *
 * <p><b>Memory.</b> Rows are fetched {@link Builder#fetchSize} at a time, in one transaction that
 * is rolled back, as PostgreSQL needs it. MySQL's driver holds all rows unless its URL says {@code
 * useCursorFetch=true}.
 */
public final class JdbcSource implements RowSource {

  /** How many rows are fetched at a time and make a batch, unless said otherwise. */
  public static final int DEFAULT_FETCH_SIZE = 10_000;

  /** The class of SQL states of values that are not what they should be. */
  private static final String DATA_EXCEPTION = "22";

  private static final int LONGEST_NAME = 80;
  private static final int LONGEST_SOURCE = 10_000;

  private final DataSource dataSource;
  private final JdbcSql sql;
  private final Settings settings;

  private JdbcSource(DataSource dataSource, JdbcSql sql, Settings settings) {
    this.dataSource = dataSource;
    this.sql = sql;
    this.settings = settings;
  }

  /**
   * Starts a source of the rows that this statement gives.
   *
   * @throws IllegalArgumentException if the statement has another place than {@code :from} and
   *     {@code :to}
   */
  public static Builder of(DataSource dataSource, String sql) {
    return new Builder(dataSource, sql);
  }

  /**
   * {@inheritDoc}
   *
   * @throws SchemaException with all problems, if columns lack or have types that do not fit; or,
   *     up to 20 of one batch, if cells cannot be read or required ones are null
   * @throws RowSourceException if the database fails, with its message; the connection is closed
   */
  @Override
  public void read(Instant from, Instant to, Consumer<? super Dataset> batches) {
    if (!from.isBefore(to)) {
      return;
    }
    long[] rows = {0};
    try (Connection connection = dataSource.getConnection();
        Rollback rollback = Rollback.begin(connection);
        PreparedStatement statement = prepare(rollback.connection(), from, to);
        ResultSet result = statement.executeQuery()) {
      boolean checked = !"SQLite".equals(connection.getMetaData().getDatabaseProductName());
      JdbcColumns columns = JdbcColumns.of(result.getMetaData(), settings, checked);
      new JdbcReading(result, columns, settings, rows).show(batches);
    } catch (SQLException e) {
      throw new RowSourceException(
          settings.name(),
          "the database failed after "
              + rows[0]
              + " rows of the period from "
              + from
              + " to "
              + to
              + ": "
              + (mayShowValues(e)
                  ? "its message may show what is sensitive, and is left out"
                  : e.getMessage())
              + " (SQL state "
              + e.getSQLState()
              + "); mend the cause and read the period again from its beginning",
          mayShowValues(e) ? null : e);
    }
  }

  /** Whether the failure may be about a value, which databases repeat, and some are hidden. */
  private boolean mayShowValues(SQLException e) {
    String state = e.getSQLState();
    boolean isOfData =
        state == null ? !(e instanceof SQLTransientException) : state.startsWith(DATA_EXCEPTION);
    return settings.hidesAny() && isOfData;
  }

  @Override
  public JdbcSource hiding(Set<String> columns) {
    return new JdbcSource(dataSource, sql, settings.hiding(columns));
  }

  private PreparedStatement prepare(Connection connection, Instant from, Instant to)
      throws SQLException {
    PreparedStatement statement =
        connection.prepareStatement(
            sql.positional(), ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY);
    try {
      statement.setFetchSize(settings.fetchSize());
      List<String> places = sql.places();
      for (int i = 0; i < places.size(); i++) {
        Instant end = places.get(i).equals(JdbcSql.FROM) ? from : to;
        statement.setObject(i + 1, JdbcPeriod.bound(end, settings.form(), settings.zone()));
      }
      return statement;
    } catch (SQLException | RuntimeException e) {
      try (statement) {
        throw e;
      }
    }
  }

  /** The beginning of the statement. */
  @Override
  public String toString() {
    return settings.name();
  }

  /** A transaction that changes nothing, and the connection's setting afterwards as it was. */
  private record Rollback(Connection connection, boolean autoCommit) implements AutoCloseable {

    static Rollback begin(Connection connection) throws SQLException {
      boolean autoCommit = connection.getAutoCommit();
      if (autoCommit) {
        connection.setAutoCommit(false);
      }
      return new Rollback(connection, autoCommit);
    }

    @Override
    public void close() throws SQLException {
      connection.rollback();
      if (autoCommit) {
        connection.setAutoCommit(true);
      }
    }
  }

  /** What a builder collected. */
  record Settings(
      String name,
      String source,
      @Nullable Schema schema,
      Set<String> sensitive,
      Set<String> hidden,
      int fetchSize,
      @Nullable ZoneId zone,
      @Nullable TimestampForm form) {

    Settings {
      sensitive = Set.copyOf(sensitive);
      hidden = Set.copyOf(hidden);
    }

    Settings hiding(Set<String> more) {
      Set<String> all = new LinkedHashSet<>(hidden);
      all.addAll(more);
      return new Settings(name, source, schema, sensitive, all, fetchSize, zone, form);
    }

    /** Whether messages show no value of this column. */
    boolean hides(Field field) {
      return field.sensitive() || hidden.contains(field.name());
    }

    boolean hidesAny() {
      return !hidden.isEmpty()
          || !sensitive.isEmpty()
          || (schema != null && !schema.sensitive().isEmpty());
    }

    Field marked(Field field) {
      return new Field(
          field.name(),
          field.type(),
          field.required(),
          field.sensitive() || sensitive.contains(field.name()));
    }
  }

  /** Collects the settings of a source. Not safe for use by several threads. */
  public static final class Builder {

    private final DataSource dataSource;
    private final String statement;
    private final JdbcSql sql;
    private final Set<String> sensitive = new LinkedHashSet<>();
    private @Nullable Schema schema;
    private int fetchSize = DEFAULT_FETCH_SIZE;
    private @Nullable ZoneId zone;
    private @Nullable TimestampForm form;

    private Builder(DataSource dataSource, String sql) {
      this.dataSource = dataSource;
      this.sql = JdbcSql.of(sql);
      this.statement = sql.strip().replaceAll("\\s+", " ");
    }

    /** The columns that are wanted, in the order in which the batches will have them. */
    public Builder schema(Schema schema) {
      this.schema = schema;
      return this;
    }

    /** Marks columns as sensitive, for a schema that is inferred; adds to those declared. */
    public Builder sensitive(String... columns) {
      sensitive.addAll(List.of(columns));
      return this;
    }

    /**
     * How many rows are fetched at a time and make a batch; {@value #DEFAULT_FETCH_SIZE} unless
     * given.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder fetchSize(int rows) {
      if (rows < 1) {
        throw new IllegalArgumentException("fetchSize is at least 1, found " + rows);
      }
      this.fetchSize = rows;
      return this;
    }

    /**
     * The zone of times and dates without one; without it, such a column is an error. The ends of
     * the period are then bound as local times of this zone: to compare a column that has a zone,
     * say {@code :from AT TIME ZONE} and this one's name in the statement.
     */
    public Builder zone(ZoneId zone) {
      this.zone = zone;
      return this;
    }

    /** What integers in TIMESTAMP columns count, and how the ends of the period are bound. */
    public Builder timestampsAs(TimestampForm form) {
      this.form = form;
      return this;
    }

    /** The source. No connection is asked for until it is read. */
    public JdbcSource build() {
      return new JdbcSource(
          dataSource,
          sql,
          new Settings(
              "\"" + cut(statement, LONGEST_NAME) + "\"",
              "SQL " + cut(statement, LONGEST_SOURCE),
              schema,
              sensitive,
              Set.of(),
              fetchSize,
              zone,
              form));
    }

    private static String cut(String text, int most) {
      return text.length() > most ? text.substring(0, most) + "..." : text;
    }
  }
}
