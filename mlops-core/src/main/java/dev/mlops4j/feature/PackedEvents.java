package dev.mlops4j.feature;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Many events as the bytes that are written of them, in the order of their places: a million
 * objects of each kind would be work for the garbage collector, which the rest of a service waits
 * for.
 */
final class PackedEvents {

  /** Less than half a region of the default collector, which treats larger arrays apart. */
  private static final int CHUNK_BYTES = 1 << 18;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final long view;
  private final boolean stated;
  private final EventCodec codec;
  private final List<byte[]> chunks = new ArrayList<>();
  private int used = CHUNK_BYTES;

  /** Of each event where its bytes begin: the number of the chunk, and the place in it. */
  private long[] begins = new long[1024];

  private int[] keyLengths = new int[1024];
  private int[] placeLengths = new int[1024];
  private int[] contentLengths = new int[1024];
  private long[] eventTimes = new long[1024];
  private int size;

  /**
   * Of no events.
   *
   * @param view the number of their view
   * @param stated whether they have ids of their own
   */
  PackedEvents(long view, boolean stated, EventCodec codec) {
    this.view = view;
    this.stated = stated;
    this.codec = codec;
  }

  /** Adds an event. */
  void add(FeatureEvent event) {
    byte[] ofKey = EventPlace.ofKey(view, event.key().toBytes());
    byte[] place = EventPlace.of(ofKey, event.eventTime(), event.known(), event.id());
    byte[] content = codec.encode(event.values());
    int length = place.length + content.length;
    if (used + length > CHUNK_BYTES) {
      chunks.add(new byte[Math.max(CHUNK_BYTES, length)]);
      used = 0;
    }
    if (size == begins.length) {
      grow();
    }
    byte[] chunk = chunks.get(chunks.size() - 1);
    System.arraycopy(place, 0, chunk, used, place.length);
    System.arraycopy(content, 0, chunk, used + place.length, content.length);
    begins[size] = (long) (chunks.size() - 1) << Integer.SIZE | used;
    keyLengths[size] = ofKey.length;
    placeLengths[size] = place.length;
    contentLengths[size] = content.length;
    eventTimes[size] = event.eventTime();
    used += length;
    size++;
  }

  private void grow() {
    int capacity = size + (size >> 1);
    begins = Arrays.copyOf(begins, capacity);
    keyLengths = Arrays.copyOf(keyLengths, capacity);
    placeLengths = Arrays.copyOf(placeLengths, capacity);
    contentLengths = Arrays.copyOf(contentLengths, capacity);
    eventTimes = Arrays.copyOf(eventTimes, capacity);
  }

  int size() {
    return size;
  }

  /** The numbers of the events in the order of their places. */
  private int[] inOrder() {
    int common = commonPrefix();
    long[] heads = new long[size];
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      heads[i] = head(i, common);
      order[i] = i;
    }
    RowSort.sort(
        order,
        0,
        size,
        (one, other) -> {
          int byHead = Long.compareUnsigned(heads[one], heads[other]);
          return byHead != 0 ? byHead : comparePlaces(one, other);
        });
    return order;
  }

  /** The events in the order of their places, as what a statement takes. */
  Sorted sorted() {
    return new Sorted(inOrder());
  }

  /** For each event its place, event time and content, and its id if it has one of its own. */
  final class Sorted implements Iterable<Object[]> {

    private final int[] order;

    private Sorted(int[] order) {
      this.order = order;
    }

    @Override
    public Iterator<Object[]> iterator() {
      return IntStream.of(order).mapToObj(PackedEvents.this::row).iterator();
    }
  }

  private Object[] row(int event) {
    int content = begin(event) + placeLengths[event];
    byte[] place = Arrays.copyOfRange(chunk(event), begin(event), content);
    byte[] values = Arrays.copyOfRange(chunk(event), content, content + contentLengths[event]);
    return stated
        ? new Object[] {
          place, eventTimes[event], values, EventPlace.statedId(place, keyLengths[event])
        }
        : new Object[] {place, eventTimes[event], values};
  }

  /** How many bytes all places begin with in common. */
  private int commonPrefix() {
    int common = size == 0 ? 0 : placeLengths[0];
    for (int i = 1; i < size && common > 0; i++) {
      int end = Math.min(common, placeLengths[i]);
      int differs =
          Arrays.mismatch(chunk(0), begin(0), begin(0) + end, chunk(i), begin(i), begin(i) + end);
      common = differs < 0 ? end : differs;
    }
    return common;
  }

  /** The eight bytes after those in common; zeros after the end, which comparing places sorts. */
  private long head(int event, int common) {
    int begin = begin(event) + common;
    int length = placeLengths[event] - common;
    if (length >= Long.BYTES) {
      return (long) LONGS.get(chunk(event), begin);
    }
    long head = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      head = head << Byte.SIZE | (i < length ? chunk(event)[begin + i] & 0xFF : 0);
    }
    return head;
  }

  private int comparePlaces(int one, int other) {
    return Arrays.compareUnsigned(
        chunk(one),
        begin(one),
        begin(one) + placeLengths[one],
        chunk(other),
        begin(other),
        begin(other) + placeLengths[other]);
  }

  private byte[] chunk(int event) {
    return chunks.get((int) (begins[event] >>> Integer.SIZE));
  }

  private int begin(int event) {
    return (int) begins[event];
  }
}
