/** Runs the code that README.md and the guides show, and compares it with what they show. */
@NullMarked
package dev.mlops4j.examples.docs;

import org.jspecify.annotations.NullMarked;
