/** What predictors do and monitors find, as meters of Micrometer. */
@NullMarked
package dev.mlops4j.micrometer;

import org.jspecify.annotations.NullMarked;
