package dev.mlops4j.workspace;

import dev.mlops4j.Digest;
import dev.mlops4j.report.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * An archive that {@link ArchiveWriter} wrote, open for reading. It is taken for hostile until
 * {@link #verify} returns: nothing is unpacked to a path, an entry that the index does not list is
 * refused, and of none more is read than the index says, which itself is bounded.
 *
 * <p>Not safe for use by several threads.
 */
public final class Archive implements AutoCloseable {

  /** How many bytes the files of an archive may have together unless stated: 4 GiB. */
  public static final long DEFAULT_MAX_BYTES = 4L << 30;

  /** The first entry: what the archive says that it holds. */
  public static final String INDEX = "index.json";

  /** The entry with the SHA-256 of the index. */
  public static final String INDEX_DIGEST = "index.sha256";

  /** What the names of the other entries begin with; their SHA-256 follows. */
  public static final String FILES = "files/";

  static final int MAX_INDEX_BYTES = 16 << 20;
  private static final int DIGEST_BYTES = 64;
  private static final int BUFFER_BYTES = 1 << 16;
  private static final byte[] ZIP_MAGIC = {'P', 'K', 3, 4};

  private final Path file;
  private final String what;
  private final ZipFile zip;
  private final byte[] index;

  private Archive(Path file, String what, ZipFile zip) throws IOException {
    this.file = file;
    this.what = what;
    this.zip = zip;
    this.index = bytes(required(INDEX), MAX_INDEX_BYTES);
    byte[] digest = bytes(required(INDEX_DIGEST), DIGEST_BYTES);
    if (!Digest.of(index).hex().equals(new String(digest, StandardCharsets.US_ASCII))) {
      throw refused("was altered: its index is not what its digest says");
    }
  }

  /**
   * Opens an archive, to be closed by the caller.
   *
   * @param what it should hold, for messages, such as {@code versions}
   * @throws ArchiveException if it is no archive, or its index was altered
   */
  public static Archive open(Path file, String what) {
    if (!Files.isRegularFile(file)) {
      throw new ArchiveException("there is no archive " + file + "; give a file that was exported");
    }
    ZipFile zip = null;
    try {
      zip = new ZipFile(file.toFile());
      return new Archive(file, what, zip);
    } catch (IOException | RuntimeException e) {
      closeQuietly(zip, e);
      throw failure(file, what, e);
    }
  }

  /** Whether a file begins as an archive does; what is in it is not looked at. */
  public static boolean isArchive(Path file) {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(ZIP_MAGIC.length), ZIP_MAGIC);
    } catch (IOException e) {
      return false;
    }
  }

  /** What the archive says of its content; the digest of it was right. */
  public byte[] index() {
    return index.clone();
  }

  /**
   * Reads all files once, and checks that they are those that the index lists, each once and
   * nothing else, and that each is what its name says.
   *
   * @param sizes what the index lists
   * @param maxBytes how many bytes the files may have together
   * @throws ArchiveException if anything is not so
   */
  public void verify(SortedMap<Digest, Long> sizes, long maxBytes) {
    long left = maxBytes;
    for (long size : sizes.values()) {
      left -= size;
      if (size < 0 || left < 0) {
        throw tooLarge(maxBytes);
      }
    }
    verifyNames(sizes.keySet());
    for (Map.Entry<Digest, Long> expected : sizes.entrySet()) {
      verifyBytes(expected.getKey(), expected.getValue());
    }
  }

  /**
   * A file's bytes, all in memory, checked.
   *
   * @param size that the index lists
   * @throws ArchiveException if they are not what the name says, or too many for memory
   */
  public byte[] read(Digest digest, long size) {
    if (size > Integer.MAX_VALUE - 8) {
      throw refused("has a file of " + size + " bytes, which is more than fits here");
    }
    byte[] content;
    try {
      content = bytes(required(FILES + digest.hex()), (int) size);
    } catch (IOException e) {
      throw failure(file, what, e);
    }
    if (content.length != size || !Digest.of(content).equals(digest)) {
      throw altered(digest);
    }
    return content;
  }

  /** A file's bytes as they come, not checked; to be closed by the caller. */
  public InputStream open(Digest digest) throws IOException {
    return zip.getInputStream(required(FILES + digest.hex()));
  }

  /** What to throw for content that is not as it should be; {@code why} follows the file's name. */
  public ArchiveException refused(String why) {
    return new ArchiveException(
        "the archive "
            + file
            + " "
            + why
            + "; nothing of it was taken, export the "
            + what
            + " again");
  }

  /** What to throw for content that unpacks to more than the limit: it says how to raise it. */
  public ArchiveException tooLarge(long maxBytes) {
    return new ArchiveException(
        "the archive "
            + file
            + " unpacks to more than "
            + maxBytes
            + " bytes; nothing of it was taken. If it is not hostile, import it with a higher limit:"
            + " importFrom(file, maxBytes), or --max-bytes on the command line");
  }

  @Override
  public void close() {
    try {
      zip.close();
    } catch (IOException e) {
      throw failure(file, what, e);
    }
  }

  private ZipEntry required(String name) {
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      throw new ArchiveException(file + " is not an archive of " + what + ": it has no " + name);
    }
    return entry;
  }

  /** The index and the files it lists, each once, and nothing else. */
  private void verifyNames(Set<Digest> digests) {
    Set<String> expected = new HashSet<>();
    expected.add(INDEX);
    expected.add(INDEX_DIGEST);
    digests.forEach(digest -> expected.add(FILES + digest.hex()));
    Set<String> found = new HashSet<>();
    for (var entries = zip.entries(); entries.hasMoreElements(); ) {
      String name = nameOf(entries);
      if (!expected.contains(name)) {
        throw refused("has an entry \"" + Printable.of(name) + "\" that its index does not list");
      }
      if (!found.add(name)) {
        throw refused("has the entry \"" + name + "\" twice");
      }
    }
    expected.removeAll(found);
    if (!expected.isEmpty()) {
      throw refused("lacks the entry \"" + expected.iterator().next() + "\" that its index lists");
    }
  }

  private String nameOf(Enumeration<? extends ZipEntry> entries) {
    try {
      return entries.nextElement().getName();
    } catch (IllegalArgumentException e) {
      // ZipFile does not check all names when it opens the file.
      throw refused("has an entry whose name is not UTF-8");
    }
  }

  /** Piece by piece; what the entry's own header says of its size is not believed. */
  private void verifyBytes(Digest digest, long size) {
    byte[] buffer = new byte[BUFFER_BYTES];
    long read = 0;
    try (DigestInputStream in = new DigestInputStream(open(digest), Digest.sha256())) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        read += n;
        if (read > size) {
          throw tooMuch(FILES + digest.hex(), size);
        }
      }
      if (read != size || !Digest.of(in.getMessageDigest()).equals(digest)) {
        throw altered(digest);
      }
    } catch (IOException e) {
      throw failure(file, what, e);
    }
  }

  private byte[] bytes(ZipEntry entry, int most) throws IOException {
    try (InputStream in = zip.getInputStream(entry)) {
      byte[] content = in.readNBytes(most);
      if (in.read() >= 0) {
        throw tooMuch(entry.getName(), most);
      }
      return content;
    }
  }

  private ArchiveException tooMuch(String entry, long most) {
    return refused("has more in the entry \"" + entry + "\" than the " + most + " bytes it may");
  }

  private ArchiveException altered(Digest digest) {
    return refused("was altered: its file " + digest.shortHex() + " is not what its name says");
  }

  private static ArchiveException failure(Path file, String what, Exception e) {
    if (e instanceof ArchiveException refused) {
      return refused;
    }
    if (e instanceof ZipException) {
      return new ArchiveException(
          file + " is damaged or not an archive of " + what + " (" + e.getMessage() + ")", e);
    }
    return new ArchiveException("the archive " + file + " cannot be read (" + e + ")", e);
  }

  private static void closeQuietly(@Nullable ZipFile zip, Exception e) {
    try {
      if (zip != null) {
        zip.close();
      }
    } catch (IOException failure) {
      e.addSuppressed(failure);
    }
  }
}
