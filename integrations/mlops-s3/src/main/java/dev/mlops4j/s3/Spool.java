package dev.mlops4j.s3;

import dev.mlops4j.Digest;
import dev.mlops4j.storage.StorageException;
import java.io.EOFException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * All bytes of a stream, read once: the name of an object is their digest, which is known only at
 * their end. A few are held in memory, many in a temporary file.
 */
final class Spool implements AutoCloseable {

  private static final int FIRST_BYTES = 1 << 16;

  private final Digest digest;
  private final long size;
  private final byte[] memory;
  private final @Nullable Path file;

  private Spool(Digest digest, long size, byte[] memory, @Nullable Path file) {
    this.digest = digest;
    this.size = size;
    this.memory = memory;
    this.file = file;
  }

  /**
   * Reads {@code content} to its end.
   *
   * @param inMemory how many bytes may be held in memory
   * @param directory where a temporary file may be made
   * @throws IOException if {@code content} cannot be read
   * @throws StorageException if the file cannot be written
   */
  static Spool of(InputStream content, int inMemory, Path directory) throws IOException {
    byte[] head = new byte[Math.min(FIRST_BYTES, inMemory + 1)];
    int length = 0;
    while (true) {
      int n = content.readNBytes(head, length, head.length - length);
      length += n;
      if (length < head.length) {
        byte[] all = Arrays.copyOf(head, length);
        return new Spool(Digest.of(all), length, all, null);
      }
      if (length > inMemory) {
        return toFile(head, content, directory);
      }
      head = Arrays.copyOf(head, Math.min(head.length * 2, inMemory + 1));
    }
  }

  private static Spool toFile(byte[] head, InputStream content, Path directory) throws IOException {
    Path file = create(directory);
    boolean done = false;
    try (OutputStream out = open(file)) {
      MessageDigest sha256 = Digest.sha256();
      long size = 0;
      byte[] buffer = head;
      for (int n = head.length; n >= 0; n = content.read(buffer)) {
        sha256.update(buffer, 0, n);
        write(out, buffer, n, file);
        size += n;
      }
      done = true;
      return new Spool(Digest.of(sha256), size, new byte[0], file);
    } finally {
      if (!done) {
        delete(file);
      }
    }
  }

  Digest digest() {
    return digest;
  }

  long size() {
    return size;
  }

  boolean isInMemory() {
    return file == null;
  }

  /** Some of the bytes, in memory. */
  byte[] part(long offset, int length) {
    if (file == null) {
      return Arrays.copyOfRange(memory, (int) offset, (int) offset + length);
    }
    byte[] part = new byte[length];
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      in.seek(offset);
      in.readFully(part);
      return part;
    } catch (EOFException e) {
      throw new StorageException("temporary file " + file + " was truncated by somebody", e);
    } catch (IOException e) {
      throw new StorageException("cannot read temporary file " + file + ": " + e.getMessage(), e);
    }
  }

  /** All bytes, if they are in memory. */
  byte[] memory() {
    return memory;
  }

  @Override
  public void close() {
    if (file != null) {
      delete(file);
    }
  }

  private static Path create(Path directory) {
    try {
      return Files.createTempFile(directory, "mlops4j-upload-", ".tmp");
    } catch (IOException e) {
      throw cannotWrite(directory, e);
    }
  }

  private static OutputStream open(Path file) {
    try {
      return new FileOutputStream(file.toFile());
    } catch (IOException e) {
      throw cannotWrite(file, e);
    }
  }

  private static void write(OutputStream out, byte[] buffer, int length, Path file) {
    try {
      out.write(buffer, 0, length);
    } catch (IOException e) {
      throw cannotWrite(file, e);
    }
  }

  private static StorageException cannotWrite(Path place, IOException e) {
    return new StorageException(
        "cannot write a temporary file for an upload, "
            + place
            + ": "
            + e.getMessage()
            + ". Nothing was stored; name a temporaryDirectory(...) with room for the file",
        e);
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // It does no harm, and lies where the system clears up.
    }
  }
}
