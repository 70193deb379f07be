package dev.mlops4j.monitoring;

import dev.mlops4j.model.Signature;

/** What versions are compared with. */
interface References {

  /**
   * The reference of a version; loaded once.
   *
   * @throws dev.mlops4j.MlopsException if there is none
   */
  Reference of(int version);

  /**
   * The signature of a version.
   *
   * @throws dev.mlops4j.MlopsException if it is not known
   */
  Signature signature(int version);

  /** How much the inputs mattered to a version, as its training logged it; unknown otherwise. */
  default Importance importance(int version) {
    return Importance.UNKNOWN;
  }
}
