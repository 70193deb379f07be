package dev.mlops4j.monitoring;

import dev.mlops4j.Digest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The segments of one writer, beside those of the other writers of its model. A file in it is
 * locked while somebody writes or delivers it, so that what a dead process has left is known.
 */
final class SpoolDirectory {

  private static final String LOCK = "in-use.lock";
  private static final Pattern SEGMENT = Pattern.compile("(\\d{16})\\.spool");
  private static final Pattern WRITER = Pattern.compile("[0-9a-f-]{36}");
  private static final int ATTEMPTS = 10;
  private static final int MOST_OF_NAME = 60;

  /**
   * Those of this program: to try such a lock would give it up, as a system that has locks of
   * processes drops them when any channel to the file is closed.
   */
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  /**
   * Those that this library holds in another class loader of this process, whose lock would be lost
   * if the channel that has tried it were closed.
   */
  private static final Map<Path, FileChannel> OF_OTHER_LOADERS = new ConcurrentHashMap<>();

  private final Path path;
  private final FileChannel lock;
  private final Deque<SpoolSegment> segments = new ConcurrentLinkedDeque<>();
  private long next = 1;

  private SpoolDirectory(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /** Where the writers of a model are, whatever characters its name has. */
  static Path ofModel(Path spool, String model) {
    String readable = model.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]", "_");
    return spool.resolve(
        readable.substring(0, Math.min(MOST_OF_NAME, readable.length()))
            + "-"
            + Digest.of(model).hex().substring(0, 16));
  }

  /**
   * A new one.
   *
   * @param ofModel made if it is not there
   */
  static SpoolDirectory create(Path ofModel) throws IOException {
    // An interrupt would close the channel of the lock.
    boolean interrupted = Thread.interrupted();
    try {
      SpoolFiles.createDirectories(ofModel.toAbsolutePath());
      Path parent = ofModel.toRealPath();
      for (int i = 0; i < ATTEMPTS; i++) {
        Path path = parent.resolve(UUID.randomUUID().toString());
        OWN.add(path);
        SpoolDirectory made = null;
        try {
          SpoolFiles.createDirectories(path);
          made = locked(path);
        } catch (NoSuchFileException e) {
          // Another process took it for one that was left, as it was not locked yet.
        } finally {
          if (made == null) {
            OWN.remove(path);
          }
        }
        if (made != null) {
          return made;
        }
      }
      throw new IOException("no directory in " + parent + " could be locked");
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Those beside it that nobody of this program holds, the older ones first. */
  static List<Path> others(Path ofModel) throws IOException {
    List<Path> others = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(ofModel)) {
      for (Path each : all) {
        if (isWriters(each)
            && !OWN.contains(each)
            && !OF_OTHER_LOADERS.containsKey(each)
            && Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
          others.add(each);
        }
      }
    }
    others.sort(Comparator.comparing(SpoolDirectory::madeAt));
    return others;
  }

  /**
   * Takes what a process has left.
   *
   * @return null if it is in use, or gone
   * @throws IOException if it cannot be read, or is of a later form
   */
  static @Nullable SpoolDirectory takeOver(Path path) throws IOException {
    if (!OWN.add(path)) {
      return null;
    }
    SpoolDirectory taken = null;
    boolean whole = false;
    try {
      taken = locked(path);
      if (taken != null) {
        taken.readSegments();
      }
      whole = true;
      return taken;
    } catch (NoSuchFileException e) {
      return null;
    } finally {
      if (taken == null) {
        OWN.remove(path);
      } else if (!whole) {
        taken.release();
      }
    }
  }

  /** Null if somebody else holds the lock, or had it and has deleted all. */
  private static @Nullable SpoolDirectory locked(Path path) throws IOException {
    Path file = path.resolve(LOCK);
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean keep = false;
    try {
      FileLock taken = channel.tryLock();
      keep = taken != null && Files.exists(file);
      return keep ? new SpoolDirectory(path, channel) : null;
    } catch (OverlappingFileLockException e) {
      keep = true;
      OF_OTHER_LOADERS.put(path, channel);
      return null;
    } finally {
      if (!keep) {
        channel.close();
      }
    }
  }

  Path path() {
    return path;
  }

  /** What there is, in the order in which it was written. */
  Collection<SpoolSegment> segments() {
    return segments;
  }

  /** The oldest, or null. */
  @Nullable SpoolSegment first() {
    return segments.peekFirst();
  }

  /** The number of the segment that is added next. */
  long nextNumber() {
    return next;
  }

  /** A new segment, which is there after a crash of the host too. */
  SpoolSegment add() throws IOException {
    Path file = path.resolve(String.format(Locale.ROOT, "%016d.spool", next));
    SpoolFiles.createFile(file);
    SpoolSegment segment;
    try {
      segment = SpoolSegment.create(file, next);
      SpoolFiles.force(path);
    } catch (IOException e) {
      Files.deleteIfExists(file);
      throw e;
    }
    next++;
    segments.add(segment);
    return segment;
  }

  /** Deletes one. */
  void remove(SpoolSegment segment) throws IOException {
    Files.deleteIfExists(segment.file());
    segments.remove(segment);
  }

  /** Bytes of the segments. */
  long bytes() {
    return segments.stream().mapToLong(SpoolSegment::end).sum();
  }

  /** Bytes of them that are not in the ledger. */
  long waitingBytes() {
    return segments.stream().mapToLong(s -> s.end() - s.delivered()).sum();
  }

  /** Copies a part of a segment into a file beside the directory, durably. */
  Path setAside(SpoolSegment segment, SpoolReader.Part part) throws IOException {
    Path to =
        path.resolveSibling(
            path.getFileName() + "-" + segment.number() + "-" + part.from() + ".corrupt");
    Files.deleteIfExists(to);
    SpoolFiles.createFile(to);
    try (FileChannel from = FileChannel.open(segment.file(), StandardOpenOption.READ);
        FileChannel out = FileChannel.open(to, StandardOpenOption.WRITE)) {
      long at = part.from();
      long end = Math.min(part.to(), from.size());
      while (at < end) {
        at += from.transferTo(at, end - at, out);
      }
      out.force(true);
    }
    SpoolFiles.force(path.resolve(".."));
    return to;
  }

  /** Gives it up with all that is in it. */
  void release() {
    try {
      lock.close();
    } catch (IOException e) {
      // Given up with the process at the latest.
    }
    OWN.remove(path);
  }

  /** Deletes it, which has no segments any more, and gives it up. */
  void delete() throws IOException {
    try {
      // Before it is given up, so that nobody gets a lock of what is going to be deleted.
      Files.deleteIfExists(path.resolve(LOCK));
    } finally {
      release();
    }
    Files.deleteIfExists(path);
  }

  private void readSegments() throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(path)) {
      all.forEach(files::add);
    }
    files.sort(Comparator.naturalOrder());
    for (Path file : files) {
      Path name = file.getFileName();
      Matcher segment = SEGMENT.matcher(name == null ? "" : name.toString());
      if (segment.matches()) {
        segments.add(SpoolSegment.left(file, Long.parseLong(segment.group(1))));
      }
    }
  }

  private static boolean isWriters(Path path) {
    Path name = path.getFileName();
    return name != null && WRITER.matcher(name.toString()).matches();
  }

  private static FileTime madeAt(Path path) {
    try {
      return Files.getLastModifiedTime(path.resolve(LOCK));
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
