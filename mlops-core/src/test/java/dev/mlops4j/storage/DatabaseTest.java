package dev.mlops4j.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {

  private static final List<Migration> STEPS =
      List.of(Migration.of(1, "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT UNIQUE)"));

  @TempDir Path directory;
  private Database database;

  @BeforeEach
  void open() {
    database =
        Database.sqlite(directory.resolve("notes.db"), Durability.NORMAL)
            .withSchema("notes", STEPS);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void opensNothingUntilItIsUsed() {
    assertThat(directory).isEmptyDirectory();

    assertThat(notes()).isEmpty();

    assertThat(directory.resolve("notes.db")).exists();
  }

  @Test
  void whatAWriteReturnedFromIsReadByEverybody() {
    long id = database.write(tx -> tx.insertReturningId(insert(" RETURNING id"), "a"));

    assertThat(notes()).containsExactly("a");
    try (Database other =
        Database.sqlite(directory.resolve("notes.db"), Durability.FULL)
            .withSchema("notes", STEPS)) {
      String sql = "SELECT text FROM note WHERE id = ?";
      Optional<String> found = other.read(tx -> tx.first(sql, row -> row.getString(1), id));
      assertThat(found).contains("a");
    }
  }

  @Test
  void workThatThrowsLeavesNothing() {
    assertThatThrownBy(
            () ->
                database.write(
                    tx -> {
                      tx.update(insert(""), "a");
                      throw new IllegalArgumentException("changed my mind");
                    }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("changed my mind");

    assertThat(notes()).isEmpty();
    database.write(tx -> tx.update(insert(""), "b"));
    assertThat(notes()).containsExactly("b");
  }

  @Test
  void aReadSeesOneSnapshotWhateverIsWrittenMeanwhile() {
    database.write(tx -> tx.update(insert(""), "before"));

    List<List<String>> seen =
        database.read(
            tx -> {
              List<List<String>> both = new ArrayList<>();
              both.add(tx.query("SELECT text FROM note", row -> row.getString(1)));
              database.write(other -> other.update(insert(""), "after"));
              both.add(notes());
              return both;
            });

    assertThat(seen).containsExactly(List.of("before"), List.of("before"));
    assertThat(notes()).containsExactly("before", "after");
  }

  @Test
  void aBatchIsAllRowsOrNone() {
    List<Object[]> rows = new ArrayList<>();
    for (int i = 0; i < 2500; i++) {
      rows.add(args("note " + i));
    }
    int inserted = database.write(tx -> tx.batch(insert(""), rows));
    assertThat(inserted).isEqualTo(2500);
    assertThat(notes()).hasSize(2500).startsWith("note 0").endsWith("note 2499");

    List<Object[]> more = List.of(args("new"), args("note 7"), args("newer"));
    assertThatThrownBy(() -> database.write(tx -> tx.batch(insert(""), more)))
        .isInstanceOf(ConstraintViolationException.class);
    assertThat(notes()).hasSize(2500);

    int none = database.write(tx -> tx.batch(insert(""), List.of()));
    assertThat(none).isZero();
  }

  @Test
  void theSameQueryMayRunWithinItsOwnScan() {
    database.write(tx -> tx.batch(insert(""), List.of(args("a"), args("b"), args("c"))));

    List<String> pairs = new ArrayList<>();
    String sql = "SELECT text FROM note ORDER BY text";
    database.read(
        tx -> {
          tx.scan(
              sql,
              outer -> {
                String first = outer.getString(1);
                tx.scan(sql, inner -> pairs.add(first + inner.getString(1)));
                return !first.equals("b");
              });
          return 0;
        });

    assertThat(pairs).containsExactly("aa", "ab", "ac", "ba", "bb", "bc");
  }

  @Test
  void everyKindOfArgumentComesBackAsItWas() {
    byte[] bytes = {0, 1, -1};
    List<Object> row =
        database
            .read(
                tx ->
                    tx.first(
                        "SELECT ?, ?, ?, ?, ?, ?, ?",
                        r ->
                            List.<Object>of(
                                r.getString(1),
                                r.getBytes(2),
                                r.getBoolean(3),
                                r.getInt(4),
                                r.getLong(5),
                                r.getDouble(6),
                                r.getObject(7) == null),
                        "tëxt",
                        bytes,
                        true,
                        7,
                        Long.MIN_VALUE,
                        Double.NEGATIVE_INFINITY,
                        null))
            .orElseThrow();

    assertThat(row)
        .containsExactly("tëxt", bytes, true, 7, Long.MIN_VALUE, Double.NEGATIVE_INFINITY, true);
  }

  @Test
  void aNanIsRefusedBecauseItWouldBecomeNull() {
    assertThatThrownBy(() -> database.write(tx -> tx.update(insert(""), Double.NaN)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("argument 1 is NaN")
        .hasMessageContaining("Double.doubleToLongBits");
  }

  @Test
  void anArgumentOfAnotherTypeIsRefusedWithItsName() {
    assertThatThrownBy(() -> database.write(tx -> tx.update(insert(""), List.of())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("argument 1 is a java.util.ImmutableCollections");
  }

  @Test
  void asManyArgumentsAsQuestionMarksAreNeeded() {
    database.write(tx -> tx.update(insert(""), "a"));

    assertThatThrownBy(() -> database.write(tx -> tx.update(insert(""))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a statement with 1 question marks was given 0 arguments");
    assertThatThrownBy(() -> database.write(tx -> tx.update(insert(""), "a", "b")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a statement with 1 question marks was given 2 arguments");
  }

  @Test
  void aBrokenConstraintHasItsOwnException() {
    database.write(tx -> tx.update(insert(""), "a"));

    assertThatThrownBy(() -> database.write(tx -> tx.update(insert(""), "a")))
        .isInstanceOf(ConstraintViolationException.class)
        .hasMessageContaining("notes.db")
        .hasMessageContaining("UNIQUE constraint failed: note.text");
    assertThat(notes()).containsExactly("a");
  }

  @Test
  void aWriteInTheWorkOfAReadTransactionIsRefused() {
    assertThatThrownBy(() -> database.read(tx -> tx.update(insert(""), "a")))
        .isInstanceOf(StorageReadOnlyException.class)
        .hasMessageContaining("cannot read")
        .hasMessageContaining("write only in the work of a write");
  }

  @Test
  void transactionsWithinAWriteAreRefused() {
    assertThatThrownBy(() -> database.write(tx -> notes()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("use the write's own transaction");
    assertThatThrownBy(() -> database.write(tx -> database.write(other -> 1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("use the write's own transaction");
    assertThat(notes()).isEmpty();
  }

  @Test
  void aTransactionIsOfNoUseAfterItsWork() {
    Transaction[] kept = new Transaction[1];
    database.write(tx -> kept[0] = tx);

    assertThatThrownBy(() -> kept[0].update(insert(""), "late"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the transaction is over");
  }

  @Test
  void afterItsCloseEveryUseSaysSo() {
    notes();
    database.close();
    database.close();

    assertThatThrownBy(this::notes)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("notes.db is closed");
    assertThatThrownBy(() -> database.write(tx -> 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("notes.db is closed");
  }

  @Test
  void aCloseWithinATransactionIsRefused() {
    assertThatThrownBy(() -> database.read(tx -> closeIt()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cannot be closed within the work of a read");
    assertThatThrownBy(() -> database.write(tx -> closeIt()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("within the work of a write");
    assertThat(notes()).isEmpty();
  }

  @Test
  void anInterruptNeitherEndsATransactionNorIsLost() {
    Thread.currentThread().interrupt();

    database.write(tx -> tx.update(insert(""), "a"));
    List<String> found = notes();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(found).containsExactly("a");
  }

  @Test
  void aPathMayHaveAnyCharacter() throws Exception {
    Path odd = Files.createDirectory(directory.resolve("a?b=c%20 d#e"));
    try (Database other = Database.sqlite(odd.resolve("x?.db"), Durability.NORMAL)) {
      other.write(tx -> tx.update("CREATE TABLE t (x INTEGER)"));
    }
    assertThat(odd.resolve("x?.db")).exists();
  }

  private int closeIt() {
    database.close();
    return 0;
  }

  private List<String> notes() {
    return database.read(
        tx -> tx.query("SELECT text FROM note ORDER BY id", row -> row.getString(1)));
  }

  private static String insert(String more) {
    return "INSERT INTO note (text) VALUES (?)" + more;
  }

  private static Object[] args(Object... args) {
    return args;
  }
}
