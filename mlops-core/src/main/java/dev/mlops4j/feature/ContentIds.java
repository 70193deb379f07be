package dev.mlops4j.feature;

import dev.mlops4j.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;

/**
 * Makes the ids of events that have none of their own of all that they say: the same for the same
 * event, wherever it is read. For one thread.
 */
final class ContentIds {

  /** As the id only tells apart events of one key and time, and is stored with each. */
  private static final int BYTES = 12;

  private static final Base64.Encoder TEXT = Base64.getUrlEncoder().withoutPadding();

  private final MessageDigest digest = Digest.sha256();

  /** The id of an event. */
  String of(EventCodec codec, FeatureEvent event) {
    byte[] key = event.key().toBytes();
    byte[] values = codec.encode(event.values());
    byte[] said =
        ByteBuffer.allocate(key.length + 2 * Long.BYTES + values.length)
            .put(key)
            .putLong(event.eventTime())
            .putLong(event.known())
            .put(values)
            .array();
    return new String(utf8(said, said.length), StandardCharsets.ISO_8859_1);
  }

  /** The id, in UTF-8, of the event that says this: its key, both times, and its values. */
  byte[] utf8(byte[] said, int length) {
    digest.update(said, 0, length);
    return TEXT.encode(Arrays.copyOf(digest.digest(), BYTES));
  }
}
