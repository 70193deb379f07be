/** Predicts which flights leave late, from first feature to rollback. */
@NullMarked
package dev.mlops4j.examples.flights;

import org.jspecify.annotations.NullMarked;
