/** Metrics of classification and regression. */
@NullMarked
package dev.mlops4j.evaluation;

import org.jspecify.annotations.NullMarked;
