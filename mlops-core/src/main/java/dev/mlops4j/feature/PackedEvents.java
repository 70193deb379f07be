package dev.mlops4j.feature;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
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

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private static final int KEY_LENGTH = 0;
  private static final int PLACE_LENGTH = Integer.BYTES;
  private static final int CONTENT_LENGTH = 2 * Integer.BYTES;
  private static final int EVENT_TIME = 3 * Integer.BYTES;
  private static final int TIMES = 2 * Long.BYTES;
  private static final int HEADER = EVENT_TIME + Long.BYTES;

  private final long view;
  private final boolean stated;
  private final EventCodec codec;
  private final List<byte[]> chunks = new ArrayList<>();
  private int used = CHUNK_BYTES;

  /** Of each event where it begins: the number of the chunk, and the position in it. */
  private long[] begins = new long[1024];

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

  /** Adds all events. */
  void addAll(Iterable<FeatureEvent> events) {
    if (events instanceof EventBatch batch) {
      batch.addTo(this);
    } else {
      events.forEach(this::add);
    }
  }

  /** Adds an event. */
  void add(FeatureEvent event) {
    byte[] key = event.key().toBytes();
    byte[] content = codec.encode(event.values());
    ByteBuffer said = ByteBuffer.allocate(key.length + TIMES + content.length);
    said.put(key).putLong(event.eventTime()).putLong(event.known()).put(content);
    byte[] id = event.id().getBytes(StandardCharsets.UTF_8);
    add(said.array(), key.length, content.length, id);
  }

  /**
   * Adds an event.
   *
   * @param said its key, event time, known time, and values, as far as the lengths say
   * @param id in UTF-8
   */
  void add(byte[] said, int keyLength, int contentLength, byte[] id) {
    int placeLength = EventPlace.length(keyLength, id.length);
    int at = room(HEADER + placeLength + contentLength);
    byte[] chunk = chunks.get(chunks.size() - 1);
    INTS.set(chunk, at + KEY_LENGTH, EventPlace.lengthOfKey(keyLength));
    INTS.set(chunk, at + PLACE_LENGTH, placeLength);
    INTS.set(chunk, at + CONTENT_LENGTH, contentLength);
    LONGS.set(chunk, at + EVENT_TIME, (long) LONGS.get(said, keyLength));
    EventPlace.put(ByteBuffer.wrap(chunk, at + HEADER, placeLength), view, said, keyLength, id);
    System.arraycopy(said, keyLength + TIMES, chunk, at + HEADER + placeLength, contentLength);
  }

  /** Where the next event goes, of so many bytes, in the last chunk. */
  private int room(int length) {
    if (used + length > CHUNK_BYTES) {
      chunks.add(new byte[Math.max(CHUNK_BYTES, length)]);
      used = 0;
    }
    if (size == begins.length) {
      begins = Arrays.copyOf(begins, size + (size >> 1) + 1);
    }
    int at = used;
    begins[size++] = (long) (chunks.size() - 1) << Integer.SIZE | at;
    used += length;
    return at;
  }

  /** These and the others, which are not to be used any more. */
  PackedEvents with(PackedEvents others) {
    long chunksBefore = (long) chunks.size() << Integer.SIZE;
    begins = Arrays.copyOf(begins, size + others.size);
    for (int i = 0; i < others.size; i++) {
      begins[size++] = others.begins[i] + chunksBefore;
    }
    chunks.addAll(others.chunks);
    used = others.used;
    return this;
  }

  int size() {
    return size;
  }

  /**
   * The events in the order of their places, cut between keys into parts of about this size, each
   * as what a statement takes: place, event time and content, and the id if it is one of its own.
   * Takes these events apart: there can be no more.
   */
  List<Iterable<Object[]>> sorted(long partBytes) {
    sort();
    List<Iterable<Object[]>> parts = new ArrayList<>();
    int from = 0;
    long bytes = 0;
    for (int i = 1; i <= size; i++) {
      bytes += placeLength(begins[i - 1]) + contentLength(begins[i - 1]);
      if (i == size || (bytes >= partBytes && !areOfOneKey(begins[i - 1], begins[i]))) {
        parts.add(part(from, i));
        from = i;
        bytes = 0;
      }
    }
    return parts;
  }

  private Iterable<Object[]> part(int from, int to) {
    return () -> IntStream.range(from, to).mapToObj(i -> row(begins[i])).iterator();
  }

  private Object[] row(long begin) {
    byte[] chunk = chunk(begin);
    int at = (int) begin + HEADER;
    int content = at + placeLength(begin);
    byte[] place = Arrays.copyOfRange(chunk, at, content);
    byte[] values = Arrays.copyOfRange(chunk, content, content + contentLength(begin));
    long eventTime = (long) LONGS.get(chunk, (int) begin + EVENT_TIME);
    return stated
        ? new Object[] {place, eventTime, values, EventPlace.statedId(place, keyLength(begin))}
        : new Object[] {place, eventTime, values};
  }

  /** Sorts by the eight bytes after those that all places have in common, then by the rest. */
  private void sort() {
    int common = commonPrefix();
    long[] unsorted = new long[size];
    for (int i = 0; i < size; i++) {
      unsorted[i] = head(begins[i], common);
    }
    long[] heads = sortByHead(unsorted);
    for (int from = 0; from < size; ) {
      int to = from + 1;
      while (to < size && heads[to] == heads[from]) {
        to++;
      }
      if (to - from > 1) {
        sortByPlace(from, to);
      }
      from = to;
    }
  }

  /**
   * A radix sort, byte by byte from the last: no look at the events, whose bytes lie far apart.
   *
   * @return the heads in the new order, in which the events are then
   */
  private long[] sortByHead(long[] heads) {
    long[] heads1 = heads;
    long[] heads2 = new long[size];
    long[] begins1 = begins;
    long[] begins2 = new long[size];
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      int[] next = new int[257];
      for (int i = 0; i < size; i++) {
        next[((int) (heads1[i] >>> shift) & 0xFF) + 1]++;
      }
      int digitOfFirst = (int) (heads1[0] >>> shift) & 0xFF;
      if (next[digitOfFirst + 1] == size) {
        continue; // and so has every other
      }
      for (int digit = 0; digit < 256; digit++) {
        next[digit + 1] += next[digit];
      }
      for (int i = 0; i < size; i++) {
        int at = next[(int) (heads1[i] >>> shift) & 0xFF]++;
        heads2[at] = heads1[i];
        begins2[at] = begins1[i];
      }
      long[] sortedHeads = heads2;
      heads2 = heads1;
      heads1 = sortedHeads;
      long[] sortedBegins = begins2;
      begins2 = begins1;
      begins1 = sortedBegins;
    }
    begins = begins1;
    return heads1;
  }

  private void sortByPlace(int from, int to) {
    long[] same = Arrays.copyOfRange(begins, from, to);
    int[] order = IntStream.range(0, to - from).toArray();
    RowSort.sort(order, 0, order.length, (one, other) -> comparePlaces(same[one], same[other]));
    for (int i = 0; i < order.length; i++) {
      begins[from + i] = same[order[i]];
    }
  }

  /** How many bytes all places begin with in common. */
  private int commonPrefix() {
    int common = placeLength(begins[0]);
    for (int i = 1; i < size && common > 0; i++) {
      common = commonPrefix(begins[0], begins[i], Math.min(common, placeLength(begins[i])));
    }
    return common;
  }

  private int commonPrefix(long one, long other, int most) {
    int oneAt = (int) one + HEADER;
    int otherAt = (int) other + HEADER;
    int differs =
        Arrays.mismatch(chunk(one), oneAt, oneAt + most, chunk(other), otherAt, otherAt + most);
    return differs < 0 ? most : differs;
  }

  private boolean areOfOneKey(long one, long other) {
    int length = keyLength(one);
    return length == keyLength(other) && commonPrefix(one, other, length) == length;
  }

  /** The eight bytes after those in common; zeros after the end, which comparing places sorts. */
  private long head(long begin, int common) {
    byte[] chunk = chunk(begin);
    int at = (int) begin + HEADER + common;
    int length = placeLength(begin) - common;
    if (length >= Long.BYTES) {
      return (long) LONGS.get(chunk, at);
    }
    long head = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      head = head << Byte.SIZE | (i < length ? chunk[at + i] & 0xFF : 0);
    }
    return head;
  }

  private int comparePlaces(long one, long other) {
    int oneAt = (int) one + HEADER;
    int otherAt = (int) other + HEADER;
    return Arrays.compareUnsigned(
        chunk(one),
        oneAt,
        oneAt + placeLength(one),
        chunk(other),
        otherAt,
        otherAt + placeLength(other));
  }

  private byte[] chunk(long begin) {
    return chunks.get((int) (begin >>> Integer.SIZE));
  }

  private int keyLength(long begin) {
    return (int) INTS.get(chunk(begin), (int) begin + KEY_LENGTH);
  }

  private int placeLength(long begin) {
    return (int) INTS.get(chunk(begin), (int) begin + PLACE_LENGTH);
  }

  private int contentLength(long begin) {
    return (int) INTS.get(chunk(begin), (int) begin + CONTENT_LENGTH);
  }
}
