package dev.mlops4j.feature;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Where an event lies in the table of {@link JdbcOnlineStore}: bytes that a database compares as
 * unsigned, in the order of views, of their keys' bytes, and of the key's events. One short column
 * that is the whole primary key is searched and filled faster than five.
 *
 * <p>The view's number in four bytes, the key's bytes (which say themselves where they end), the
 * event time and the known time in eight bytes each with the sign turned, the id in UTF-8.
 */
final class EventPlace {

  private static final int TIMES = 2 * Long.BYTES;

  private EventPlace() {}

  /** What the places of a view's events begin with, and no others. */
  static byte[] ofView(long view) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(Math.toIntExact(view)).array();
  }

  /** What the places of a key's events begin with, and no others. */
  static byte[] ofKey(long view, byte[] entity) {
    return ByteBuffer.allocate(Integer.BYTES + entity.length)
        .putInt(Math.toIntExact(view))
        .put(entity)
        .array();
  }

  /** The place of an event of the key. */
  static byte[] of(byte[] ofKey, long eventTime, long known, String id) {
    byte[] utf8 = id.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(ofKey.length + TIMES + utf8.length)
        .put(ofKey)
        .putLong(eventTime ^ Long.MIN_VALUE)
        .putLong(known ^ Long.MIN_VALUE)
        .put(utf8)
        .array();
  }

  /** The length of a place, of the lengths of the key's bytes and of the id in UTF-8. */
  static int length(int key, int id) {
    return lengthOfKey(key) + TIMES + id;
  }

  /** The length of what the places of a key begin with, of the length of the key's bytes. */
  static int lengthOfKey(int key) {
    return Integer.BYTES + key;
  }

  /**
   * Writes the place of an event.
   *
   * @param said the key's bytes, then the event time and the known time
   * @param id in UTF-8
   */
  static void put(ByteBuffer to, long view, byte[] said, int keyLength, byte[] id) {
    ByteBuffer times = ByteBuffer.wrap(said, keyLength, TIMES);
    to.putInt(Math.toIntExact(view))
        .put(said, 0, keyLength)
        .putLong(times.getLong() ^ Long.MIN_VALUE)
        .putLong(times.getLong() ^ Long.MIN_VALUE)
        .put(id);
  }

  /** What no two events of a view have the same of that have ids of their own. */
  static byte[] statedId(byte[] place, int times) {
    int id = times + TIMES;
    return ByteBuffer.allocate(Integer.BYTES + place.length - id)
        .put(place, 0, Integer.BYTES)
        .put(place, id, place.length - id)
        .array();
  }

  /** The first place after those of the key's events of this time and earlier. */
  static byte[] after(byte[] ofKey, long eventTime) {
    if (eventTime == Long.MAX_VALUE) {
      return after(ofKey);
    }
    return ByteBuffer.allocate(ofKey.length + Long.BYTES)
        .put(ofKey)
        .putLong((eventTime + 1) ^ Long.MIN_VALUE)
        .array();
  }

  /** The first place after all that begin with this. */
  static byte[] after(byte[] prefix) {
    // A view's number is not negative, so the first byte is never the greatest.
    int last = prefix.length - 1;
    while (prefix[last] == (byte) 0xFF) {
      last--;
    }
    byte[] after = Arrays.copyOf(prefix, last + 1);
    after[last]++;
    return after;
  }

  /** Whether a place is of this view or key. */
  static boolean isOf(byte[] place, byte[] prefix) {
    return place.length >= prefix.length
        && Arrays.equals(place, 0, prefix.length, prefix, 0, prefix.length);
  }

  /** What the places of the key begin with whose event has this place. */
  static byte[] ofKey(FeatureView view, byte[] place) {
    ByteBuffer buffer = ByteBuffer.wrap(place, Integer.BYTES, place.length - Integer.BYTES);
    EntityKey.read(view, buffer);
    return Arrays.copyOf(place, buffer.position());
  }

  /** The same of a view whose definition the program may not have: of how many columns it has. */
  static byte[] ofKey(int keyColumns, byte[] place) {
    ByteBuffer buffer = ByteBuffer.wrap(place, Integer.BYTES, place.length - Integer.BYTES);
    EntityKey.skip(keyColumns, buffer);
    return Arrays.copyOf(place, buffer.position());
  }

  /** The key whose places begin with this. */
  static EntityKey key(FeatureView view, byte[] ofKey) {
    return EntityKey.fromBytes(view, Arrays.copyOfRange(ofKey, Integer.BYTES, ofKey.length));
  }

  /**
   * The event at this place.
   *
   * @param times where the times begin: after what the key's places begin with
   */
  static FeatureEvent event(
      EntityKey key, byte[] place, int times, EventCodec codec, byte[] content) {
    ByteBuffer buffer = ByteBuffer.wrap(place);
    int id = times + TIMES;
    return new FeatureEvent(
        key,
        buffer.getLong(times) ^ Long.MIN_VALUE,
        buffer.getLong(times + Long.BYTES) ^ Long.MIN_VALUE,
        new String(place, id, place.length - id, StandardCharsets.UTF_8),
        codec.decode(content));
  }
}
