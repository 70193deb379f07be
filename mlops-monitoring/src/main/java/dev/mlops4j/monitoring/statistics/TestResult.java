package dev.mlops4j.monitoring.statistics;

/**
 * What a test of two samples gives.
 *
 * @param statistic the statistic; which one, the test says
 * @param p the probability of a statistic at least as extreme if both samples are of one kind, 0 to
 *     1
 */
public record TestResult(double statistic, double p) {}
