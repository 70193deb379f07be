package dev.mlops4j.benchmarks.calibration;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/**
 * Some draws of a cell, which all sides judge.
 *
 * @param reference of each draw the reference's rows
 * @param current of each draw the current ones
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Draws(double[][] reference, double[][] current) {

  private static final int AT_ONCE = 20;
  private static final int MAX_VALUES = 4_000_000;
  private static final int FINGERPRINT_ROWS = 20_000;

  /** How many draws are made and judged together. */
  static int atOnce(Cell cell) {
    return Math.max(1, Math.min(AT_ONCE, MAX_VALUES / cell.rows()));
  }

  /** The draws of a cell from this one on: the same ones whoever asks, and whatever was before. */
  static Draws of(Cell cell, int first) {
    int count = atOnce(cell);
    double[][] reference = new double[count][cell.reference()];
    double[][] current = new double[count][cell.current()];
    SplittableRandom random = new SplittableRandom(31L * cell.toString().hashCode() + first);
    Sampler sampler = Sampler.of(cell);
    for (int i = 0; i < count; i++) {
      sampler.fill(reference[i], current[i], random);
    }
    return new Draws(reference, current);
  }

  /** Tells draws apart that were made by another program: the first of each cell that is small. */
  static String fingerprint() {
    CRC32C sum = new CRC32C();
    for (Cell cell : Cell.all()) {
      if (cell.rows() <= FINGERPRINT_ROWS) {
        Draws draws = of(cell, 0);
        sum.update(Arrays.toString(draws.reference[0]).getBytes(StandardCharsets.US_ASCII));
        sum.update(Arrays.toString(draws.current[0]).getBytes(StandardCharsets.US_ASCII));
      }
    }
    return Long.toHexString(sum.getValue());
  }

  int count() {
    return reference.length;
  }

  /** Writes them as {@code draws.py} reads them. */
  void write(Path file) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(Double.BYTES * count() * (reference[0].length + current[0].length))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count(); i++) {
      for (double value : reference[i]) {
        bytes.putDouble(value);
      }
      for (double value : current[i]) {
        bytes.putDouble(value);
      }
    }
    bytes.flip();
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      while (bytes.hasRemaining()) {
        int unused = channel.write(bytes);
      }
    }
  }
}
