/** How long tracking takes. */
@NullMarked
package dev.mlops4j.benchmarks.tracking;

import org.jspecify.annotations.NullMarked;
