package dev.mlops4j.benchmarks.drift;

import static dev.mlops4j.data.ColumnType.INT64;
import static dev.mlops4j.data.ColumnType.STRING;

import dev.mlops4j.data.Csv;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Schema;
import dev.mlops4j.examples.flights.Flight;
import dev.mlops4j.examples.flights.FlightData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/**
 * The flights as both sides read them: eight columns of numbers, three of categories; the first
 * half of the year is the reference, the second the current data.
 *
 * @param reference January to June
 * @param current July to December
 */
record FlightColumns(Dataset reference, Dataset current) {

  static final Schema SCHEMA =
      Schema.builder()
          .optional("departure_delay", INT64)
          .optional("arrival_delay", INT64)
          .required("scheduled_minutes", INT64)
          .required("distance_miles", INT64)
          .required("flight", INT64)
          .required("hour", INT64)
          .required("minute", INT64)
          .required("weekday", INT64)
          .required("carrier", STRING)
          .required("origin", STRING)
          .required("destination", STRING)
          .build();

  private static final Instant MIDDLE = Instant.parse("2013-07-01T04:00:00Z");
  private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

  /** Writes both halves below this directory, unless they are there. */
  static Path written(Path directory) throws IOException {
    Path place = directory.resolve("drift-data");
    if (Files.exists(place.resolve("current.csv"))) {
      return place;
    }
    Files.createDirectories(place);
    DatasetBuilder reference = Dataset.builder(SCHEMA);
    DatasetBuilder current = Dataset.builder(SCHEMA);
    for (Flight flight : FlightData.read().flights()) {
      add(flight.scheduledDeparture().isBefore(MIDDLE) ? reference : current, flight);
    }
    Csv.write(reference.build(), place.resolve("reference.csv"));
    Csv.write(current.build(), place.resolve("current.csv"));
    return place;
  }

  /** Reads both halves. */
  static FlightColumns read(Path place) {
    return new FlightColumns(
        Csv.options().schema(SCHEMA).read(place.resolve("reference.csv")),
        Csv.options().schema(SCHEMA).read(place.resolve("current.csv")));
  }

  long cells() {
    return ((long) reference.rowCount() + current.rowCount()) * SCHEMA.fields().size();
  }

  private static void add(DatasetBuilder rows, Flight flight) {
    ZonedDateTime departure = flight.scheduledDeparture().atZone(NEW_YORK);
    rows.add(
        flight.departureDelay(),
        flight.arrivalDelay(),
        Duration.between(flight.scheduledDeparture(), flight.scheduledArrival()).toMinutes(),
        flight.distanceMiles(),
        flight.flight(),
        departure.getHour(),
        departure.getMinute(),
        departure.getDayOfWeek().getValue(),
        flight.carrier(),
        flight.origin(),
        flight.destination());
  }
}
