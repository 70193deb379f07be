package dev.mlops4j.testkit;

import com.zaxxer.hikari.HikariDataSource;
import dev.mlops4j.registry.JdbcRegistryStore;
import dev.mlops4j.registry.RegistryStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

class PostgresRegistryStoreContractTest extends RegistryStoreContract {

  private final String schema = PostgresServer.newSchema();
  private final List<HikariDataSource> pools = new ArrayList<>();

  @Override
  protected RegistryStore openStore() {
    // A pool of its own for each, as another process would have.
    HikariDataSource pool = PostgresServer.pool();
    pools.add(pool);
    return new JdbcRegistryStore(PostgresServer.database(pool, schema));
  }

  @AfterEach
  void closePools() {
    pools.forEach(HikariDataSource::close);
  }
}
