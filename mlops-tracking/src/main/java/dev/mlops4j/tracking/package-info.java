/**
 * Tracked runs: what was tried, with which params, data and environment, how it went and what it
 * made.
 *
 * <p>{@link dev.mlops4j.tracking.Tracking} is the way in. A backend implements {@link
 * dev.mlops4j.tracking.TrackingStore}.
 */
@NullMarked
package dev.mlops4j.tracking;

import org.jspecify.annotations.NullMarked;
