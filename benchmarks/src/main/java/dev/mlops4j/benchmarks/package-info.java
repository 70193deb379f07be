/** Comparisons with the peers, side by side in one run; the script {@code compare} starts them. */
@NullMarked
package dev.mlops4j.benchmarks;

import org.jspecify.annotations.NullMarked;
