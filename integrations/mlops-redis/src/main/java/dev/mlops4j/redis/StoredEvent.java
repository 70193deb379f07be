package dev.mlops4j.redis;

import dev.mlops4j.feature.EntityKey;
import dev.mlops4j.feature.EventCodec;
import dev.mlops4j.feature.FeatureEvent;
import java.util.Arrays;

/** An event as it lies in Redis. */
final class StoredEvent {

  /** The moment of an event whose values are gone. */
  static final long NEVER = -1;

  private final byte[] member;
  private final long added;
  private final byte[] content;

  StoredEvent(byte[] member, long added, byte[] content) {
    this.member = member;
    this.added = added;
    this.content = content;
  }

  byte[] member() {
    return member;
  }

  /** When it was added, by the view's clock. */
  long added() {
    return added;
  }

  boolean isDamaged() {
    return added == NEVER;
  }

  /** Whether it comes before the other in the order of the key's events. */
  boolean isBefore(StoredEvent other) {
    return Arrays.compareUnsigned(member, other.member) < 0;
  }

  boolean isSameAs(StoredEvent other) {
    return added == other.added && Arrays.equals(member, other.member);
  }

  FeatureEvent of(EntityKey key, EventCodec codec) {
    return new FeatureEvent(
        key,
        Member.eventTime(member),
        Member.known(member),
        Member.id(member),
        codec.decode(content));
  }
}
