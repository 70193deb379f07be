package dev.mlops4j.storage;

import dev.mlops4j.Digest;

/**
 * A table that was copied.
 *
 * @param component what it belongs to, as "tracking"
 * @param table its name
 * @param rows how many rows it has
 * @param digest of the rows in a form that is the same in every database: the SHA-256 of the sum,
 *     modulo 2^256, of the SHA-256 of each row, so that their order makes no difference
 */
public record CopiedTable(String component, String table, long rows, Digest digest) {}
