package dev.mlops4j.workspace;

/**
 * What a {@link CachedArtifactStore} has done since it was opened, and what its directory holds.
 *
 * @param hits how often an artifact was read from the directory
 * @param misses how often it had to be fetched
 * @param evictions how many artifacts this store deleted to make room
 * @param damaged how many it found damaged, and dropped
 * @param files how many artifacts are in the directory, whoever fetched them
 * @param bytes their size
 */
public record CacheStatistics(
    long hits, long misses, long evictions, long damaged, long files, long bytes) {}
