package dev.mlops4j.examples.flights;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.data.ColumnType.TIMESTAMP;

import dev.mlops4j.data.Csv;
import dev.mlops4j.data.CsvOptions;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.RecordCodec;
import dev.mlops4j.data.Row;
import dev.mlops4j.data.Schema;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The flights of 2013 from New York and the weather of its airports; see flights-data.md. */
public final class FlightData {

  /** What an event of the departures' stream carries. */
  static final Schema DEPARTURE =
      Schema.builder()
          .required("flight_id", STRING)
          .required("origin", STRING)
          .required("departed_at", TIMESTAMP)
          .required("departure_delay", FLOAT64)
          .build();

  private static final Schema READING =
      Schema.builder()
          .required("reading_id", STRING)
          .required("origin", STRING)
          .required("observed_at", TIMESTAMP)
          .optional("temperature", FLOAT64)
          .optional("wind_speed", FLOAT64)
          .optional("precipitation", FLOAT64)
          .optional("visibility", FLOAT64)
          .optional("pressure", FLOAT64)
          .optional("humidity", FLOAT64)
          .build();

  /** Miles per hour; nothing near it was ever measured at these airports. */
  private static final double IMPOSSIBLE_WIND = 200;

  private final Dataset flightRows;
  private final List<Flight> flights;
  private final Dataset weather;

  private FlightData(Dataset flightRows, Dataset weather) {
    this.flightRows = flightRows;
    this.flights = flightRows.toRecords(Flight.class);
    this.weather = weather;
  }

  /** Reads both files from the class path. */
  public static FlightData read() {
    Schema flight = RecordCodec.of(Flight.class).schema();
    return new FlightData(
        read("flights.csv.gz", Csv.options().schema(flight)),
        readings(read("weather.csv.gz", Csv.options())));
  }

  /** All flights as rows. */
  public Dataset flightRows() {
    return flightRows;
  }

  /** All flights, ordered by scheduled departure. */
  public List<Flight> flights() {
    return flights;
  }

  /** All readings of the weather. */
  public Dataset weather() {
    return weather;
  }

  /** The readings that are known before this moment. */
  public Dataset weatherKnownBefore(Instant end) {
    Instant observedBefore = end.minus(FlightFeatures.WEATHER.availableAfter());
    return weather.filter(
        row -> Objects.requireNonNull(row.instant("observed_at")).isBefore(observedBefore));
  }

  /** The departures of these flights, those that never left excluded, before this moment. */
  public Dataset departuresBefore(Instant end) {
    DatasetBuilder departures = Dataset.builder(DEPARTURE);
    for (Flight flight : flights) {
      Instant departedAt = flight.departedAt();
      if (departedAt != null && departedAt.isBefore(end)) {
        departures.add(flight.id(), flight.origin(), departedAt, flight.departureDelay());
      }
    }
    return departures.build();
  }

  /**
   * The readings with an id each, and an impossible wind made missing: there is one of 1,048 miles
   * per hour.
   */
  private static Dataset readings(Dataset rows) {
    DatasetBuilder readings = Dataset.builder(READING);
    rows.rows().forEach(row -> readings.add(reading(row)));
    return readings.build();
  }

  private static @Nullable Object[] reading(Row row) {
    double wind = row.doubleValue("wind_speed");
    return new @Nullable Object[] {
      row.text("origin") + "-" + row.instant("observed_at"),
      row.value("origin"),
      row.value("observed_at"),
      row.value("temperature"),
      wind > IMPOSSIBLE_WIND ? null : row.value("wind_speed"),
      row.value("precipitation"),
      row.value("visibility"),
      row.value("pressure"),
      row.value("humidity")
    };
  }

  private static Dataset read(String name, CsvOptions options) {
    try (InputStream packed = FlightData.class.getResourceAsStream(name)) {
      if (packed == null) {
        throw new IllegalStateException(name + " is not on the class path; build the examples");
      }
      Path file = Files.createTempFile("mlops4j-", name);
      try {
        Files.copy(packed, file, StandardCopyOption.REPLACE_EXISTING);
        return options.read(file);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot unpack " + name, e);
    }
  }
}
