package dev.mlops4j.workspace;

import dev.mlops4j.Digest;
import dev.mlops4j.storage.CopiedTable;
import dev.mlops4j.storage.Database;
import dev.mlops4j.storage.DatabaseCopy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Copies a workspace to another place, such as from a directory to PostgreSQL or back: the rows of
 * all components with their numbers, and all artifacts.
 *
 * <pre>{@code
 * try (Workspace source = Workspace.open(directory);
 *     Workspace target = Workspace.at(other).database(Database.postgres(pool, "mlops")).open()) {
 *   Tracking.in(target);   // what is opened in the target says which tables there are
 *   Registry.in(target);
 *   CopyReport report = WorkspaceCopy.from(source).to(target).run();
 * }
 * }</pre>
 *
 * <p>Every table is read back and compared by its digest, every artifact by its own, and to
 * whatever is referred must be there. Until all of that has gone well, the target's tables are
 * marked: whoever uses them gets an {@link dev.mlops4j.storage.UnfinishedCopyException}. A copy
 * that was interrupted is not resumed; remove what it left and copy again.
 *
 * <p>The source is not changed. Each of its databases is copied as of one moment; what is written
 * later is not in the copy, so stop what writes if the copy is to take the source's place. Tables
 * are made in the version that the source has, for which the user of a PostgreSQL target must be
 * allowed to make tables and to own them. The target is a workspace with an id of its own; it may
 * have the same directory as the source if it has other databases, and its artifacts are then left
 * where they are. A store that the two share must not be collected from the one that is given up.
 */
public final class WorkspaceCopy {

  private final Workspace source;
  private final Workspace target;

  private WorkspaceCopy(Workspace source, Workspace target) {
    this.source = source;
    this.target = target;
  }

  /** Begins to say what is copied where. */
  public static From from(Workspace source) {
    return new From(source);
  }

  /** Copies, as {@link #run(CopyProgress)}, and tells nobody how far it is. */
  public CopyReport run() {
    return run(CopyProgress.NONE);
  }

  /**
   * Copies.
   *
   * @return what was copied
   * @throws dev.mlops4j.storage.CopyRefusedException if the target has rows already, knows a
   *     component of the source not or in another version; neither is changed then. Also if text of
   *     the source cannot be in PostgreSQL
   * @throws dev.mlops4j.storage.UnfinishedCopyException if the target or the source is what an
   *     interrupted copy has left
   * @throws dev.mlops4j.storage.SchemaTooNewException if the source is of a newer library
   * @throws NoSuchArtifactException if the source refers to an artifact that it does not have
   * @throws CorruptArtifactException if an artifact of the source is damaged
   * @throws dev.mlops4j.storage.StorageException if a database or a store fails, or does not give
   *     back what it was given
   */
  public CopyReport run(CopyProgress progress) {
    ArtifactStore from = source.artifacts().store();
    DatabaseCopy databases = new DatabaseCopy(databases(source), databases(target));
    databases.begin();
    List<CopiedTable> tables = databases.copyRows(progress::copied);
    // After the rows, so that everything is there that they refer to.
    ArtifactCopy artifacts = new ArtifactCopy(from, target.artifacts().copyTarget(), progress);
    artifacts.run();
    Set<Digest> missing = ArtifactCopy.missing(target.artifacts());
    if (!missing.isEmpty()) {
      throw new NoSuchArtifactException(missing.iterator().next(), source.toString());
    }
    // The rows have the source's store.
    databases.finish(target.database(Area.ARTIFACTS), target.artifacts().renaming());
    target.artifacts().recordStore(); // where the source had no table for it
    return new CopyReport(tables, artifacts.count(), artifacts.bytes());
  }

  /** The metadata last: with them the copy is finished. */
  private static List<Database> databases(Workspace workspace) {
    Set<Database> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Database> databases = new ArrayList<>();
    for (Area area : List.of(Area.FEATURES, Area.LEDGER, Area.ARTIFACTS, Area.METADATA)) {
      Database database = workspace.database(area);
      if (distinct.add(database)) {
        databases.add(database);
      }
    }
    return databases;
  }

  /** Says what is copied. */
  public static final class From {

    private final Workspace source;

    private From(Workspace source) {
      this.source = source;
    }

    /** Says where to; nothing is done yet. */
    public WorkspaceCopy to(Workspace target) {
      return new WorkspaceCopy(source, target);
    }
  }
}
