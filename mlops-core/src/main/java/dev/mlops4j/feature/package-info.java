/**
 * Features, defined once and computed by one code path for training and for serving: views of
 * events with their keys and times, windows over them, sets of features of a request, and training
 * sets joined at the point in time at which each prediction would have been asked.
 */
@NullMarked
package dev.mlops4j.feature;

import org.jspecify.annotations.NullMarked;
