package dev.mlops4j.feature;

import dev.mlops4j.Digest;
import java.time.Instant;

/**
 * That a key's events were removed. The key itself is not kept: whoever has it can find its erasure
 * by its digest. So can whoever tries out all keys that there might be, of phone numbers say: a
 * digest of few possible keys hides none of them.
 *
 * @param at when
 * @param events how many events were removed from the history
 * @param key the SHA-256 of {@link EntityKey#toBytes()}
 */
public record Erasure(Instant at, int events, Digest key) {}
