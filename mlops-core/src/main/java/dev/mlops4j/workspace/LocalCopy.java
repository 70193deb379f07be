package dev.mlops4j.workspace;

import dev.mlops4j.Digest;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A copy of what somebody else reads, made on the way. Where it cannot be written it is given up,
 * and the reader does not notice.
 */
final class LocalCopy implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LocalCopy.class);

  private final CacheDirectory directory;
  private @Nullable Path file;
  private @Nullable OutputStream out;

  LocalCopy(CacheDirectory directory) {
    this.directory = directory;
    try {
      Path temporary = directory.newTemporaryFile();
      out = new FileOutputStream(temporary.toFile());
      file = temporary;
    } catch (IOException e) {
      giveUp(e);
    }
  }

  /** The same bytes, which are copied as they are read. */
  InputStream of(InputStream content) {
    return new Copied(content);
  }

  /**
   * Has the directory keep the copy, now that all was read.
   *
   * @return false if there is none, or it is too large
   */
  boolean keep(Digest digest) {
    Path whole = finish();
    try {
      return whole != null && directory.admit(whole, digest);
    } catch (IOException e) {
      giveUp(e);
      return false;
    }
  }

  /** The copy, which is deleted when the stream is closed; null if there is none. */
  @Nullable InputStream handOver() {
    Path whole = finish();
    if (whole == null) {
      return null;
    }
    try {
      InputStream content = new FileInputStream(whole.toFile());
      file = null;
      return new DeletedAtItsEnd(content, whole);
    } catch (IOException e) {
      giveUp(e);
      return null;
    }
  }

  @Override
  public void close() {
    finish();
    discard();
  }

  private @Nullable Path finish() {
    OutputStream open = out;
    out = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        giveUp(e);
      }
    }
    return file;
  }

  private void copy(byte[] buffer, int offset, int length) {
    if (out != null) {
      try {
        out.write(buffer, offset, length);
      } catch (IOException e) {
        giveUp(e);
      }
    }
  }

  private void giveUp(IOException e) {
    LOG.warn("cannot keep a copy of an artifact in {}: {}", directory, e.toString());
    OutputStream open = out;
    out = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException onClose) {
        e.addSuppressed(onClose);
      }
    }
    discard();
  }

  private void discard() {
    if (file != null) {
      TemporaryFiles.deleteIfThere(file);
      file = null;
    }
  }

  /** Copies what is read. */
  private final class Copied extends FilterInputStream {

    Copied(InputStream content) {
      super(content);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int n = super.read(buffer, offset, length);
      if (n > 0) {
        copy(buffer, offset, n);
      }
      return n;
    }

    /** What is passed over would be missing in the copy, so it is read. */
    @Override
    public long skip(long n) throws IOException {
      byte[] passed = new byte[(int) Math.max(0, Math.min(n, 1 << 16))];
      return Math.max(0, read(passed, 0, passed.length));
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }

  /** A file of the cache that is read once. */
  private static final class DeletedAtItsEnd extends FilterInputStream {

    private final Path file;

    DeletedAtItsEnd(InputStream content, Path file) {
      super(content);
      this.file = file;
    }

    @Override
    public void close() throws IOException {
      try {
        super.close();
      } finally {
        TemporaryFiles.deleteIfThere(file);
      }
    }
  }
}
