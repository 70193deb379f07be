package dev.mlops4j.monitoring;

import dev.mlops4j.model.ServedLookup;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A feature of one prediction that has another value offline.
 *
 * @param predictionId the prediction's
 * @param askedAt the moment the features were taken for
 * @param version the version that answered
 * @param served the value the model saw: a number, the name of a category, or null if it was
 *     missing or one that training did not see; always null if the feature is sensitive
 * @param offline the value a training set has, in the same way
 * @param offlineEventTime of a looked-up feature, the event time of the latest event visible
 *     offline; null if there was none
 * @param servedLookup of a looked-up feature, what its lookup found when it was served; null if
 *     that was not recorded
 * @param servedEvent of a looked-up feature, how the event times compare; null for any other
 */
public record SkewExample(
    String predictionId,
    Instant askedAt,
    int version,
    @Nullable Object served,
    @Nullable Object offline,
    @Nullable Instant offlineEventTime,
    @Nullable ServedLookup servedLookup,
    @Nullable ServedEvent servedEvent) {}
