package dev.mlops4j.testkit;

import com.zaxxer.hikari.HikariDataSource;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

class PostgresMonitorTest extends MonitorContract {

  private final String schema = PostgresServer.newSchema();
  private final List<HikariDataSource> pools = new ArrayList<>();

  @Override
  Workspace open(Path workspace, TestClock clock) {
    // A pool of its own for each, as another process would have.
    HikariDataSource pool = PostgresServer.pool();
    pools.add(pool);
    return Workspace.at(workspace)
        .clock(clock)
        .systemClock(clock)
        .database(PostgresServer.database(pool, schema))
        .open();
  }

  @Override
  @AfterEach
  void closeWorkspaces() {
    super.closeWorkspaces();
    pools.forEach(HikariDataSource::close);
  }
}
