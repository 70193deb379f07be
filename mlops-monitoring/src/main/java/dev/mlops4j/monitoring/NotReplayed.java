package dev.mlops4j.monitoring;

/**
 * Predictions that a skew report could not compare.
 *
 * @param reason why; without any value of a request
 * @param count how many
 * @param firstPredictionId the first of them
 */
public record NotReplayed(String reason, long count, String firstPredictionId) {}
