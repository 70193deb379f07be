package dev.mlops4j.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.Digest;
import dev.mlops4j.storage.Database;
import dev.mlops4j.storage.Durability;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database of an older library, and that library beside this one. */
class RegistrySchemaTest {

  private static final String MODEL = "flight-delay";

  @TempDir Path directory;

  @Test
  void whatAnOlderLibraryWroteIsReadAndItCanWorkOn() {
    Path file = directory.resolve("metadata.db");
    try (Database older =
            Database.sqlite(file, Durability.FULL)
                .withSchema(JdbcRegistrySchema.COMPONENT, JdbcRegistrySchema.STEPS.subList(0, 2));
        Database newer = Database.sqlite(file, Durability.FULL)) {
      older.write(
          tx -> {
            tx.update("INSERT INTO model (name, last_number, changes) VALUES (?, 2, 1)", MODEL);
            for (int number = 1; number <= 2; number++) {
              tx.update(
                  "INSERT INTO model_version (model_no, number, stage, moved_in, package_digest,"
                      + " format, feature_set, registered_at) VALUES (1, ?, ?, ?, ?, 'onnx', 'f', 0)",
                  number,
                  number == 1 ? "STAGING" : "NONE",
                  number == 1 ? 1 : 0,
                  Digest.of("p" + number).hex());
            }
            return tx.update(
                "INSERT INTO model_history (model_no, sequence, version, from_stage, to_stage,"
                    + " cause, at, changed_by, reason)"
                    + " VALUES (1, 1, 1, 'NONE', 'STAGING', 'PROMOTION', 0, 'ann', 'x')");
          });
      RegistryStore store = new JdbcRegistryStore(newer);
      assertThat(store.info(MODEL)).contains(ModelInfo.of(MODEL));
      assertThat(store.origin(MODEL, 1)).contains(Origin.UNKNOWN);
      StageChange first =
          new StageChange(
              MODEL,
              1,
              1,
              Stage.NONE,
              Stage.STAGING,
              StageChange.Cause.PROMOTION,
              Instant.EPOCH,
              "ann",
              "x");
      assertThat(store.history(MODEL, 0)).containsExactly(first);
      store.append(
          MODEL,
          1,
          List.of(
              new VersionDeletion(MODEL, 2, 1, Stage.STAGING, Instant.EPOCH, "ann", "y"),
              new StageChange(
                  MODEL,
                  3,
                  2,
                  Stage.NONE,
                  Stage.PRODUCTION,
                  StageChange.Cause.PROMOTION,
                  Instant.EPOCH,
                  "ann",
                  "z",
                  List.of("size: too large"),
                  List.of("size")),
              new GateRequirement(MODEL, 4, List.of("size"), Instant.EPOCH, "ann", "policy")));

      // What the older library asks gives it rows that it understands, and no deleted version.
      List<String> read =
          older.read(
              tx ->
                  tx.query(
                      "SELECT from_stage, to_stage, cause, alias FROM model_history"
                          + " WHERE model_no = 1 ORDER BY sequence",
                      row ->
                          row.getString(1)
                              + " "
                              + row.getString(2)
                              + " "
                              + row.getString(3)
                              + " "
                              + row.getString(4)));
      assertThat(read)
          .containsExactly(
              "NONE STAGING PROMOTION null",
              "STAGING STAGING PROMOTION null",
              "NONE PRODUCTION PROMOTION null",
              "NONE NONE PROMOTION null");
      List<Integer> numbers =
          older.read(tx -> tx.query("SELECT number FROM model_version", row -> row.getInt(1)));
      assertThat(numbers).containsExactly(2);
      older.write(
          tx ->
              tx.update(
                  "INSERT INTO model_history (model_no, sequence, version, from_stage, to_stage,"
                      + " cause, at, changed_by, reason)"
                      + " VALUES (1, 5, 2, 'PRODUCTION', 'ARCHIVED', 'PROMOTION', 0, 'ann', 'x')"));
      assertThat(store.history(MODEL, 4)).hasSize(1);
      assertThat(ServingHistory.of(store.history(MODEL, 0)).present()).isNull();
    }
  }
}
