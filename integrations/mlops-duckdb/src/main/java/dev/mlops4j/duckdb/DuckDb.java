package dev.mlops4j.duckdb;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.UUID;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * DuckDB in this process, for statements over files: CSV, JSON and Parquet, joined as one likes.
 *
 * <pre>{@code
 * try (DuckDbDataSource duckDb = DuckDb.dataSource()) {
 *   RowSource weather = JdbcSource.of(duckDb,
 *           "SELECT origin, observed_at, wind FROM 'weather/*.parquet'"
 *               + " WHERE observed_at >= :from AND observed_at < :to")
 *       .build();
 * }
 * }</pre>
 */
public final class DuckDb {

  private DuckDb() {}

  /**
   * An empty database in memory, within {@link DuckDbLimits#defaults()}.
   *
   * @throws dev.mlops4j.data.RowSourceException if DuckDB cannot be started
   */
  public static DuckDbDataSource dataSource() {
    return dataSource(DuckDbLimits.defaults());
  }

  /**
   * An empty database in memory. What exceeds the limit goes to files in the system's temporary
   * directory.
   *
   * @throws dev.mlops4j.data.RowSourceException if DuckDB cannot be started
   */
  public static DuckDbDataSource dataSource(DuckDbLimits limits) {
    return new DuckDbDataSource(limits);
  }

  /** A directory that does not exist yet; DuckDB makes it when needed. */
  static Path temporaryDirectory() {
    return Path.of(System.getProperty("java.io.tmpdir"), "mlops4j-duckdb-" + UUID.randomUUID());
  }

  /**
   * A connection to a new database in memory, which ends with its last connection.
   *
   * @param spill where to put what exceeds the limit, or null to fail then
   */
  static DuckDBConnection open(DuckDbLimits limits, @Nullable Path spill) throws SQLException {
    Properties settings = new Properties();
    settings.setProperty("jdbc_stream_results", "true");
    settings.setProperty("autoinstall_known_extensions", "false");
    settings.setProperty("autoload_known_extensions", "false");
    settings.setProperty("allow_community_extensions", "false");
    settings.setProperty("memory_limit", limits.memoryBytes() + "B");
    settings.setProperty("threads", Integer.toString(limits.threads()));
    settings.setProperty("temp_directory", spill == null ? "" : spill.toString());
    DuckDBConnection connection =
        DriverManager.getConnection("jdbc:duckdb:", settings).unwrap(DuckDBConnection.class);
    try (Statement statement = connection.createStatement()) {
      // For all connections: the zone of this machine must not change what is read.
      statement.execute("SET GLOBAL TimeZone = 'UTC'");
      return connection;
    } catch (SQLException e) {
      try (connection) {
        throw e;
      }
    }
  }

  /** This name as SQL. */
  static String identifier(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** This text as SQL. */
  static String literal(String text) {
    return '\'' + text.replace("'", "''") + '\'';
  }
}
