package dev.mlops4j.s3;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongFunction;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * The bytes of an object. When the connection breaks off, the rest is asked for, a few times; what
 * comes is compared with the digest in the end, so that nobody needs to trust the pieces.
 */
final class ResumedStream extends InputStream {

  private static final int ATTEMPTS = 3;

  private final LongFunction<InputStream> from;
  private final long size;
  private InputStream content;
  private long position;
  private int failures;

  /**
   * @param content the bytes from the first one on
   * @param from opens the bytes from this one on
   */
  ResumedStream(InputStream content, long size, LongFunction<InputStream> from) {
    this.content = content;
    this.size = size;
    this.from = from;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    while (true) {
      try {
        int n = readOnce(buffer, offset, length);
        if (n < 0 && position < size) {
          throw new IOException(
              "the connection ended after " + position + " of " + size + " bytes");
        }
        position += Math.max(0, n);
        return n;
      } catch (IOException e) {
        resume(e);
      }
    }
  }

  @Override
  public void close() throws IOException {
    undisturbed(
        () -> {
          content.close();
          return 0;
        });
  }

  private void resume(IOException e) throws IOException {
    failures++;
    if (failures >= ATTEMPTS) {
      throw e;
    }
    try {
      close();
    } catch (IOException onClose) {
      e.addSuppressed(onClose);
    }
    content = from.apply(position);
  }

  private int readOnce(byte[] buffer, int offset, int length) throws IOException {
    return undisturbed(() -> content.read(buffer, offset, length));
  }

  /** Keeps an interrupt for later: the SDK's streams would end for it. */
  private static int undisturbed(Work work) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      return work.run();
    } catch (SdkException e) {
      throw new IOException(e.getMessage(), e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @FunctionalInterface
  private interface Work {
    int run() throws IOException;
  }
}
