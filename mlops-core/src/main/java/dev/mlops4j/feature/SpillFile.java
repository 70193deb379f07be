package dev.mlops4j.feature;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A temporary file that is written from its beginning to its end and then read. Where the system
 * lets a file go that is open, it has no name any more from the start, and is gone with its process
 * however that ends; elsewhere it is deleted when it is closed.
 *
 * <p>One thread writes. Once written, it is read by any number of threads: not through a channel,
 * which an interrupt of one thread would close for all.
 */
final class SpillFile implements AutoCloseable {

  private static final int BUFFER_BYTES = 1 << 16;

  /** How many pages are kept at most. */
  static final int MOST_PAGES = 128;

  private final String view;
  private final Path directory;

  /** The name that is still to be deleted. */
  private final @Nullable Path path;

  private final RandomAccessFile file;
  private byte[] buffer = new byte[BUFFER_BYTES];
  private int buffered;
  private long flushed;

  /** The pages read last; guarded by itself. */
  private final Map<Long, byte[]> pages =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, byte[]> eldest) {
          return size() > MOST_PAGES;
        }
      };

  private SpillFile(String view, Path directory, @Nullable Path path, RandomAccessFile file) {
    this.view = view;
    this.directory = directory;
    this.path = path;
    this.file = file;
  }

  /** A new file in this directory. */
  static SpillFile in(Path directory, String view) {
    try {
      Files.createDirectories(directory);
      Path path = Files.createTempFile(directory, "history-", ".tmp");
      RandomAccessFile file;
      try {
        file = new RandomAccessFile(path.toFile(), "rw");
      } catch (IOException e) {
        Files.deleteIfExists(path);
        throw e;
      }
      return new SpillFile(view, directory, isUnlinked(path) ? null : path, file);
    } catch (IOException e) {
      throw new HistoryOnDiskException(view, directory, e);
    }
  }

  /** A file that is there and stays. */
  static SpillFile at(Path path, String view) throws IOException {
    Path directory = path.toAbsolutePath().getParent();
    return new SpillFile(
        view,
        directory == null ? path : directory,
        null,
        new RandomAccessFile(path.toFile(), "rw"));
  }

  private static boolean isUnlinked(Path path) {
    try {
      Files.delete(path);
      return true;
    } catch (IOException e) {
      // Windows keeps a file that is open.
      return false;
    }
  }

  /** How many bytes were written. */
  long size() {
    return flushed + buffered;
  }

  void write(byte[] bytes, int from, int length) {
    if (length > buffer.length - buffered) {
      flush();
    }
    if (length > buffer.length) {
      write(bytes, from, length, flushed);
      flushed += length;
    } else {
      System.arraycopy(bytes, from, buffer, buffered, length);
      buffered += length;
    }
  }

  /** Ends the writing: what was written can be read. */
  void seal() {
    flush();
    buffer = new byte[0];
  }

  private void flush() {
    write(buffer, 0, buffered, flushed);
    flushed += buffered;
    buffered = 0;
  }

  private void write(byte[] bytes, int from, int length, long position) {
    synchronized (file) {
      try {
        file.seek(position);
        file.write(bytes, from, length);
      } catch (IOException e) {
        throw new HistoryOnDiskException(view, directory, e);
      }
    }
  }

  /** Reads bytes that were written, past the pages. */
  void read(long position, byte[] into, int from, int length) {
    synchronized (file) {
      try {
        file.seek(position);
        file.readFully(into, from, length);
      } catch (EOFException e) {
        throw new HistoryOnDiskException(view, directory, new EOFException("it was cut off"));
      } catch (IOException e) {
        throw new HistoryOnDiskException(view, directory, e);
      }
    }
  }

  /**
   * The page of this number, where every page has so many bytes but the last; not to be changed.
   */
  byte[] page(long number, int pageBytes) {
    synchronized (pages) {
      byte[] found = pages.get(number);
      if (found != null) {
        return found;
      }
    }
    long begin = number * pageBytes;
    byte[] page = new byte[(int) Math.min(pageBytes, size() - begin)];
    read(begin, page, 0, page.length);
    synchronized (pages) {
      pages.put(number, page);
    }
    return page;
  }

  /** Reads bytes that were written, by pages. */
  void readPaged(long position, byte[] into, int pageBytes) {
    int done = 0;
    while (done < into.length) {
      byte[] page = page((position + done) / pageBytes, pageBytes);
      int at = (int) ((position + done) % pageBytes);
      int count = Math.min(into.length - done, page.length - at);
      System.arraycopy(page, at, into, done, count);
      done += count;
    }
  }

  @Override
  public void close() {
    synchronized (file) {
      try {
        file.close();
        if (path != null) {
          Files.deleteIfExists(path);
        }
      } catch (IOException e) {
        throw new HistoryOnDiskException(view, directory, e);
      }
    }
  }
}
