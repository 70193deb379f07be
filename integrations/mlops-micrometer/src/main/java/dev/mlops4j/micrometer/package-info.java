/** What predictors do, as meters of Micrometer. */
@NullMarked
package dev.mlops4j.micrometer;

import org.jspecify.annotations.NullMarked;
