/** How long pipelines take beside what their steps do. */
@NullMarked
package dev.mlops4j.benchmarks.pipelines;

import org.jspecify.annotations.NullMarked;
