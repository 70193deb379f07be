package dev.mlops4j.workspace;

import dev.mlops4j.MlopsException;
import dev.mlops4j.storage.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A directory on a local disk in which runs, models, features and predictions live. What is opened
 * in a workspace is closed with it.
 *
 * <pre>{@code
 * try (Workspace workspace = Workspace.open(Path.of("workspace"))) {
 *   Tracking tracking = Tracking.in(workspace);
 * }
 * }</pre>
 *
 * <p>Safe for any number of threads; several processes of one host may have the same directory
 * open.
 */
public final class Workspace implements AutoCloseable {

  private final Path directory;
  private final InstantSource clock;
  private final InstantSource systemClock;
  private final String id;
  private final Artifacts artifacts;
  private final Map<Area, Database> databases;
  private final List<Database> own = new ArrayList<>();
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private boolean closed;

  private Workspace(Path directory, String id, Builder builder) {
    this.directory = directory;
    this.id = id;
    this.clock = builder.clock;
    this.systemClock = builder.systemClock;
    this.databases = new EnumMap<>(builder.databases);
    Database named = databases.get(Area.METADATA);
    if (named != null) {
      databases.putIfAbsent(Area.ARTIFACTS, named);
    }
    for (Area area : Area.values()) {
      if (!databases.containsKey(area)) {
        Path file = directory.resolve(area.fileName());
        Database database = Database.sqlite(file, area.durability());
        databases.put(area, database);
        own.add(database);
      }
    }
    this.artifacts = artifacts(builder.artifactStore);
  }

  private Artifacts artifacts(@Nullable ArtifactStore named) {
    JdbcUploads uploads = new JdbcUploads(known(Area.ARTIFACTS));
    JdbcArtifactReferences references = new JdbcArtifactReferences(known(Area.METADATA));
    Path own = directory.resolve("artifacts");
    if (named == null) {
      ArtifactStore store = FileArtifactStore.open(own, systemClock);
      return Artifacts.of(store, uploads, references, systemClock, StoreRecord.ofOwn(uploads));
    }
    boolean isOwn = named.toString().equals(own.toString());
    StoreRecord record = StoreRecord.ofNamed(uploads, isOwn ? null : named.toString());
    return Artifacts.of(named, uploads, references, systemClock, record);
  }

  /**
   * Opens the workspace in this directory, and makes it if the directory is empty or not there.
   * Nothing else is ever changed: what is not a workspace is refused.
   *
   * @throws NotAWorkspaceException if it is a file, a directory with something else in it, or on a
   *     network file system
   * @throws dev.mlops4j.storage.SchemaTooNewException if it was made by a newer library that says
   *     that this one must not use it
   * @throws dev.mlops4j.storage.StorageReadOnlyException if it cannot be written
   * @throws dev.mlops4j.storage.StorageFullException if there is no room to make it
   * @throws dev.mlops4j.storage.StorageException if anything else is wrong with it
   */
  public static Workspace open(Path directory) {
    return at(directory).open();
  }

  /** Settings for a workspace in this directory; nothing is opened yet. */
  public static Builder at(Path directory) {
    return new Builder(directory);
  }

  /** The directory, absolute. */
  public Path directory() {
    return directory;
  }

  /** The name that the workspace was given when it was made; no other has it. */
  public String id() {
    return id;
  }

  /**
   * The clock of what happens in the world: known times, predictions, outcomes and alerts. A replay
   * sets it.
   */
  public InstantSource clock() {
    return clock;
  }

  /** The clock of what the library does: runs, registry, leases and heartbeats. */
  public InstantSource systemClock() {
    return systemClock;
  }

  /**
   * The files that belong to runs and models.
   *
   * @throws IllegalStateException if the workspace is closed
   */
  public Artifacts artifacts() {
    checkOpen();
    return artifacts;
  }

  /**
   * One of the databases. It is not closed by the caller but with the workspace, unless the
   * workspace was given it.
   *
   * @throws IllegalStateException if the workspace is closed
   */
  public Database database(Area area) {
    checkOpen();
    return known(area);
  }

  /**
   * Has the databases in the directory look for damage, as {@link Database#findDamage} does; reads
   * all of them. Those that were named are their servers' to check.
   *
   * @return what they found, a line each; empty if nothing
   * @throws IllegalStateException if the workspace is closed
   */
  public List<String> findDamage() {
    List<String> damage = new ArrayList<>();
    for (Area area : Area.values()) {
      Database database = database(area);
      if (owns(area) && Files.exists(directory.resolve(area.fileName()))) {
        damage.addAll(database.findDamage());
      }
    }
    return damage;
  }

  /** Whether the area is in a file of the directory, and not in a database that was named. */
  boolean owns(Area area) {
    return own.contains(known(area));
  }

  private Database known(Area area) {
    Database database = databases.get(area);
    if (database == null) {
      throw new IllegalStateException("there is a database for every area, none for " + area);
    }
    return database;
  }

  /**
   * Has something closed with the workspace, before all that was registered earlier and before the
   * databases; {@link #forget} takes it back.
   *
   * @throws IllegalStateException if the workspace is closed; {@code resource} is not closed then
   */
  public void onClose(AutoCloseable resource) {
    synchronized (opened) {
      checkOpen();
      opened.push(resource);
    }
  }

  /**
   * Takes back an {@link #onClose}, for a resource that is closed before the workspace: it is not
   * held any longer. Changes nothing if the resource was not registered, or the workspace is
   * closed.
   */
  public void forget(AutoCloseable resource) {
    synchronized (opened) {
      opened.removeIf(registered -> registered == resource);
    }
  }

  /**
   * Closes what was opened in the workspace, in reverse, and then its own databases; all of them,
   * even if one fails. Closing again does nothing.
   *
   * @throws MlopsException or another unchecked exception: the first failure, the others suppressed
   */
  @Override
  public void close() {
    List<AutoCloseable> all;
    synchronized (opened) {
      if (closed) {
        return;
      }
      closed = true;
      all = new ArrayList<>(opened);
      opened.clear();
    }
    all.addAll(own);
    RuntimeException failure = null;
    for (AutoCloseable resource : all) {
      failure = close(resource, failure);
    }
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public String toString() {
    return "workspace " + directory;
  }

  private @Nullable RuntimeException close(
      AutoCloseable resource, @Nullable RuntimeException earlier) {
    try {
      resource.close();
      return earlier;
    } catch (Exception e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      RuntimeException failure =
          e instanceof RuntimeException unchecked
              ? unchecked
              : new MlopsException("could not close all of " + this + ": " + e.getMessage(), e);
      if (earlier == null) {
        return failure;
      }
      earlier.addSuppressed(failure);
      return earlier;
    }
  }

  private void checkOpen() {
    synchronized (opened) {
      if (closed) {
        throw new IllegalStateException(
            this + " is closed; use what was opened in it only before its close");
      }
    }
  }

  /** What a workspace is opened with. */
  public static final class Builder {

    private final Path directory;
    private InstantSource clock = InstantSource.system();
    private InstantSource systemClock = InstantSource.system();
    private final Map<Area, Database> databases = new EnumMap<>(Area.class);
    private @Nullable ArtifactStore artifactStore;

    private Builder(Path directory) {
      this.directory = directory.toAbsolutePath().normalize();
    }

    /** The clock of what happens in the world; the system's unless stated. */
    public Builder clock(InstantSource worldClock) {
      this.clock = worldClock;
      return this;
    }

    /** The clock of what the library does; the system's unless a test says otherwise. */
    public Builder systemClock(InstantSource libraryClock) {
      this.systemClock = libraryClock;
      return this;
    }

    /**
     * The database of all areas, instead of the directory's own files; the directory then holds the
     * artifacts alone. It stays the caller's to close, after the workspace. All who open the
     * workspace must name the same.
     *
     * <pre>{@code
     * Database database = Database.postgres(dataSource, "mlops");
     * Workspace workspace = Workspace.at(directory).database(database).open();
     * }</pre>
     */
    public Builder database(Database database) {
      for (Area area : Area.values()) {
        database(area, database);
      }
      return this;
    }

    /** The database of one area, as {@link #database(Database)}. */
    public Builder database(Area area, Database database) {
      databases.put(area, database);
      return this;
    }

    /**
     * Where the artifacts are, instead of the directory. The store stays the caller's to close,
     * after the workspace. All who open the workspace must name the same, and no other workspace:
     * what others refer to would be garbage here. What the store says of itself, its {@code
     * toString()}, is kept in the workspace from the first artifact on; who opens it without a
     * store is refused what needs artifacts ({@link OtherArtifactStoreException}).
     *
     * <pre>{@code
     * ArtifactStore s3 = S3ArtifactStore.builder("models").prefix("fraud/").build();
     * Workspace workspace = Workspace.at(directory).artifacts(s3).open();
     * }</pre>
     */
    public Builder artifacts(ArtifactStore store) {
      this.artifactStore = store;
      return this;
    }

    /**
     * Opens the workspace, as {@link Workspace#open(Path)}.
     *
     * @throws NotAWorkspaceException as there, and so the others
     */
    public Workspace open() {
      return new Workspace(directory, Marker.find(directory).id(), this);
    }
  }
}
