package dev.mlops4j.feature;

import java.time.Instant;

/**
 * How far a {@link Materialization} has come.
 *
 * @param from the first moment that was read
 * @param upTo the moment before which all that the source had has been taken in; the watermark is
 *     this moment, or that of the run if it is earlier
 * @param rows how many rows were read
 * @param added how many of them were new
 */
public record Materialized(Instant from, Instant upTo, long rows, long added) {}
