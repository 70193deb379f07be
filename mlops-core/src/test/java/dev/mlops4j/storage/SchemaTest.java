package dev.mlops4j.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaTest {

  private static final Migration TABLE = Migration.of(1, "CREATE TABLE a (x INTEGER)");
  private static final Migration COLUMN_MORE =
      new Migration(2, 1, dialect -> List.of("ALTER TABLE a ADD COLUMN y INTEGER"));
  private static final Migration COLUMN_RENAMED =
      Migration.of(3, "ALTER TABLE a RENAME COLUMN x TO z");

  @TempDir Path directory;
  private Database database;

  @BeforeEach
  void open() {
    database = Database.sqlite(directory.resolve("t.db"), Durability.NORMAL);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void stepsThatLackAreTakenInOrderAndOnce() {
    insert(with(TABLE));
    insert(with(TABLE, COLUMN_MORE));
    insert(with(TABLE, COLUMN_MORE));

    assertThat(count(with(TABLE, COLUMN_MORE))).isEqualTo(3);
  }

  @Test
  void aNewerSchemaThatLetsOlderReadersInIsServed() {
    insert(with(TABLE, COLUMN_MORE));

    insert(with(TABLE));

    assertThat(count(with(TABLE))).isEqualTo(2);
  }

  @Test
  void aNewerSchemaThatKeepsOlderReadersOutIsRefusedAndStaysAsItIs() {
    count(with(TABLE, COLUMN_MORE, COLUMN_RENAMED));

    SchemaTooNewException refused =
        catchThrowableOfType(SchemaTooNewException.class, () -> insert(with(TABLE, COLUMN_MORE)));

    assertThat(refused)
        .hasMessageContaining("t.db holds a in version 3")
        .hasMessageContaining("knows version 3 or later; this one knows up to 2")
        .hasMessageContaining("Use the newer mlops4j");
    assertThat(refused.component()).isEqualTo("a");
    assertThat(refused.found()).isEqualTo(3);
    assertThat(refused.known()).isEqualTo(2);
    assertThat(refused.oldestReader()).isEqualTo(3);
    assertThat(count(with(TABLE, COLUMN_MORE, COLUMN_RENAMED))).isZero();
  }

  @Test
  void aLaterStepThatDisturbsNobodyDoesNotLetBackInWhoWasKeptOut() {
    Migration harmless = new Migration(4, 1, dialect -> List.of("CREATE TABLE b (x INTEGER)"));
    count(with(TABLE, COLUMN_MORE, COLUMN_RENAMED, harmless));

    assertThat(count(with(TABLE, COLUMN_MORE, COLUMN_RENAMED))).isZero();
    assertThatThrownBy(() -> count(with(TABLE))).isInstanceOf(SchemaTooNewException.class);
  }

  @Test
  void aComponentThatIsTooNewDoesNotStopAnother() {
    count(with(TABLE, COLUMN_MORE, COLUMN_RENAMED));
    assertThatThrownBy(() -> count(with(TABLE))).isInstanceOf(SchemaTooNewException.class);

    Database other =
        database.withSchema("b", List.of(Migration.of(1, "CREATE TABLE b (x INTEGER)")));

    int inserted = other.write(tx -> tx.update("INSERT INTO b (x) VALUES (1)"));
    assertThat(inserted).isEqualTo(1);
  }

  @Test
  void aStepThatFailsLeavesNothingAndIsTriedAgain() {
    Migration wrong = Migration.of(2, "CREATE TABLE b (x INTEGER)", "CREATE TABLE a (x INTEGER)");

    assertThatThrownBy(() -> count(with(TABLE, wrong)))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("already exists");

    Migration right = Migration.of(2, "CREATE TABLE b (x INTEGER)");
    assertThat(count(with(TABLE, right))).isZero();
  }

  @Test
  void stepsAreNumberedFromOneWithoutGaps() {
    assertThatThrownBy(() -> with(TABLE, COLUMN_RENAMED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the steps of a are numbered 1, 2, 3 ...; found 3 in place 2");
    assertThatThrownBy(() -> new Migration(2, 3, dialect -> List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the oldest reader of step 2 is 1 to 2, found 3");
  }

  private Database with(Migration... steps) {
    return database.withSchema("a", List.of(steps));
  }

  private static void insert(Database database) {
    database.write(tx -> tx.update("INSERT INTO a (x) VALUES (1)"));
  }

  private static int count(Database database) {
    return database.read(
        tx -> tx.first("SELECT count(*) FROM a", row -> row.getInt(1)).orElseThrow());
  }
}
