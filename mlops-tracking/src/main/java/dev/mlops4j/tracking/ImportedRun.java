package dev.mlops4j.tracking;

/**
 * What became of a run of an archive.
 *
 * @param run the run as it is here
 * @param added whether it was added; else it was here already, the same in all
 */
public record ImportedRun(RunRecord run, boolean added) {}
