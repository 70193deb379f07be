/** A whole prediction, from a record through features to the answer, and the start of a service. */
@NullMarked
package dev.mlops4j.benchmarks.record;

import org.jspecify.annotations.NullMarked;
