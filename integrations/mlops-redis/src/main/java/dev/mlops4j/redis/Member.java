package dev.mlops4j.redis;

import dev.mlops4j.feature.FeatureEvent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A place in the order of a key's events, as a member of a sorted set: event time and known time as
 * eight bytes each, big-endian, the sign turned round, then the id in UTF-8. Redis compares members
 * of one score byte by byte, so they sort as {@link FeatureEvent#compareTo} does.
 */
final class Member {

  private static final int ID_AT = 2 * Long.BYTES;

  private Member() {}

  static byte[] of(long eventTime, long known, String id) {
    byte[] utf8 = id.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(ID_AT + utf8.length)
        .putLong(ordered(eventTime))
        .putLong(ordered(known))
        .put(utf8)
        .array();
  }

  static long eventTime(byte[] member) {
    return ordered(ByteBuffer.wrap(member).getLong());
  }

  static long known(byte[] member) {
    return ordered(ByteBuffer.wrap(member).getLong(Long.BYTES));
  }

  static String id(byte[] member) {
    return new String(member, ID_AT, member.length - ID_AT, StandardCharsets.UTF_8);
  }

  /** The bound just above all members of this event time. */
  static byte[] upTo(long eventTime) {
    return eventTime == Long.MAX_VALUE ? new byte[] {'+'} : bound('(', time(eventTime + 1));
  }

  /** The bound that a range has at this member, which is in the range or not. */
  static byte[] bound(char kind, byte[] member) {
    return ByteBuffer.allocate(1 + member.length).put((byte) kind).put(member).array();
  }

  /** A time that sorts as bytes. */
  static byte[] time(long micros) {
    return ByteBuffer.allocate(Long.BYTES).putLong(ordered(micros)).array();
  }

  static long time(byte[] bytes) {
    return ordered(ByteBuffer.wrap(bytes).getLong());
  }

  private static long ordered(long micros) {
    return micros ^ Long.MIN_VALUE;
  }
}
