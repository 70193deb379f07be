package dev.mlops4j.testkit;

import com.zaxxer.hikari.HikariDataSource;
import dev.mlops4j.workspace.Workspace;
import org.junit.jupiter.api.AfterEach;

/** The same with runs, versions and uploads in PostgreSQL. */
class PostgresWorkspaceGarbageTest extends WorkspaceGarbageTest {

  private final String schema = PostgresServer.newSchema();
  private final HikariDataSource pool =
      PostgresServer.pool(PostgresServer.source(), config -> config.setMaximumPoolSize(8));

  @Override
  Workspace.Builder settings() {
    return super.settings().database(PostgresServer.database(pool, schema));
  }

  @AfterEach
  void closePool() {
    pool.close();
  }
}
