package dev.mlops4j.feature;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Values that have not one size, such as texts, one after the other in a file. A short text that
 * was met not long ago is written once. One thread writes; sealed, it is read by any number.
 */
final class SpilledValues implements AutoCloseable {

  private static final int MOST_KNOWN = 1 << 12;
  private static final int LONGEST_KNOWN = 256;

  private final SpillFile file;
  private final int pageBytes;
  private final Map<String, Long> positions = new HashMap<>();
  private final AtomicReferenceArray<@Nullable Read> reads = new AtomicReferenceArray<>(MOST_KNOWN);

  /** A value that was read, and where. */
  private record Read(long position, Object value) {}

  SpilledValues(FeatureView view, HistoryLimits limits) {
    this.file = SpillFile.in(limits.directory(), view.name());
    this.pageBytes = limits.pageBytes();
  }

  /** Writes a value; returns where it is. */
  long write(EventCodec codec, Object value) {
    if (value instanceof String text && text.length() <= LONGEST_KNOWN) {
      Long known = positions.get(text);
      if (known != null) {
        return known;
      }
      if (positions.size() == MOST_KNOWN) {
        positions.clear();
      }
      positions.put(text, file.size());
    }
    long position = file.size();
    byte[] bytes = codec.encode(new @Nullable Object[] {value});
    file.write(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array(), 0, Integer.BYTES);
    file.write(bytes, 0, bytes.length);
    return position;
  }

  void seal() {
    positions.clear();
    file.seal();
  }

  /** The value at a position that {@link #write} has given, by the same codec. */
  Object read(EventCodec codec, long position) {
    int slot = Long.hashCode(position * 0x9E3779B97F4A7C15L) & (MOST_KNOWN - 1);
    Read known = reads.get(slot);
    if (known != null && known.position == position) {
      return known.value;
    }
    byte[] length = new byte[Integer.BYTES];
    file.readPaged(position, length, pageBytes);
    byte[] bytes = new byte[ByteBuffer.wrap(length).getInt()];
    file.readPaged(position + length.length, bytes, pageBytes);
    Object value = codec.decode(bytes)[0];
    if (value == null) {
      throw new IllegalStateException("a null was written as a value");
    }
    if (bytes.length <= LONGEST_KNOWN) {
      reads.set(slot, new Read(position, value));
    }
    return value;
  }

  @Override
  public void close() {
    file.close();
  }
}
