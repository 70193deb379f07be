package dev.mlops4j.redis;

import dev.mlops4j.Digest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Where a version of a view lies in Redis. Its keys are {@code prefix:{name:fingerprint}:} and
 *
 * <ul>
 *   <li>{@code clock}, a number that every change of the view raises: its moments;
 *   <li>{@code values}, a hash from the ids of events to the moment at which they were added, as
 *       sixteen digits, and their values;
 *   <li>{@code horizons}, a hash from entity keys to horizons;
 *   <li>{@code events:} and the entity key, a sorted set of {@link Member}s;
 *   <li>{@code forgotten:} and the entity key, what was lately discarded.
 * </ul>
 *
 * <p>The braces keep a view's keys together where keys are spread over servers by their tags.
 */
final class ViewKeys {

  private final byte[] clock;
  private final byte[] values;
  private final byte[] horizons;
  private final byte[] events;
  private final byte[] forgotten;

  ViewKeys(String prefix, String view, Digest version) {
    String common = prefix + ":{" + view + ":" + version.shortHex() + "}:";
    this.clock = utf8(common + "clock");
    this.values = utf8(common + "values");
    this.horizons = utf8(common + "horizons");
    this.events = utf8(common + "events:");
    this.forgotten = utf8(common + "forgotten:");
  }

  byte[] clock() {
    return clock;
  }

  byte[] values() {
    return values;
  }

  byte[] horizons() {
    return horizons;
  }

  byte[] events(byte[] entity) {
    return joined(events, entity);
  }

  /** The keys that scripts about one entity take. */
  List<byte[]> of(byte[] entity) {
    return List.of(clock, events(entity), values, horizons, joined(forgotten, entity));
  }

  private static byte[] joined(byte[] first, byte[] second) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream(first.length + second.length);
    joined.writeBytes(first);
    joined.writeBytes(second);
    return joined.toByteArray();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
