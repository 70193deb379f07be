package dev.mlops4j.data;

import dev.mlops4j.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * The fingerprint of a dataset: SHA-256 over the bytes
 *
 * <ol>
 *   <li>1 byte: the format, 1; 8 bytes: the number of columns; 8 bytes: the number of rows;
 *   <li>for each column in order: its name and its type's name as texts, then for each row 1 byte,
 *       0 if the value is missing, else 1 followed by the value.
 * </ol>
 *
 * <p>All numbers are big-endian. A text is the 8-byte number of its UTF-8 bytes and these; FLOAT64
 * the 8 bytes of its IEEE 754 form with one NaN, 0x7ff8000000000000; INT64 and TIMESTAMP
 * (microseconds) 8 bytes; BOOLEAN 1 byte, 0 or 1; FLOATS, whose length is in the type's name, 4
 * bytes an element, of its IEEE 754 form with one NaN, 0x7fc00000.
 *
 * <p>The sensitive and required flags are no part of it: they say how data is treated, not what it
 * is. The lengths keep different texts from giving the same bytes.
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
      } else if (column.get(row) instanceof Floats floats) {
        putFloats(floats);
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
    if (utf8.length > buffer.capacity()) {
      drain();
      sha256.update(utf8);
    } else {
      room(utf8.length);
      buffer.put(utf8);
    }
  }

  private void putFloats(Floats floats) {
    for (int i = 0; i < floats.length(); i++) {
      room(Float.BYTES);
      buffer.putInt(Float.floatToIntBits(floats.at(i)));
    }
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
