package dev.mlops4j.redis;

import dev.mlops4j.feature.EntityKey;
import dev.mlops4j.feature.FeatureEvent;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Events as {@code add.lua} takes them: its keys, and its arguments, which are chunks of many
 * events, as a command has at most a million arguments.
 */
final class Batch {

  /** Redis drops a client that sends a command of more than a gigabyte. */
  static final int MOST_BYTES = 256 << 20;

  /** Redis takes 1,048,576 arguments. */
  static final int MOST_KEYS = 1_000_000;

  private static final int CHUNK = 1 << 16;

  private final ViewSpace space;
  private final List<byte[]> keys = new ArrayList<>();
  private final Map<EntityKey, Integer> places = new HashMap<>();
  private final List<byte[]> chunks = new ArrayList<>();
  private ByteArrayOutputStream chunk = new ByteArrayOutputStream();
  private byte[] entity = {};
  private byte[] horizon = {};
  private long bytes;
  private int events;

  Batch(ViewSpace space) {
    this.space = space;
    keys.add(space.keys().clock());
    keys.add(space.keys().values());
    keys.add(space.keys().horizons());
  }

  void add(FeatureEvent event) {
    int place = place(event.key());
    byte[] member = Member.of(event.eventTime(), event.known(), event.id());
    byte[] content = space.codec().encode(event.values());
    chunk.writeBytes(
        ByteBuffer.allocate(3 * Integer.BYTES)
            .putInt(place)
            .putInt(member.length)
            .putInt(content.length)
            .array());
    chunk.writeBytes(member);
    chunk.writeBytes(content);
    bytes += 3 * Integer.BYTES + member.length + content.length;
    events++;
    if (chunk.size() >= CHUNK) {
      endChunk();
    }
  }

  /**
   * Also raises the horizon of a key, which must be the first of which it has events, if of any.
   */
  void raise(EntityKey key, long to) {
    place(key);
    entity = key.toBytes();
    horizon = Member.time(to);
  }

  private int place(EntityKey of) {
    Integer known = places.get(of);
    if (known != null) {
      return known;
    }
    byte[] key = space.keys().events(of.toBytes());
    keys.add(key);
    bytes += key.length;
    places.put(of, keys.size()); // Lua counts from 1
    return keys.size();
  }

  /** How many events it has. */
  int size() {
    return events;
  }

  boolean isTooLarge() {
    return bytes > MOST_BYTES || places.size() > MOST_KEYS;
  }

  List<byte[]> keys() {
    return keys;
  }

  byte[][] arguments() {
    if (chunk.size() > 0) {
      endChunk();
    }
    return Stream.concat(Stream.of(entity, horizon), chunks.stream()).toArray(byte[][]::new);
  }

  private void endChunk() {
    chunks.add(chunk.toByteArray());
    chunk = new ByteArrayOutputStream(CHUNK + (CHUNK >> 2));
  }
}
