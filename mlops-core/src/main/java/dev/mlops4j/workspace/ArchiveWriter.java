package dev.mlops4j.workspace;

import dev.mlops4j.Digest;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.SortedMap;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes an archive: a ZIP of an index, the index's digest, and files named by their SHA-256; no
 * name in it is ever a path. For the parts of the library that move what they keep to another
 * workspace.
 */
public final class ArchiveWriter {

  /** The same in every archive, so that the same content gives the same bytes. */
  private static final LocalDateTime ENTRY_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private ArchiveWriter() {}

  /**
   * Writes an archive in constant memory. The file is seen whole, or not at all.
   *
   * @param file where; there must be nothing yet
   * @param index what the archive says of its content
   * @param files what else is in it; each must give the bytes of its digest
   * @throws ArchiveException if there is something already, it cannot be written, or the index is
   *     larger than {@link Archive} reads
   */
  public static void write(Path file, byte[] index, SortedMap<Digest, Content> files) {
    requireFree(file);
    if (index.length > Archive.MAX_INDEX_BYTES) {
      throw new ArchiveException(
          "an archive's index has at most "
              + Archive.MAX_INDEX_BYTES
              + " bytes, and this one would have "
              + index.length
              + "; export less at once");
    }
    Path target = file.toAbsolutePath();
    Path temporary = target.resolveSibling("." + UUID.randomUUID() + ".tmp");
    try {
      try (FileOutputStream out = new FileOutputStream(temporary.toFile());
          ZipOutputStream zip = new ZipOutputStream(out)) {
        put(zip, Archive.INDEX, to -> to.write(index));
        byte[] digest = Digest.of(index).hex().getBytes(StandardCharsets.US_ASCII);
        put(zip, Archive.INDEX_DIGEST, to -> to.write(digest));
        for (Map.Entry<Digest, Content> entry : files.entrySet()) {
          put(zip, Archive.FILES + entry.getKey().hex(), entry.getValue());
        }
        zip.finish();
        zip.flush();
        out.getFD().sync();
      }
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new ArchiveException(
          "the archive cannot be written to "
              + file
              + " ("
              + e
              + "); check the directory, its permissions and the space left",
          e);
    } finally {
      temporary.toFile().delete();
    }
  }

  /**
   * Checks that nothing would be replaced, for who wants to know before long work.
   *
   * @throws ArchiveException if there is something
   */
  public static void requireFree(Path file) {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new ArchiveException(
          "the archive cannot be written to "
              + file
              + ": there is something already; name another");
    }
  }

  private static void put(ZipOutputStream zip, String name, Content content) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(ENTRY_TIME);
    zip.putNextEntry(entry);
    content.writeTo(zip);
    zip.closeEntry();
  }

  /** The bytes of a file. */
  @FunctionalInterface
  public interface Content {

    /** Writes them all, and does not close {@code to}. */
    void writeTo(OutputStream to) throws IOException;
  }
}
