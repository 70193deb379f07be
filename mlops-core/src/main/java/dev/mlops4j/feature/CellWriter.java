package dev.mlops4j.feature;

import dev.mlops4j.data.BooleanColumn;
import dev.mlops4j.data.Column;
import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.DoubleColumn;
import dev.mlops4j.data.FloatsColumn;
import dev.mlops4j.data.LongColumn;
import dev.mlops4j.data.StringColumn;
import dev.mlops4j.data.TimestampColumn;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes the cells of a column as bytes without making objects of them: the same bytes as {@link
 * EventCodec} writes of a value, or {@link EntityKey} of a part of a key. For one thread.
 */
abstract class CellWriter {

  /** How many bytes the cell of this row takes. */
  abstract int size(int row);

  /** Writes the cell of this row. */
  abstract void write(int row, ByteBuffer to);

  /**
   * The values of a view's column.
   *
   * @param type the column's in the view; an INT64 column will do for FLOAT64
   */
  static CellWriter ofValues(ColumnType type, Column column) {
    CellWriter present = present(type, column);
    return new CellWriter() {
      @Override
      int size(int row) {
        return column.isMissing(row) ? 1 : 1 + present.size(row);
      }

      @Override
      void write(int row, ByteBuffer to) {
        if (column.isMissing(row)) {
          to.put((byte) 0);
        } else {
          present.write(row, to.put((byte) 1));
        }
      }
    };
  }

  /** A key column, in which nothing is missing. */
  static CellWriter ofKey(Column column) {
    CellWriter present = present(column.type(), column);
    byte tag = EntityKey.tag(column.type());
    return new CellWriter() {
      @Override
      int size(int row) {
        return 1 + present.size(row);
      }

      @Override
      void write(int row, ByteBuffer to) {
        present.write(row, to.put(tag));
      }
    };
  }

  private static CellWriter present(ColumnType type, Column column) {
    if (column instanceof DoubleColumn doubles) {
      return new Longs(row -> Double.doubleToRawLongBits(doubles.doubleAt(row)));
    }
    if (column instanceof LongColumn longs) {
      return type == ColumnType.FLOAT64
          ? new Longs(row -> Double.doubleToRawLongBits((double) longs.longAt(row)))
          : new Longs(longs::longAt);
    }
    if (column instanceof TimestampColumn times) {
      return new Longs(times::microsAt);
    }
    if (column instanceof StringColumn texts) {
      return new Texts(texts);
    }
    if (column instanceof FloatsColumn arrays) {
      return new Arrays(arrays, type.length());
    }
    return new Booleans((BooleanColumn) column);
  }

  /** Eight bytes of a row. */
  @FunctionalInterface
  private interface Bits {
    long at(int row);
  }

  private static final class Longs extends CellWriter {
    private final Bits bits;

    Longs(Bits bits) {
      this.bits = bits;
    }

    @Override
    int size(int row) {
      return Long.BYTES;
    }

    @Override
    void write(int row, ByteBuffer to) {
      to.putLong(bits.at(row));
    }
  }

  private static final class Booleans extends CellWriter {
    private final BooleanColumn column;

    Booleans(BooleanColumn column) {
      this.column = column;
    }

    @Override
    int size(int row) {
      return 1;
    }

    @Override
    void write(int row, ByteBuffer to) {
      to.put((byte) (column.booleanAt(row) ? 1 : 0));
    }
  }

  private static final class Texts extends CellWriter {
    private final StringColumn column;
    private final byte[] @Nullable [] utf8OfCode;

    Texts(StringColumn column) {
      this.column = column;
      this.utf8OfCode = new byte[column.dictionary().size()][];
    }

    @Override
    int size(int row) {
      return Integer.BYTES + utf8(row).length;
    }

    @Override
    void write(int row, ByteBuffer to) {
      byte[] utf8 = utf8(row);
      to.putInt(utf8.length).put(utf8);
    }

    private byte[] utf8(int row) {
      int code = column.codeAt(row);
      byte[] utf8 = utf8OfCode[code];
      if (utf8 == null) {
        utf8 = column.dictionary().get(code).getBytes(StandardCharsets.UTF_8);
        utf8OfCode[code] = utf8;
      }
      return utf8;
    }
  }

  private static final class Arrays extends CellWriter {
    private final FloatsColumn column;
    private final int length;

    Arrays(FloatsColumn column, int length) {
      this.column = column;
      this.length = length;
    }

    @Override
    int size(int row) {
      return Integer.BYTES + length * Float.BYTES;
    }

    @Override
    void write(int row, ByteBuffer to) {
      Objects.requireNonNull(column.get(row)).write(to.putInt(length));
    }
  }
}
