/**
 * How good predictions were: metrics of classification and regression, the same numbers that
 * scikit-learn gives.
 */
@NullMarked
package dev.mlops4j.evaluation;

import org.jspecify.annotations.NullMarked;
