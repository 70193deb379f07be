package dev.mlops4j.storage;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Carries the rows of one table over, some at a time, and takes their digest on the way. */
final class TableCopy {

  private static final int MOST_ROWS = 5_000;
  private static final long MOST_BYTES = 4L << 20;

  private final Transaction tx;
  private final Database source;
  private final Database target;
  private final TableLayout table;
  private final RowDigest digest = new RowDigest();
  private final List<@Nullable Object[]> waiting = new ArrayList<>();
  private long waitingBytes;

  TableCopy(Transaction tx, Database source, Database target, TableLayout table) {
    this.tx = tx;
    this.source = source;
    this.target = target;
    this.table = table;
  }

  RowDigest run() throws SQLException {
    tx.scan(
        table.select(),
        row -> {
          add(table.read(row));
          return true;
        });
    flush();
    long last = LastNumber.read(tx, source.dialect(), table);
    target
        .engine()
        .write(
            write -> {
              LastNumber.set(write, target.dialect(), table, last);
              return true;
            });
    return digest;
  }

  static RowDigest digest(Transaction tx, TableLayout table) throws SQLException {
    RowDigest digest = new RowDigest();
    tx.scan(
        table.select(),
        row -> {
          digest.add(Arrays.asList(table.read(row)));
          return true;
        });
    return digest;
  }

  private void add(@Nullable Object[] row) {
    digest.add(Arrays.asList(row));
    for (int i = 0; i < row.length; i++) {
      if (row[i] instanceof String text) {
        checkHolds(text, i);
        waitingBytes += text.length();
      } else if (row[i] instanceof byte[] bytes) {
        waitingBytes += bytes.length;
      }
    }
    waiting.add(row);
    if (waiting.size() == MOST_ROWS || waitingBytes >= MOST_BYTES) {
      flush();
    }
  }

  private void checkHolds(String text, int column) {
    if (!target.dialect().holds(text)) {
      throw new CopyRefusedException(
          "cannot copy table "
              + table.name()
              + ": row "
              + digest.rows()
              + " has the character U+0000 in column "
              + table.columns().get(column).name()
              + ", which PostgreSQL cannot hold. What was copied is not usable; change or delete"
              + " that row in the source, and copy again to another place");
    }
  }

  private void flush() {
    if (!waiting.isEmpty()) {
      target.engine().write(write -> write.batch(table.insert(), waiting));
      waiting.clear();
      waitingBytes = 0;
    }
  }

  /** A read may be begun anew on PostgreSQL, which would copy twice. */
  static final class Once {

    private boolean begun;

    void check() {
      if (begun) {
        throw new CopyRefusedException(
            "the tables of the source were changed while they were copied. What was copied is not"
                + " usable; copy again to another place");
      }
      begun = true;
    }
  }
}
