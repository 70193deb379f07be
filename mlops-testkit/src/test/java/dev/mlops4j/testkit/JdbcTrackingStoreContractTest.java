package dev.mlops4j.testkit;

import dev.mlops4j.storage.Database;
import dev.mlops4j.storage.Durability;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class JdbcTrackingStoreContractTest extends JdbcTrackingStoreContract {

  @TempDir Path directory;
  private final List<Database> opened = new ArrayList<>();

  @Override
  Database openDatabase() {
    Database database = Database.sqlite(directory.resolve("metadata.db"), Durability.FULL);
    opened.add(database);
    return database;
  }

  @AfterEach
  void close() {
    opened.forEach(Database::close);
  }
}
