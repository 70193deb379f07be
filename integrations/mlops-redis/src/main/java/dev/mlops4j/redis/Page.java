package dev.mlops4j.redis;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code scan.lua} answered.
 *
 * @param moment when that was, by the view's clock
 * @param horizon the entity's
 * @param events in descending order
 * @param forgotten what was lately discarded, in no order
 */
record Page(long moment, long horizon, List<StoredEvent> events, List<Forgotten> forgotten) {

  private static final int STAMP = 16;

  static Page of(List<?> answer) {
    byte[] horizon = (byte[]) answer.get(1);
    List<?> members = (List<?>) answer.get(2);
    List<?> values = (List<?>) answer.get(3);
    List<StoredEvent> events = new ArrayList<>(members.size());
    for (int i = 0; i < members.size(); i++) {
      byte[] member = (byte[]) members.get(i);
      byte[] value = (byte[]) values.get(i);
      events.add(event(member, value == null ? new byte[0] : value));
    }
    List<Forgotten> forgotten = new ArrayList<>();
    for (Object entry : (List<?>) answer.get(4)) {
      forgotten.add(forgotten((byte[]) entry));
    }
    return new Page(
        (Long) answer.get(0),
        horizon == null ? Long.MIN_VALUE : Member.time(horizon),
        events,
        forgotten);
  }

  private static StoredEvent event(byte[] member, byte[] value) {
    return value.length < STAMP
        ? new StoredEvent(member, StoredEvent.NEVER, value)
        : new StoredEvent(member, stamp(value), Arrays.copyOfRange(value, STAMP, value.length));
  }

  private static Forgotten forgotten(byte[] entry) {
    long moment = stamp(entry);
    if (entry.length == STAMP) {
      return new Forgotten(moment, null);
    }
    ByteBuffer buffer = ByteBuffer.wrap(entry).position(STAMP);
    byte[] member = new byte[buffer.getInt()];
    buffer.get(member);
    byte[] value = new byte[buffer.remaining()];
    buffer.get(value);
    return new Forgotten(moment, event(member, value));
  }

  private static long stamp(byte[] digits) {
    long moment = 0;
    for (int i = 0; i < STAMP; i++) {
      moment = 10 * moment + (digits[i] - '0');
    }
    return moment;
  }

  /**
   * What a discard took away.
   *
   * @param moment when it did
   * @param event null if it took too many away to retain them
   */
  record Forgotten(long moment, @Nullable StoredEvent event) {}
}
