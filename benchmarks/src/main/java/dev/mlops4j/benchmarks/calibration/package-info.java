/** How often drift is seen where there is none, and where there is some, beside the peers. */
@NullMarked
package dev.mlops4j.benchmarks.calibration;

import org.jspecify.annotations.NullMarked;
