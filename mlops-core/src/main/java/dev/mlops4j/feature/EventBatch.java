package dev.mlops4j.feature;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;

/**
 * The events of a dataset's rows, whose ids are made of what they say: as objects one by one, or
 * straight from the columns as the bytes that are written of them, which is many times as fast.
 */
final class EventBatch implements Iterable<FeatureEvent> {

  private static final int TIMES = 2 * Long.BYTES;

  private final Iterable<FeatureEvent> events;
  private final int size;
  private final EventTimes times;
  private final Supplier<List<CellWriter>> keyWriters;
  private final Supplier<List<CellWriter>> valueWriters;

  /**
   * The events of rows that were checked.
   *
   * @param events the same as objects
   * @param keyWriters makes what writes the view's keys: they keep texts, and so last no longer
   *     than needed
   * @param valueWriters makes what writes the view's columns
   */
  EventBatch(
      Iterable<FeatureEvent> events,
      int size,
      EventTimes times,
      Supplier<List<CellWriter>> keyWriters,
      Supplier<List<CellWriter>> valueWriters) {
    this.events = events;
    this.size = size;
    this.times = times;
    this.keyWriters = keyWriters;
    this.valueWriters = valueWriters;
  }

  @Override
  public Iterator<FeatureEvent> iterator() {
    return events.iterator();
  }

  /** Adds all events, with ids of their content. */
  void addTo(PackedEvents packed) {
    ContentIds ids = new ContentIds();
    List<CellWriter> keys = keyWriters.get();
    List<CellWriter> values = valueWriters.get();
    ByteBuffer said = ByteBuffer.allocate(256);
    for (int row = 0; row < size; row++) {
      int keyLength = size(keys, row);
      int contentLength = EventCodec.HEADER_BYTES + size(values, row);
      int length = keyLength + TIMES + contentLength;
      if (said.capacity() < length) {
        said = ByteBuffer.allocate(Math.max(length, 2 * said.capacity()));
      }
      said.clear();
      write(keys, row, said);
      said.putLong(times.eventTime(row)).putLong(times.known(row));
      EventCodec.begin(said);
      write(values, row, said);
      packed.add(said.array(), keyLength, contentLength, ids.utf8(said.array(), length));
    }
  }

  /** When the event of this row happened, from 0, in microseconds since the epoch. */
  long eventTime(int row) {
    return times.eventTime(row);
  }

  int size() {
    return size;
  }

  private static int size(List<CellWriter> cells, int row) {
    int size = 0;
    for (CellWriter cell : cells) {
      size += cell.size(row);
    }
    return size;
  }

  private static void write(List<CellWriter> cells, int row, ByteBuffer to) {
    for (CellWriter cell : cells) {
      cell.write(row, to);
    }
  }
}
