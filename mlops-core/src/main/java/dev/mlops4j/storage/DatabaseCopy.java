package dev.mlops4j.storage;

import dev.mlops4j.storage.Schema.Found;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Copies the tables of all components from some databases to others, of whatever dialect; for
 * {@link dev.mlops4j.workspace.WorkspaceCopy}, which copies what they refer to as well.
 *
 * <p>{@link #begin} makes the tables and marks them as unfinished, {@link #copyRows} fills them and
 * compares, {@link #finish} takes the marks away. In between, nobody can use what is there: it
 * throws an {@link UnfinishedCopyException}. Not safe for use by several threads.
 */
public final class DatabaseCopy {

  private final List<Database> sources;
  private final List<Database> targets;
  private final List<Part> parts = new ArrayList<>();

  /**
   * A copy from and to these.
   *
   * @param sources databases of any kind; nothing need have been opened in them
   * @param targets databases in which every component was opened that is to go there; the last one
   *     is finished last
   */
  public DatabaseCopy(List<Database> sources, List<Database> targets) {
    this.sources = List.copyOf(sources);
    this.targets = List.copyOf(targets);
  }

  /**
   * Checks that all can be copied, and makes the tables in the version that the source has.
   *
   * @throws CopyRefusedException if a target has rows already, or tables of another version, or if
   *     a component of the source was not opened in it; it is as it was then
   * @throws SchemaTooNewException if a component of the source is of a newer library
   * @throws UnfinishedCopyException if the source or a target is what another copy has left
   * @throws StorageException if a database fails
   */
  public void begin() {
    for (Database source : sources) {
      SortedMap<String, Found> found = source.engine().read(tx -> Schema.all(tx, source.dialect()));
      found.forEach((component, each) -> parts.add(part(source, component, each)));
    }
    for (Database target : targets) {
      target.engine().write(tx -> prepare(tx, target, false));
    }
    for (Database target : targets) {
      target.engine().write(tx -> prepare(tx, target, true));
    }
  }

  /**
   * Copies all rows, each source's as of one moment, in memory that does not depend on their
   * number, and reads them back: the digests must be the same.
   *
   * @param progress is told of each table that was copied
   * @return the tables, compared, by the names of their components
   * @throws CopyRefusedException if a row cannot be in the target, or the source was changed by a
   *     migration meanwhile
   * @throws StorageCorruptException if a source holds what its tables should not, or a target does
   *     not give back what it was given
   */
  public List<CopiedTable> copyRows(Consumer<CopiedTable> progress) {
    Map<Part, List<CopiedTable>> copied = new LinkedHashMap<>();
    for (Database source : sources) {
      TableCopy.Once once = new TableCopy.Once();
      source
          .engine()
          .read(
              tx -> {
                once.check();
                SortedMap<String, Found> now = Schema.all(tx, source.dialect());
                for (Part part : parts) {
                  if (part.source == source) {
                    copied.put(part, copy(tx, part, now.get(part.component), progress));
                  }
                }
                return true;
              });
    }
    copied.forEach(DatabaseCopy::compare);
    return copied.values().stream()
        .flatMap(List::stream)
        .sorted(Comparator.comparing(CopiedTable::component))
        .toList();
  }

  /**
   * Lets the targets be used, the last one last.
   *
   * @param changed the target in which something is left to do
   * @param last what is done there in the transaction that lets it be used
   */
  public void finish(Database changed, Database.Work<?> last) {
    for (Database target : targets) {
      target
          .engine()
          .write(
              tx -> {
                for (Part part : parts) {
                  if (part.target == target) {
                    Schema.note(tx, part.component, part.found);
                  }
                }
                if (target == changed) {
                  last.run(tx);
                }
                return true;
              });
    }
  }

  private Part part(Database source, String component, Found found) {
    Schema.checkFinished(source.engine(), component, found);
    parts.stream()
        .filter(other -> other.component.equals(component))
        .findFirst()
        .ifPresent(
            other -> {
              throw new CopyRefusedException(
                  "cannot copy "
                      + component
                      + ": it is in "
                      + other.source
                      + " and in "
                      + source
                      + ", and which counts is not known. Nothing was changed");
            });
    for (Database target : targets) {
      Schema schema = target.schema(component);
      if (schema != null) {
        if (found.version() > schema.known()) {
          throw new SchemaTooNewException(
              source.toString(), component, found.version(), schema.known(), found.version());
        }
        return new Part(source, target, component, found, schema.tables(found.version()));
      }
    }
    throw new CopyRefusedException(
        "cannot copy "
            + component
            + " from "
            + source
            + ": nothing was opened in the target that uses its tables. Nothing was changed; open"
            + " there what the source is used with, as Tracking.in(target)");
  }

  /** Looks first at all targets, so that none is changed if another cannot be. */
  private boolean prepare(Transaction tx, Database target, boolean make) throws SQLException {
    if (!make && Schema.all(tx, target.dialect()).isEmpty()) {
      return true;
    }
    Schema.lock(tx, target.engine());
    SortedMap<String, Found> there = Schema.all(tx, target.dialect());
    for (Map.Entry<String, Found> entry : there.entrySet()) {
      checkEmpty(tx, target, entry.getKey(), entry.getValue());
    }
    for (Part part : parts) {
      if (part.target == target) {
        checkVersion(part, there.get(part.component));
      }
    }
    if (make) {
      make(tx, target, there);
    }
    return true;
  }

  private void make(Transaction tx, Database target, Map<String, Found> there) throws SQLException {
    for (Part part : parts) {
      if (part.target == target) {
        Schema schema = target.schema(part.component);
        if (schema != null && !there.containsKey(part.component)) {
          schema.make(tx, target.engine(), 0, part.found.version());
        }
        Schema.note(tx, part.component, new Found(part.found.version(), Schema.UNFINISHED_COPY));
      }
    }
  }

  private static void checkEmpty(Transaction tx, Database target, String component, Found found)
      throws SQLException {
    Schema.checkFinished(target.engine(), component, found);
    Schema schema = target.schema(component);
    if (schema == null) {
      throw new CopyRefusedException(
          "cannot copy to "
              + target
              + ": it has tables of "
              + component
              + ", of which is not known whether they are empty. Nothing was changed; open "
              + component
              + " there, or name another place");
    }
    if (found.version() > schema.known()) {
      throw new SchemaTooNewException(
          target.toString(), component, found.version(), schema.known(), found.version());
    }
    for (TableLayout table : schema.tables(found.version())) {
      if (tx.first("SELECT 1 FROM " + table.name() + " LIMIT 1", row -> true).isPresent()) {
        throw new CopyRefusedException(
            "cannot copy to "
                + target
                + ": its table "
                + table.name()
                + " has rows already. Nothing was changed; name a place where nothing is yet");
      }
    }
  }

  private static void checkVersion(Part part, @Nullable Found there) {
    if (there != null && there.version() != part.found.version()) {
      throw new CopyRefusedException(
          "cannot copy "
              + part.component
              + ": "
              + part.source
              + " has it in version "
              + part.found.version()
              + ", and "
              + part.target
              + " in version "
              + there.version()
              + ". Nothing was changed; bring the one that is behind up to date, or copy to where"
              + " no tables are yet");
    }
  }

  private static List<CopiedTable> copy(
      Transaction tx, Part part, @Nullable Found now, Consumer<CopiedTable> progress)
      throws SQLException {
    if (!part.found.equals(now)) {
      throw new CopyRefusedException(
          "cannot copy "
              + part.component
              + ": its tables in "
              + part.source
              + " were changed meanwhile. Copy again, to another place");
    }
    List<CopiedTable> tables = new ArrayList<>();
    for (TableLayout layout : part.tables) {
      RowDigest digest = new TableCopy(tx, part.source, part.target, layout).run();
      CopiedTable table =
          new CopiedTable(part.component, layout.name(), digest.rows(), digest.digest());
      tables.add(table);
      progress.accept(table);
    }
    return tables;
  }

  private static void compare(Part part, List<CopiedTable> tables) {
    for (int i = 0; i < tables.size(); i++) {
      CopiedTable table = tables.get(i);
      TableLayout layout = part.tables.get(i);
      RowDigest there = part.target.engine().read(tx -> TableCopy.digest(tx, layout));
      if (there.rows() != table.rows() || !there.digest().equals(table.digest())) {
        throw new StorageCorruptException(
            "the copy of table "
                + table.table()
                + " in "
                + part.target
                + " is not what was copied: "
                + there.rows()
                + " rows of digest "
                + there.digest().shortHex()
                + ", copied were "
                + table.rows()
                + " of "
                + table.digest().shortHex()
                + ". See that nobody writes to it, remove it and copy again",
            null);
      }
    }
  }

  /** One component on its way. */
  private record Part(
      Database source, Database target, String component, Found found, List<TableLayout> tables) {}
}
