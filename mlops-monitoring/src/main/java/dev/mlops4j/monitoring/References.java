package dev.mlops4j.monitoring;

import dev.mlops4j.model.Signature;
import dev.mlops4j.profile.ProfileSeries;

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

  /**
   * The reference profile of a version, read anew: it is larger than what windows are compared
   * with.
   *
   * @throws dev.mlops4j.MlopsException if there is none
   */
  default ProfileSeries profile(int version) {
    throw new MonitoringException("the reference profile of version " + version + " is not known");
  }

  /** How much the inputs mattered to a version, as its training logged it; unknown otherwise. */
  default Importance importance(int version) {
    return Importance.UNKNOWN;
  }
}
