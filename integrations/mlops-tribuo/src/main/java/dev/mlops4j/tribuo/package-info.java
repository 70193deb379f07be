/** Tribuo models, trained and loaded. */
@NullMarked
package dev.mlops4j.tribuo;

import org.jspecify.annotations.NullMarked;
