package dev.mlops4j.workspace;

import dev.mlops4j.Digest;
import dev.mlops4j.storage.Database;
import dev.mlops4j.storage.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Backs up a workspace whose databases are the directory's own files, while others write to it. The
 * backup is a workspace as well, with an id of its own: it is opened where it is, or copied to
 * where the lost one was.
 *
 * <pre>{@code
 * BackupReport report = WorkspaceBackup.of(workspace).to(Path.of("backups/monday"));
 * }</pre>
 *
 * <p>Each database is as of one moment, that of runs and models the last; whatever those refer to
 * is in the backup, also if garbage is collected meanwhile. Artifacts of a directory on the same
 * file system are hard links and take no room, as a file of an artifact is never changed; {@link
 * #copyingArtifacts} makes copies, which a fault of the disk does not damage along with the
 * original.
 *
 * <p>Workspaces on PostgreSQL are backed up with the server's programs, or {@linkplain
 * WorkspaceCopy copied}.
 */
public final class WorkspaceBackup {

  /** Each time, garbage must have been collected between the databases and the artifacts. */
  private static final int ATTEMPTS = 3;

  /** That of what is referred to last, so that nothing refers to what is not there yet. */
  private static final List<Area> ORDER =
      List.of(Area.LEDGER, Area.FEATURES, Area.ARTIFACTS, Area.METADATA);

  private final Workspace workspace;
  private final boolean links;

  private WorkspaceBackup(Workspace workspace, boolean links) {
    this.workspace = workspace;
    this.links = links;
  }

  /** A backup of this workspace; nothing is done yet. */
  public static WorkspaceBackup of(Workspace workspace) {
    return new WorkspaceBackup(workspace, true);
  }

  /** Copies the artifacts, each verified, also where they could be hard links. */
  public WorkspaceBackup copyingArtifacts() {
    return new WorkspaceBackup(workspace, false);
  }

  /**
   * Makes the backup. It becomes a workspace as the last thing: what is left of one that was
   * interrupted is refused as a directory that is none.
   *
   * @param directory is not there yet, or empty
   * @return what is in it, and what it lacks
   * @throws NotAWorkspaceException if there is something in the directory, which stays as it is
   * @throws IllegalStateException if a database is not the directory's own
   * @throws dev.mlops4j.storage.SchemaTooOldException if the tables of runs or versions are an
   *     older library's and were not opened with this one yet
   * @throws StorageException if something cannot be read or written
   */
  public BackupReport to(Path directory) {
    for (Area area : ORDER) {
      if (!workspace.owns(area)) {
        throw new IllegalStateException(
            workspace.database(area)
                + " is not the workspace's own; back it up with the server's programs, as pg_dump,"
                + " or copy the workspace");
      }
    }
    Path place = directory.toAbsolutePath().normalize();
    try {
      checkEmpty(place);
      DurableFiles.createDirectories(place);
      BackupReport report = fill(place);
      Marker.create(place);
      return report;
    } catch (IOException e) {
      throw FileErrors.cannotWrite(place, e);
    }
  }

  private static void checkEmpty(Path directory) throws IOException {
    boolean isDirectory = Files.isDirectory(directory);
    if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS) && !isDirectory) {
      throw new NotAWorkspaceException(
          directory, "cannot back up to " + directory + ": it is a file. Nothing was changed");
    }
    String stranger = isDirectory ? Marker.stranger(directory) : null;
    if (stranger != null) {
      throw new NotAWorkspaceException(
          directory,
          "cannot back up to "
              + directory
              + ": there is something in it, as \""
              + stranger
              + "\". Nothing was changed; name a directory that is empty or not there");
    }
  }

  private BackupReport fill(Path place) throws IOException {
    BackupArtifacts artifacts =
        new BackupArtifacts(
            workspace.artifacts().store(),
            FileArtifactStore.open(place.resolve("artifacts"), workspace.systemClock()),
            links);
    Set<Digest> missing = Set.of();
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      backUpDatabases(place);
      artifacts.run();
      missing = missing(place, artifacts.target());
      if (missing.isEmpty()) {
        break;
      }
    }
    return new BackupReport(artifacts.count(), artifacts.bytes(), List.copyOf(missing));
  }

  private void backUpDatabases(Path place) throws IOException {
    for (Area area : ORDER) {
      if (Files.exists(workspace.directory().resolve(area.fileName()))) {
        Path file = place.resolve(area.fileName());
        Files.deleteIfExists(file);
        workspace.database(area).backUpTo(file);
        DurableFiles.forceFile(file);
      }
    }
  }

  private Set<Digest> missing(Path place, ArtifactStore store) {
    List<Database> opened = new ArrayList<>();
    try {
      for (Area area : List.of(Area.METADATA, Area.ARTIFACTS)) {
        opened.add(Database.sqlite(place.resolve(area.fileName()), area.durability()));
      }
      JdbcUploads uploads = new JdbcUploads(opened.get(1));
      uploads.nameStore(null); // whatever the original's is
      return ArtifactCopy.missing(
          Artifacts.of(
              store,
              uploads,
              new JdbcArtifactReferences(opened.get(0)),
              workspace.systemClock(),
              StoreRecord.ofOwn(uploads)));
    } finally {
      opened.forEach(Database::close);
    }
  }
}
