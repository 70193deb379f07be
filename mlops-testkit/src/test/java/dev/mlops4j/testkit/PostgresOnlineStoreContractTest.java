package dev.mlops4j.testkit;

import com.zaxxer.hikari.HikariDataSource;
import dev.mlops4j.feature.JdbcOnlineStore;
import dev.mlops4j.feature.OnlineStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

class PostgresOnlineStoreContractTest extends OnlineStoreContract {

  private final String schema = PostgresServer.newSchema();
  private final List<HikariDataSource> pools = new ArrayList<>();

  @Override
  protected OnlineStore open() {
    // A pool of its own for each, as another process would have.
    HikariDataSource pool = PostgresServer.pool();
    pools.add(pool);
    return JdbcOnlineStore.in(PostgresServer.database(pool, schema));
  }

  @Override
  protected boolean isDurable() {
    return true;
  }

  @AfterEach
  void closePools() {
    pools.forEach(HikariDataSource::close);
  }
}
