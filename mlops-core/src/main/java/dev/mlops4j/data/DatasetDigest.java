package dev.mlops4j.data;

import dev.mlops4j.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * The fingerprint of a dataset: SHA-256 over the schema and then, column by column, a byte for each
 * value's presence followed by the value in big-endian form.
 *
 * <p>The sensitive and required flags are no part of it: they say how data is treated, not what it
 * is. Text goes in through its UTF-8 bytes with their length before them, so that no two columns of
 * text can give the same bytes.
 */
final class DatasetDigest {

  private static final byte FORMAT = 1;
  private static final byte ABSENT = 0;
  private static final byte PRESENT = 1;

  private final MessageDigest sha256 = Digest.sha256();
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 14);

  private DatasetDigest() {}

  static Digest of(Dataset dataset) {
    DatasetDigest digest = new DatasetDigest();
    digest.putByte(FORMAT);
    digest.putLong(dataset.schema().size());
    digest.putLong(dataset.rowCount());
    for (int i = 0; i < dataset.schema().size(); i++) {
      Field field = dataset.schema().fields().get(i);
      digest.putText(field.name().getBytes(StandardCharsets.UTF_8));
      digest.putText(field.type().name().getBytes(StandardCharsets.UTF_8));
      digest.putColumn(dataset.column(i));
    }
    digest.drain();
    return Digest.of(digest.sha256);
  }

  private void putColumn(Column column) {
    byte[][] texts = column instanceof StringColumn strings ? utf8(strings) : new byte[0][];
    for (int row = 0; row < column.size(); row++) {
      if (column.isMissing(row)) {
        putByte(ABSENT);
        continue;
      }
      putByte(PRESENT);
      if (column instanceof DoubleColumn doubles) {
        putLong(Double.doubleToLongBits(doubles.doubleAt(row)));
      } else if (column instanceof LongColumn longs) {
        putLong(longs.longAt(row));
      } else if (column instanceof TimestampColumn timestamps) {
        putLong(timestamps.microsAt(row));
      } else if (column instanceof BooleanColumn booleans) {
        putByte((byte) (booleans.booleanAt(row) ? 1 : 0));
      } else if (column instanceof StringColumn strings) {
        putText(texts[strings.codeAt(row)]);
      }
    }
  }

  private static byte[][] utf8(StringColumn strings) {
    return strings.dictionary().stream()
        .map(text -> text.getBytes(StandardCharsets.UTF_8))
        .toArray(byte[][]::new);
  }

  private void putText(byte[] utf8) {
    putLong(utf8.length);
    drain();
    sha256.update(utf8);
  }

  private void putByte(byte value) {
    room(Byte.BYTES);
    buffer.put(value);
  }

  private void putLong(long value) {
    room(Long.BYTES);
    buffer.putLong(value);
  }

  private void room(int bytes) {
    if (buffer.remaining() < bytes) {
      drain();
    }
  }

  private void drain() {
    sha256.update(buffer.array(), 0, buffer.position());
    buffer.clear();
  }
}
