/** Features offline and online, beside Feast. */
@NullMarked
package dev.mlops4j.benchmarks.features;

import org.jspecify.annotations.NullMarked;
