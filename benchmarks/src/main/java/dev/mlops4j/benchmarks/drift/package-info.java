/** Drift reports and profiles beside Evidently and whylogs; observing predictions; streams. */
@NullMarked
package dev.mlops4j.benchmarks.drift;

import org.jspecify.annotations.NullMarked;
