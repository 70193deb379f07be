/** Drift, outcomes, alerts and retraining of models in production. */
@NullMarked
package dev.mlops4j.monitoring;

import org.jspecify.annotations.NullMarked;
