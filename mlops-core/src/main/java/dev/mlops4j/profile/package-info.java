/**
 * Profiles: mergeable, deterministic summaries of columns and datasets in bounded memory.
 *
 * <p>A profile depends on the rows alone: the order of the rows, the way they were split and the
 * order in which the parts were merged make no difference, to the byte. Merging is associative and
 * commutative.
 */
@NullMarked
package dev.mlops4j.profile;

import org.jspecify.annotations.NullMarked;
