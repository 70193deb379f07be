package dev.mlops4j.testkit;

import com.zaxxer.hikari.HikariDataSource;
import dev.mlops4j.storage.Database;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

class PostgresTrackingStoreContractTest extends JdbcTrackingStoreContract {

  private final String schema = PostgresServer.newSchema();
  private final List<HikariDataSource> pools = new ArrayList<>();

  @Override
  Database openDatabase() {
    // A pool of its own for each, as another process would have.
    HikariDataSource pool = PostgresServer.pool();
    pools.add(pool);
    return PostgresServer.database(pool, schema);
  }

  @AfterEach
  void closePools() {
    pools.forEach(HikariDataSource::close);
  }
}
