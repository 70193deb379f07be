/**
 * Profiles: mergeable, deterministic summaries of columns and datasets in bounded memory.
 *
 * <p>A profile depends on the rows alone: profiles of the same rows are equal whatever their order,
 * the way they were split and the order in which the parts were merged. So are the stored bytes,
 * unless a column has texts that are not counted by themselves: the names of the frequent ones of
 * these, and the bounds of their number, may differ, and equality leaves them out ({@link
 * dev.mlops4j.profile.CategorySummary#frequent}). Merging is associative and commutative.
 */
@NullMarked
package dev.mlops4j.profile;

import org.jspecify.annotations.NullMarked;
