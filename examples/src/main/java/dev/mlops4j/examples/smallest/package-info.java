/** The smallest program that is of use. */
@NullMarked
package dev.mlops4j.examples.smallest;

import org.jspecify.annotations.NullMarked;
