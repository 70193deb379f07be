package dev.mlops4j.feature;

/**
 * What became of the records of {@link FeatureStore#trainingRows}.
 *
 * @param rows how many rows were handed over
 * @param leftOutWithoutLabel how many records were left out because they have no label
 * @param leftOutNotYetKnown how many because their label was not yet known
 * @param leftOutNotYetAsked how many because they are asked after the moment of the training set
 */
public record TrainingRows(
    long rows, int leftOutWithoutLabel, int leftOutNotYetKnown, int leftOutNotYetAsked) {}
