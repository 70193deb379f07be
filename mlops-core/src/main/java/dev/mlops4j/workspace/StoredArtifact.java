package dev.mlops4j.workspace;

import dev.mlops4j.Digest;
import java.time.Instant;

/**
 * What a store says of an artifact that it keeps.
 *
 * @param bytes its size as it is stored
 * @param putAt when it was last put, by the store's own clock and as finely as the store knows
 */
public record StoredArtifact(Digest digest, long bytes, Instant putAt) {}
