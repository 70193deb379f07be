package dev.mlops4j.examples.flights;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.feature.Aggregation.count;
import static dev.mlops4j.feature.Aggregation.mean;

import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.feature.FeatureView;
import dev.mlops4j.feature.Target;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;

/** The features of the flights model, defined once for training and for serving. */
public final class FlightFeatures {

  /** Hourly readings at the airport; one is known a quarter of an hour after it was taken. */
  public static final FeatureView WEATHER =
      FeatureView.named("weather")
          .key("origin", STRING)
          .eventTime("observed_at")
          .eventId("reading_id")
          .feature("temperature", FLOAT64)
          .feature("wind_speed", FLOAT64)
          .feature("precipitation", FLOAT64)
          .feature("visibility", FLOAT64)
          .feature("pressure", FLOAT64)
          .feature("humidity", FLOAT64)
          .availableAfter(Duration.ofMinutes(15))
          .ttl(Duration.ofHours(3))
          .build();

  /** The departures of an airport as they happen: how late, and how many. */
  public static final FeatureView CONGESTION =
      FeatureView.named("congestion")
          .key("origin", STRING)
          .eventTime("departed_at")
          .eventId("flight_id")
          .column("departure_delay", FLOAT64)
          .feature("mean_delay_3h", mean("departure_delay").over(Duration.ofHours(3)))
          .feature("departures_1h", count().over(Duration.ofHours(1)))
          .build();

  /** What the model sees of a flight, asked one hour before it is to leave. */
  public static final FeatureSet<Flight> FEATURES =
      FeatureSet.named("flight_delay", Flight.class)
          .at(flight -> flight.scheduledDeparture().minus(Duration.ofHours(1)))
          .numeric("day_of_week", flight -> localDate(flight).getDayOfWeek().getValue())
          .numeric("hour", flight -> localTime(flight).getHour())
          .numeric("minute", flight -> localTime(flight).getMinute())
          .numeric("distance", Flight::distanceMiles)
          .categorical("carrier", Flight::carrier)
          .categorical("origin", Flight::origin)
          .categorical("destination", Flight::destination)
          .lookup(WEATHER, Flight::origin)
          .lookup(CONGESTION, Flight::origin)
          .build();

  /** The question: does it arrive more than a quarter of an hour late? */
  public static final Target<Flight, Boolean> LATE =
      Target.binary("late", Flight::late).knownAt(Flight::arrivedAt);

  static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

  private FlightFeatures() {}

  private static LocalDate localDate(Flight flight) {
    return LocalDate.ofInstant(flight.scheduledDeparture(), NEW_YORK);
  }

  private static LocalTime localTime(Flight flight) {
    return LocalTime.ofInstant(flight.scheduledDeparture(), NEW_YORK);
  }
}
