/** Datasets, their schemas and columns, and the readers that make them. */
@NullMarked
package dev.mlops4j.data;

import org.jspecify.annotations.NullMarked;
