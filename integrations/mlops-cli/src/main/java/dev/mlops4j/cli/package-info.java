/** The command {@code mlops}: what people do with a workspace from a terminal. */
@NullMarked
package dev.mlops4j.cli;

import org.jspecify.annotations.NullMarked;
