/** Expectations that a dataset meets or fails. */
@NullMarked
package dev.mlops4j.validation;

import org.jspecify.annotations.NullMarked;
