/** What every other package may use: the root exception and digests. */
@NullMarked
package dev.mlops4j;

import org.jspecify.annotations.NullMarked;
