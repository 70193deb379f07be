package dev.mlops4j.pipeline;

import dev.mlops4j.Digest;

/**
 * An input that is the same in every run; see {@link Input#of}.
 *
 * @param digest of its JSON
 */
record Constant<T>(T value, Digest digest) implements Input<T> {}
