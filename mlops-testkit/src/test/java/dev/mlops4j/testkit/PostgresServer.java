package dev.mlops4j.testkit;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.mlops4j.storage.Database;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.sql.DataSource;

/**
 * One PostgreSQL server for all tests of a JVM; each test has schemas of its own. Its database
 * sorts text as English does, so that what must be sorted by code points shows if it is not.
 */
final class PostgresServer {

  private static final String DATABASE = "english";
  private static final AtomicInteger SCHEMAS = new AtomicInteger();

  private PostgresServer() {}

  static String newSchema() {
    return "test_" + SCHEMAS.incrementAndGet();
  }

  /** A pool of four connections, as one process would have. */
  static HikariDataSource pool() {
    return pool(source(), config -> {});
  }

  static HikariDataSource pool(DataSource source, Consumer<HikariConfig> settings) {
    HikariConfig config = new HikariConfig();
    config.setDataSource(source);
    config.setMaximumPoolSize(4);
    config.setMinimumIdle(0);
    config.setConnectionTimeout(10_000);
    settings.accept(config);
    return new HikariDataSource(config);
  }

  /** Connections without a pool. */
  static DataSource source() {
    return Server.INSTANCE.getDatabase("postgres", DATABASE);
  }

  static Database database(DataSource pool, String schema) {
    return Database.postgres(pool, schema).migrating();
  }

  static EmbeddedPostgres.Builder builder() {
    return EmbeddedPostgres.builder()
        .setLocaleConfig("encoding", "UTF-8")
        .setServerConfig("max_connections", "60")
        .setServerConfig("shared_buffers", "32MB");
  }

  private static final class Server {
    static final EmbeddedPostgres INSTANCE = start();

    private static EmbeddedPostgres start() {
      try {
        EmbeddedPostgres server = builder().start();
        try (Connection connection = server.getPostgresDatabase().getConnection();
            Statement statement = connection.createStatement()) {
          statement.execute(
              "CREATE DATABASE "
                  + DATABASE
                  + " TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'en-US'"
                  + " LOCALE 'C'");
        }
        return server;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
