package dev.mlops4j.monitoring;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Floats;
import dev.mlops4j.data.Row;
import dev.mlops4j.data.Schema;
import dev.mlops4j.data.Timestamps;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request as bytes: the version of the form, the number of columns, then of each its name, a
 * letter for its type and its value; every number to the bit, an array's little-endian. A text has
 * at most 65,535 bytes.
 */
final class RequestBytes {

  private static final int VERSION = 1;

  private RequestBytes() {}

  /**
   * The bytes.
   *
   * @throws IOException if a text is too long
   * @throws IllegalArgumentException if a value is of no type of a column
   */
  static byte[] of(Schema schema, @Nullable Object[] values) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeByte(VERSION);
    out.writeInt(values.length);
    for (int i = 0; i < values.length; i++) {
      out.writeUTF(schema.fields().get(i).name());
      write(out, values[i]);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, @Nullable Object value) throws IOException {
    if (value == null) {
      out.writeByte('-');
    } else if (value instanceof Double || value instanceof Float) {
      out.writeByte('d');
      out.writeLong(Double.doubleToRawLongBits(((Number) value).doubleValue()));
    } else if (value instanceof Number number) {
      out.writeByte('l');
      out.writeLong(number.longValue());
    } else if (value instanceof Boolean truth) {
      out.writeByte('b');
      out.writeBoolean(truth);
    } else if (value instanceof String text) {
      out.writeByte('s');
      out.writeUTF(text);
    } else if (value instanceof Instant time) {
      out.writeByte('t');
      out.writeLong(Timestamps.toMicros(time));
    } else if (value instanceof Floats array) {
      ByteBuffer elements = ByteBuffer.allocate(array.length() * Float.BYTES);
      array.write(elements);
      out.writeByte('f');
      out.writeInt(array.length());
      out.write(elements.array());
    } else {
      throw new IllegalArgumentException("no column holds a " + value.getClass().getName());
    }
  }

  /**
   * The row of these bytes, with the columns of a codec's schema.
   *
   * @throws MonitoringException if they are no request, of a later form, or without a column
   */
  static Row row(Schema schema, byte[] bytes) {
    Map<String, @Nullable Object> values = new HashMap<>();
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readByte();
      if (version != VERSION) {
        throw new MonitoringException("the request was logged in form " + version);
      }
      int columns = in.readInt();
      for (int i = 0; i < columns; i++) {
        values.put(in.readUTF(), value(in));
      }
    } catch (IOException e) {
      throw new MonitoringException("the logged request is damaged", e);
    }
    schema
        .fields()
        .forEach(
            field -> {
              if (!values.containsKey(field.name())) {
                throw new MonitoringException(
                    "the logged request has no column \"" + field.name() + "\"");
              }
            });
    return new Logged(schema, values);
  }

  private static @Nullable Object value(DataInputStream in) throws IOException {
    int type = in.readByte();
    return switch (type) {
      case '-' -> null;
      case 'd' -> Double.longBitsToDouble(in.readLong());
      case 'l' -> in.readLong();
      case 'b' -> in.readBoolean();
      case 's' -> in.readUTF();
      case 't' -> Timestamps.fromMicros(in.readLong());
      case 'f' -> floats(in);
      default -> throw new IOException("a value of type " + type);
    };
  }

  private static Floats floats(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > ColumnType.MAX_LENGTH) {
      throw new IOException("an array of " + length + " elements");
    }
    byte[] elements = new byte[length * Float.BYTES];
    in.readFully(elements);
    return Floats.read(ByteBuffer.wrap(elements), length);
  }

  private record Logged(Schema schema, Map<String, @Nullable Object> values) implements Row {

    @Override
    public @Nullable Object value(int position) {
      return values.get(schema.fields().get(position).name());
    }
  }
}
