package dev.mlops4j.http;

import dev.mlops4j.Digest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** The token that requests must carry, compared in a time that does not depend on the guess. */
final class BearerToken {

  private static final String SCHEME = "Bearer ";

  private final byte[] digest;

  BearerToken(String token) {
    this.digest = digest(token);
  }

  /** Whether this {@code Authorization} header carries the token. */
  boolean isIn(@Nullable String header) {
    if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return false;
    }
    return MessageDigest.isEqual(digest, digest(header.substring(SCHEME.length()).strip()));
  }

  /** Of one length, whatever the token's. */
  private static byte[] digest(String token) {
    return Digest.of(token.getBytes(StandardCharsets.UTF_8)).hex().getBytes(StandardCharsets.UTF_8);
  }
}
