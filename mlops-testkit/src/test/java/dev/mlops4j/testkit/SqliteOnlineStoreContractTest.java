package dev.mlops4j.testkit;

import dev.mlops4j.feature.JdbcOnlineStore;
import dev.mlops4j.feature.OnlineStore;
import dev.mlops4j.storage.Database;
import dev.mlops4j.storage.Durability;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class SqliteOnlineStoreContractTest extends OnlineStoreContract {

  @TempDir private Path directory;
  private final List<Database> databases = new ArrayList<>();

  @Override
  protected OnlineStore open() {
    // A database of its own for each, as another process would have.
    Database database = Database.sqlite(directory.resolve("features.db"), Durability.NORMAL);
    databases.add(database);
    return JdbcOnlineStore.in(database);
  }

  @Override
  protected boolean isDurable() {
    return true;
  }

  @AfterEach
  void closeDatabases() {
    databases.forEach(Database::close);
  }
}
