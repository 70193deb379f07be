/** Prediction inside the service's own process. */
@NullMarked
package dev.mlops4j.serving;

import org.jspecify.annotations.NullMarked;
