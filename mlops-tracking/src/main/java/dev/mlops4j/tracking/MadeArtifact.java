package dev.mlops4j.tracking;

/**
 * An artifact and one of the runs that have it.
 *
 * @param runId the run's id
 * @param artifact what it has
 */
public record MadeArtifact(String runId, RunArtifact artifact) {}
