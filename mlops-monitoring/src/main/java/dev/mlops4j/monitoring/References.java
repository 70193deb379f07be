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
}
