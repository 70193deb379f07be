/** Mergeable summaries of columns and datasets. */
@NullMarked
package dev.mlops4j.profile;

import org.jspecify.annotations.NullMarked;
