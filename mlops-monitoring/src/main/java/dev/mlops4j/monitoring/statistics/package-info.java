/**
 * Statistics of two samples, the reference's and the current one's: distances, and tests with
 * p-values. They are for reports and for those who set their own rules; the verdicts of a {@link
 * dev.mlops4j.monitoring.Monitor} are made otherwise, see {@code docs/drift-method.md}.
 *
 * <p>What is compared is a {@link dev.mlops4j.monitoring.statistics.NumericPair} or a {@link
 * dev.mlops4j.monitoring.statistics.CategoryPair}, of values or of two profiles. What scipy has is
 * checked against it, and distances also against Evidently, by committed vectors to a relative
 * difference of 1e-9; {@link dev.mlops4j.monitoring.statistics.BoschlooExact}, whose order is not
 * scipy's, against its definition.
 *
 * <p>All p-values take both samples as random and their rows as independent. Rows of one week
 * seldom are: then a small p-value says that something differs, not that it matters.
 */
@NullMarked
package dev.mlops4j.monitoring.statistics;

import org.jspecify.annotations.NullMarked;
