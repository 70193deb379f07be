package dev.mlops4j.workspace;

/**
 * What a search for unreferenced artifacts found.
 *
 * @param artifacts how many artifacts nobody refers to and are old enough to go
 * @param bytes their size
 * @param referenced how many artifacts somebody refers to; the files of a tree count each
 * @param young how many nobody refers to yet, but that were put too lately to be taken for garbage
 * @param deleted whether the garbage was deleted; false for a search alone
 */
public record Garbage(long artifacts, long bytes, long referenced, long young, boolean deleted) {

  /** For people. */
  @Override
  public String toString() {
    return (deleted ? "deleted " : "found ")
        + artifacts
        + " unreferenced artifacts of "
        + bytes
        + " bytes; "
        + referenced
        + " are referred to, "
        + young
        + " were put lately";
  }
}
