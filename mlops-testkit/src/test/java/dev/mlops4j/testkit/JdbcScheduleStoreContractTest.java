package dev.mlops4j.testkit;

import dev.mlops4j.pipeline.JdbcScheduleStore;
import dev.mlops4j.pipeline.ScheduleStore;
import dev.mlops4j.storage.Database;
import dev.mlops4j.storage.Durability;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class JdbcScheduleStoreContractTest extends ScheduleStoreContract {

  @TempDir Path directory;
  private final List<Database> opened = new ArrayList<>();

  @Override
  protected ScheduleStore openStore() {
    Database database = Database.sqlite(directory.resolve("metadata.db"), Durability.FULL);
    opened.add(database);
    return new JdbcScheduleStore(database);
  }

  @AfterEach
  void close() {
    opened.forEach(Database::close);
  }
}
