package dev.mlops4j.model;

import dev.mlops4j.MlopsException;

/**
 * A loaded model does not predict for a golden row what was predicted at training. The model was
 * closed and must not serve.
 */
public class GoldenRowMismatchException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String loader;
  private final int row;
  private final double expected;
  private final double found;

  /**
   * Creates an exception.
   *
   * @param loader the loader's name
   * @param row the golden row, from 0
   * @param output the position in the output, from 0
   * @param expected what was predicted at training
   * @param found what the loaded model predicts
   * @param tolerance the loader's tolerance
   */
  public GoldenRowMismatchException(
      String loader, int row, int output, double expected, double found, double tolerance) {
    super(
        "the model loaded by \""
            + loader
            + "\" predicts "
            + found
            + " at output "
            + output
            + " of golden row "
            + row
            + " where training predicted "
            + expected
            + " (tolerance "
            + tolerance
            + "); the model was refused: load it with the library that trained it, or train again");
    this.loader = loader;
    this.row = row;
    this.expected = expected;
    this.found = found;
  }

  /** The loader's name. */
  public String loader() {
    return loader;
  }

  /** The golden row, from 0. */
  public int row() {
    return row;
  }

  /** What was predicted at training. */
  public double expected() {
    return expected;
  }

  /** What the loaded model predicts. */
  public double found() {
    return found;
  }
}
