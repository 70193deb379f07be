package dev.mlops4j.monitoring;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What proves that a {@link WebhookSink} with the same secret has sent a body, and when: the
 * HMAC-SHA256 over the timestamp, a full stop and the body, in hexadecimal.
 */
public final class WebhookSignature {

  private static final String ALGORITHM = "HmacSHA256";
  private static final String PREFIX = "sha256=";

  private WebhookSignature() {}

  /**
   * The signature as the header has it.
   *
   * @param secret at least one byte; not changed
   * @param timestamp seconds since 1970, as the header has it
   * @param body the body as sent; not changed
   */
  public static String of(byte[] secret, String timestamp, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret, ALGORITHM));
      mac.update((timestamp + ".").getBytes(StandardCharsets.UTF_8));
      return PREFIX + HexFormat.of().formatHex(mac.doFinal(body));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  /**
   * Whether a request is one of a sink with this secret, and not one from long ago that somebody
   * sends again. Takes as long for a signature that is nearly right.
   *
   * @param timestamp the header {@link WebhookSink#TIMESTAMP_HEADER}
   * @param signature the header {@link WebhookSink#SIGNATURE_HEADER}
   * @param now the receiver's time
   * @param tolerance how far the timestamp may be from it, in either direction
   */
  public static boolean matches(
      byte[] secret,
      String timestamp,
      byte[] body,
      String signature,
      Instant now,
      Duration tolerance) {
    byte[] expected = of(secret, timestamp, body).getBytes(StandardCharsets.UTF_8);
    boolean same = MessageDigest.isEqual(expected, signature.getBytes(StandardCharsets.UTF_8));
    try {
      Instant sent = Instant.ofEpochSecond(Long.parseLong(timestamp));
      return same && Duration.between(sent, now).abs().compareTo(tolerance) <= 0;
    } catch (NumberFormatException | DateTimeException | ArithmeticException e) {
      return false;
    }
  }
}
