package dev.mlops4j.monitoring;

import java.util.function.ToDoubleFunction;

/** What each labelled prediction costs or brings, by a function of the user's. */
record BusinessMetric(String name, ToDoubleFunction<LedgerRow> value) {}
