package dev.mlops4j.monitoring;

/**
 * A period and what it holds.
 *
 * @param number its number; neighbours in time differ by 1
 * @param counts what it holds
 */
record Period(long number, PeriodCounts counts) {}
