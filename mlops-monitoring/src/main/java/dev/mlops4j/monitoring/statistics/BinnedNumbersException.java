package dev.mlops4j.monitoring.statistics;

import dev.mlops4j.MlopsException;

/** A statistic takes the numbers themselves, and was given numbers in the bins of a profile. */
public final class BinnedNumbersException extends MlopsException {

  private static final long serialVersionUID = 1L;

  BinnedNumbersException(String message) {
    super(message);
  }
}
