/** Runs: params, metrics and artifacts, recorded, searched and compared. */
@NullMarked
package dev.mlops4j.tracking;

import org.jspecify.annotations.NullMarked;
