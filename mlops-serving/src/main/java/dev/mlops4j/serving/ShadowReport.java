package dev.mlops4j.serving;

/**
 * How a shadow's predictions compare with the answers that callers got, since the present pair of
 * versions met. Immutable.
 *
 * @param name the shadow's name
 * @param answeringVersion the version that callers got answers of; 0 outside a registry
 * @param shadowVersion the shadow's version; 0 outside a registry
 * @param compared how many requests both predicted
 * @param meanDifference the mean, over the requests, of the greatest difference of an output; NaN
 *     before the first
 * @param maxDifference the greatest of these differences; NaN before the first
 * @param otherLabels how many requests of a multiclass model were given another label
 * @param failed how many requests the shadow failed to predict, since the predictor was built
 * @param dropped how many requests it was not asked because it was too far behind, since then
 */
public record ShadowReport(
    String name,
    int answeringVersion,
    int shadowVersion,
    long compared,
    double meanDifference,
    double maxDifference,
    long otherLabels,
    long failed,
    long dropped) {}
