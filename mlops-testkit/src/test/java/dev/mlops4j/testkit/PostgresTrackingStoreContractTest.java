package dev.mlops4j.testkit;

import com.zaxxer.hikari.HikariDataSource;
import dev.mlops4j.tracking.JdbcTrackingStore;
import dev.mlops4j.tracking.TrackingStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

class PostgresTrackingStoreContractTest extends TrackingStoreContract {

  private final String schema = PostgresServer.newSchema();
  private final List<HikariDataSource> pools = new ArrayList<>();

  @Override
  protected TrackingStore openStore() {
    // A pool of its own for each, as another process would have.
    HikariDataSource pool = PostgresServer.pool();
    pools.add(pool);
    return new JdbcTrackingStore(PostgresServer.database(pool, schema));
  }

  @AfterEach
  void closePools() {
    pools.forEach(HikariDataSource::close);
  }
}
