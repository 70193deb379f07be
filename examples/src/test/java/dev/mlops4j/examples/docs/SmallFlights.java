package dev.mlops4j.examples.docs;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.feature.Aggregation.count;
import static dev.mlops4j.feature.Aggregation.mean;

import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.feature.FeatureView;
import dev.mlops4j.feature.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The program of README.md on made-up flights: one an hour, late when the wind blows. */
final class SmallFlights {

  /** A Monday. */
  static final Instant START = Instant.parse("2024-01-01T00:00:00Z");

  private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

  private SmallFlights() {}

  record Flight(
      Instant scheduledDeparture,
      String origin,
      String carrier,
      int distanceMiles,
      @Nullable Instant arrival,
      @Nullable Boolean late) {}

  // region weather
  static final FeatureView WEATHER =
      FeatureView.named("weather")
          .key("origin", STRING)
          .eventTime("observed_at")
          .feature("wind_speed", FLOAT64)
          .feature("visibility", FLOAT64)
          .availableAfter(Duration.ofMinutes(15)) // known a quarter of an hour after it was taken
          .ttl(Duration.ofHours(3)) // older than that, it says nothing any more
          .build();
  // endregion

  // region congestion
  static final FeatureView CONGESTION =
      FeatureView.named("congestion")
          .key("origin", STRING)
          .eventTime("departed_at")
          .column("departure_delay", FLOAT64) // what an event carries
          .feature("mean_delay_3h", mean("departure_delay").over(Duration.ofHours(3)))
          .feature("departures_1h", count().over(Duration.ofHours(1)))
          .build();
  // endregion

  // region features
  static final FeatureSet<Flight> FEATURES =
      FeatureSet.named("flight_delay", Flight.class)
          .at(flight -> flight.scheduledDeparture().minus(Duration.ofHours(1))) // when it is asked
          .numeric("hour", flight -> flight.scheduledDeparture().atZone(NEW_YORK).getHour())
          .numeric("distance", Flight::distanceMiles)
          .categorical("carrier", Flight::carrier)
          .lookup(WEATHER, Flight::origin)
          .lookup(CONGESTION, Flight::origin)
          .build();
  // endregion

  // region target
  static final Target<Flight, Boolean> LATE =
      Target.binary("late", Flight::late).knownAt(Flight::arrival);

  // endregion

  /** The flights of so many weeks from {@link #START} on. */
  static List<Flight> flights(int fromWeek, int weeks) {
    List<Flight> flights = new ArrayList<>();
    for (int hour = fromWeek * 168; hour < (fromWeek + weeks) * 168; hour++) {
      Instant scheduled = hour(hour);
      int delay = delay(hour);
      flights.add(
          new Flight(
              scheduled,
              origin(hour),
              List.of("AA", "DL", "UA").get(hour % 3),
              300 + hour % 7 * 100,
              scheduled.plus(Duration.ofMinutes(150 + delay)),
              delay > 15));
    }
    return flights;
  }

  static void writeWeather(Path file, int weeks) throws IOException {
    List<String> lines = new ArrayList<>(List.of("origin,observed_at,wind_speed,visibility"));
    for (int hour = 0; hour < weeks * 168; hour++) {
      lines.add("JFK," + hour(hour) + "," + wind(hour) + ",10.0");
      lines.add("LGA," + hour(hour) + "," + wind(hour) + ",10.0");
    }
    Files.write(file, lines);
  }

  static void writeDepartures(Path file, int weeks) throws IOException {
    List<String> lines = new ArrayList<>(List.of("origin,departed_at,departure_delay"));
    for (int hour = 0; hour < weeks * 168; hour++) {
      Instant departed = hour(hour).plus(Duration.ofMinutes(delay(hour)));
      lines.add(origin(hour) + "," + departed + "," + delay(hour));
    }
    Files.write(file, lines);
  }

  private static Instant hour(int hour) {
    return START.plus(Duration.ofHours(hour));
  }

  private static String origin(int hour) {
    return hour % 2 == 0 ? "JFK" : "LGA";
  }

  private static int delay(int hour) {
    return wind(hour) + 5 * new Random(hour).nextGaussian() > 20 ? 40 : -5;
  }

  /** The same for three hours. */
  private static double wind(int hour) {
    return new Random(31L * (hour / 3)).nextInt(30);
  }
}
