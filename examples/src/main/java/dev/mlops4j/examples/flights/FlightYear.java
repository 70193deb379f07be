package dev.mlops4j.examples.flights;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;

/** The two halves of the year, by the clocks of New York. */
final class FlightYear {

  /** The first moment of 2013. */
  static final Instant START = midnight(2013, 1);

  /** The first moment of July: training ends, serving begins. */
  static final Instant SERVING = midnight(2013, 7);

  /** The first moment of 2014. */
  static final Instant END = midnight(2014, 1);

  /** When the last flight of the year has long arrived. */
  static final Instant AFTERWARDS = END.plus(Duration.ofDays(7));

  private FlightYear() {}

  static boolean isTraining(Flight flight) {
    return flight.scheduledDeparture().isBefore(SERVING);
  }

  private static Instant midnight(int year, int month) {
    return LocalDate.of(year, month, 1).atStartOfDay(FlightFeatures.NEW_YORK).toInstant();
  }
}
