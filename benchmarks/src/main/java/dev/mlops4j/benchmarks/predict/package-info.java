/** Trees scored from arrays, by MLOps4J and by the peers. */
@NullMarked
package dev.mlops4j.benchmarks.predict;

import org.jspecify.annotations.NullMarked;
