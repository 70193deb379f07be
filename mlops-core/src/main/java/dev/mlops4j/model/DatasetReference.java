package dev.mlops4j.model;

import dev.mlops4j.Digest;

/**
 * A dataset as lineage names it.
 *
 * @param name what people call it
 * @param role what it was used for, such as {@code training}
 * @param digest its fingerprint
 * @param rows how many rows it has
 */
public record DatasetReference(String name, String role, Digest digest, long rows) {}
