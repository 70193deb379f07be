package dev.mlops4j.feature;

/**
 * What became of a dataset's rows.
 *
 * @param rows how many rows were given
 * @param added how many were new
 */
public record IngestResult(int rows, int added) {

  /** How many had been seen before and were ignored. */
  public int alreadySeen() {
    return rows - added;
  }
}
