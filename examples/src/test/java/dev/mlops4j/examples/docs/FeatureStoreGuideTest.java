package dev.mlops4j.examples.docs;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.data.ColumnType.TIMESTAMP;
import static dev.mlops4j.examples.docs.SmallFlights.CONGESTION;
import static dev.mlops4j.examples.docs.SmallFlights.FEATURES;
import static dev.mlops4j.examples.docs.SmallFlights.LATE;
import static dev.mlops4j.examples.docs.SmallFlights.WEATHER;
import static dev.mlops4j.feature.Aggregation.count;
import static dev.mlops4j.feature.Aggregation.distinctCount;
import static dev.mlops4j.feature.Aggregation.max;
import static dev.mlops4j.feature.Condition.greater;
import static dev.mlops4j.feature.Condition.oneOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.data.Csv;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.JdbcSource;
import dev.mlops4j.data.RowSource;
import dev.mlops4j.data.Schema;
import dev.mlops4j.data.TimestampForm;
import dev.mlops4j.examples.docs.SmallFlights.Flight;
import dev.mlops4j.feature.EntityKey;
import dev.mlops4j.feature.Erasure;
import dev.mlops4j.feature.FeatureDefinitionChangedException;
import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.feature.FeatureValues;
import dev.mlops4j.feature.FeatureView;
import dev.mlops4j.feature.GuardedLookup;
import dev.mlops4j.feature.IngestResult;
import dev.mlops4j.feature.Materialized;
import dev.mlops4j.feature.TrainingExport;
import dev.mlops4j.feature.TrainingRows;
import dev.mlops4j.feature.TrainingSet;
import dev.mlops4j.feature.ViewInfo;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.profile.DatasetProfile;
import dev.mlops4j.serving.Predictor;
import dev.mlops4j.tribuo.TribuoLogisticRegression;
import dev.mlops4j.tribuo.TribuoModel;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

/** Runs the code of docs/features.md that needs a store with something in it. */
@SuppressWarnings("unused") // what is shown names its results
final class FeatureStoreGuideTest {

  // region departures
  static final FeatureView DEPARTURES =
      FeatureView.named("departures")
          .key("origin", STRING)
          .key("carrier", STRING) // both together are the key, in this order
          .eventTime("departed_at")
          .knownTime("reported_at") // the airline tells us later
          .eventId("flight_id") // a replay is recognised by it
          .feature("runway", STRING)
          .defaultValue("runway", "unknown") // where it is missing or stale
          .column("delay", FLOAT64)
          .column("pilot", STRING)
          .sensitive("pilot") // can only be counted
          .feature("late_1d", count().where(greater("delay", 15)).over(Duration.ofDays(1)))
          .feature(
              "worst_south_3h",
              max("delay").where(oneOf("runway", "13L", "13R")).over(Duration.ofHours(3)))
          .feature("pilots_1d", distinctCount("pilot").over(Duration.ofDays(1)))
          .ttl(Duration.ofHours(6)) // for the runway; windows have their own length
          .retention(Duration.ofDays(400)) // nothing older is seen at all
          .description("what left, by airport and airline")
          .owner("operations")
          .tag("flights")
          .build();
  // endregion

  // region computed
  static final FeatureSet<Flight> COMPUTED =
      FeatureSet.named("flight_delay_computed", Flight.class)
          .at(FeatureStoreGuideTest::asked)
          .lookup(WEATHER.as("here"), Flight::origin)
          .lookup(CONGESTION, Flight::origin)
          .numeric("storm", (flight, found) -> Math.max(0, found.number("here.wind_speed") - 20))
          .numeric(
              "weather_age_min",
              (flight, found) ->
                  found
                      .eventTime("here")
                      .map(taken -> (double) Duration.between(taken, asked(flight)).toMinutes())
                      .orElse(Double.NaN)) // missing
          .build();

  // endregion

  private static final Instant AFTER = SmallFlights.START.plus(Duration.ofDays(30));

  @TempDir Path files;

  private static Instant asked(Flight flight) {
    return flight.scheduledDeparture().minus(Duration.ofHours(1));
  }

  @Test
  void aWindowHasNoEventThatIsExactlyAsOldAsItIsLong() {
    FeatureStore features = FeatureStore.inMemory(InstantSource.fixed(AFTER));
    Instant t = Instant.parse("2024-01-05T12:00:00Z");
    for (long minutes : List.of(60, 59, 0)) {
      features.ingest(CONGESTION, departure(t.minus(Duration.ofMinutes(minutes))));
    }

    EntityKey jfk = EntityKey.of(CONGESTION, "JFK");
    assertThat(features.get(CONGESTION, jfk, t).value("departures_1h")).isEqualTo(2L);
    assertThat(features.get(CONGESTION, jfk, t.minusNanos(1_000)).value("departures_1h"))
        .isEqualTo(2L); // the one at t is not there yet, the one of an hour ago still is
  }

  @Test
  void aViewSaysWhatIsKnownWhenAndCountsUnderConditions() {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2024-07-01T12:00:00Z"));
    FeatureStore features = FeatureStore.inMemory(now::get);
    Instant left = Instant.parse("2024-07-01T11:55:00Z");

    // region eventid
    Map<String, Object> row =
        Map.of(
            "origin",
            "JFK",
            "carrier",
            "AA",
            "departed_at",
            left,
            "reported_at",
            left,
            "flight_id",
            "AA100/2024-07-01",
            "runway",
            "13L",
            "delay",
            40,
            "pilot",
            "P. Fly");
    boolean first = features.push(DEPARTURES, row); // true
    boolean again = features.push(DEPARTURES, row); // false: nothing was changed
    // endregion

    assertThat(first).isTrue();
    assertThat(again).isFalse();
    EntityKey key = EntityKey.of(DEPARTURES, "JFK", "AA");
    FeatureValues values = features.get(DEPARTURES, key, now.get());
    assertThat(values.value("runway")).isEqualTo("13L");
    assertThat(values.value("late_1d")).isEqualTo(1L);
    assertThat(values.value("worst_south_3h")).isEqualTo(40.0);
    assertThat(values.value("pilots_1d")).isEqualTo(1L);
    assertThat(features.get(DEPARTURES, key, left).status("runway"))
        .isEqualTo(FeatureValues.Status.MISSING);
    now.set(now.get().plus(Duration.ofHours(7)));
    values = features.get(DEPARTURES, key, now.get());
    assertThat(values.status("runway")).isEqualTo(FeatureValues.Status.STALE);
    assertThat(values.value("runway")).isEqualTo("unknown");
    assertThat(values.value("late_1d")).isEqualTo(1L);
  }

  @Test
  void aChangedViewIsItsNextVersion() {
    FeatureStore features = FeatureStore.inMemory(InstantSource.fixed(AFTER));
    features.register(WEATHER);

    // region versions
    FeatureView patient =
        FeatureView.named("weather")
            .key("origin", STRING)
            .eventTime("observed_at")
            .feature("wind_speed", FLOAT64)
            .ttl(Duration.ofHours(6))
            .build();
    int version = features.register(patient); // 2: it begins without events, version 1 stays
    // endregion

    assertThat(version).isEqualTo(2);
    FeatureView other =
        FeatureView.named("weather")
            .key("origin", STRING)
            .eventTime("observed_at")
            .feature("visibility", FLOAT64)
            .build();
    assertThatThrownBy(() -> features.get(other, EntityKey.of(other, "JFK"), AFTER))
        .isInstanceOf(FeatureDefinitionChangedException.class);
  }

  @Test
  void historyBecomesATrainingSetAndFilesForPython() throws IOException {
    Path weatherFile = files.resolve("weather.csv");
    Path departuresFile = files.resolve("departures.csv");
    SmallFlights.writeWeather(weatherFile, 3);
    SmallFlights.writeDepartures(departuresFile, 3);
    List<Flight> flights = SmallFlights.flights(1, 2);
    Instant asOf = SmallFlights.START.plus(Duration.ofDays(14));
    FeatureStore features = FeatureStore.inMemory(InstantSource.fixed(AFTER));

    // region ingest
    IngestResult taken = features.ingest(WEATHER, Csv.read(weatherFile)); // all or none
    IngestResult again = features.ingest(WEATHER, Csv.read(weatherFile)); // again.added() is 0
    features.ingest(CONGESTION, Csv.read(departuresFile));
    // endregion

    // region training
    TrainingSet training = features.trainingSet(FEATURES, flights, LATE, asOf);
    Dataset table = training.dataset(); // features, label, asked_at
    int notYet = training.leftOutNotYetKnown(); // labels that are known after asOf
    // endregion

    List<Dataset> sink = new ArrayList<>();
    // region batches
    TrainingRows done =
        features.trainingRows(FEATURES, flights, LATE, asOf, 100_000, batch -> sink.add(batch));
    // endregion

    Path directory = files.resolve("export");
    // region export
    TrainingExport.of(training, FEATURES).write(directory, TrainingExport.CSV);
    // endregion

    Path large = files.resolve("large");
    // region largeexport
    TrainingExport.of(features, FEATURES, flights, LATE, asOf).write(large, TrainingExport.CSV);
    // endregion

    assertThat(taken.added()).isEqualTo(2 * 3 * 168);
    assertThat(again.added()).isZero();
    assertThat(notYet).isGreaterThanOrEqualTo(168);
    assertThat(done.rows()).isEqualTo(training.rowCount());
    assertThat(done.leftOutNotYetKnown()).isEqualTo(notYet);
    assertThat(sink.get(0).digest()).isEqualTo(table.digest());
    assertThat(Files.readString(directory.resolve("manifest.json")))
        .contains("flight_delay", FEATURES.fingerprint().hex());
    assertThat(directory.resolve("data.csv")).isNotEmptyFile();
    assertThat(large.resolve("data.csv")).hasSameBinaryContentAs(directory.resolve("data.csv"));

    Dataset computed = features.trainingSet(COMPUTED, flights, LATE, asOf).dataset();
    assertThat(computed.schema().names()).contains("here.wind_speed", "storm", "weather_age_min");
    // asked at a full hour, when only the reading of the hour before is known
    assertThat(computed.rows().map(row -> row.value("weather_age_min"))).containsOnly(60.0);
  }

  @Test
  void aWarehouseIsTakenInStepByStepOrReadInPlace() throws IOException, SQLException {
    SQLiteDataSource warehouse = warehouse();
    InstantSource clock = InstantSource.fixed(SmallFlights.START.plus(Duration.ofDays(15)));
    Instant january = SmallFlights.START;
    List<Flight> flights = SmallFlights.flights(1, 1);
    try (Workspace workspace = Workspace.at(files.resolve("served")).clock(clock).open()) {

      // region source
      RowSource rows =
          JdbcSource.of(
                  warehouse,
                  "SELECT origin, observed_at, wind_speed, visibility FROM weather"
                      + " WHERE observed_at >= :from AND observed_at < :to")
              .schema(
                  Schema.builder()
                      .required("origin", STRING)
                      .required("observed_at", TIMESTAMP)
                      .optional("wind_speed", FLOAT64)
                      .optional("visibility", FLOAT64)
                      .build())
              .timestampsAs(TimestampForm.EPOCH_MILLIS) // how this table holds moments
              .build();
      FeatureStore features = FeatureStore.builder(workspace).source(WEATHER, rows).open();
      // endregion

      Path file = files.resolve("weather.csv");
      SmallFlights.writeWeather(file, 2);
      // region csvsource
      RowSource ofFiles = Csv.options().source("observed_at", file); // or several files
      // endregion
      List<Dataset> ofTheFile = new ArrayList<>();
      ofFiles.read(january, january.plus(Duration.ofDays(1)), ofTheFile::add);
      assertThat(ofTheFile).extracting(Dataset::rowCount).containsExactly(2 * 24);

      List<String> log = new ArrayList<>();
      // region materialize
      Materialized first =
          features
              .materialize(WEATHER)
              .from(january) // the first run says where to begin
              .step(Duration.ofDays(1)) // a step's rows are held in memory
              .onProgress(done -> log.add(done.upTo() + ": " + done.added() + " new"))
              .run();
      Materialized next = // goes on from the watermark, two days earlier for late rows
          features.materialize(WEATHER).lateness(Duration.ofDays(2)).run();
      // endregion

      assertThat(first.added()).isEqualTo(2 * 2 * 168);
      assertThat(log).hasSize(15);
      assertThat(next.rows()).isPositive();
      assertThat(next.added()).isZero();
      assertThat(features.views().get(0).materialized()).isEqualTo(clock.instant());

      try (Workspace lab = Workspace.at(files.resolve("lab")).clock(clock).open()) {
        // region inplace
        FeatureStore inPlace = FeatureStore.builder(lab).inPlace(WEATHER, rows).open();
        // endregion
        features.register(CONGESTION);
        inPlace.register(CONGESTION);
        assertThat(inPlace.trainingSet(FEATURES, flights, LATE).dataset().digest())
            .isEqualTo(features.trainingSet(FEATURES, flights, LATE).dataset().digest());
      }
    }
  }

  @Test
  void featuresAreLookedUpGuardedAndFound() throws IOException {
    Path weatherFile = files.resolve("weather.csv");
    Path departuresFile = files.resolve("departures.csv");
    SmallFlights.writeWeather(weatherFile, 3);
    SmallFlights.writeDepartures(departuresFile, 3);
    Instant at = SmallFlights.START.plus(Duration.ofDays(21));
    Flight flight = SmallFlights.flights(2, 1).get(0);
    try (Workspace workspace =
        Workspace.at(files.resolve("workspace")).clock(InstantSource.fixed(at)).open()) {
      FeatureStore features = FeatureStore.in(workspace);
      features.ingest(WEATHER, Csv.read(weatherFile));
      features.ingest(CONGESTION, Csv.read(departuresFile));

      // region lookup
      EntityKey jfk = EntityKey.of(WEATHER, "JFK");
      FeatureValues values = features.get(WEATHER, jfk, at);
      double wind = values.number("wind_speed"); // NaN if it is missing
      FeatureValues.Status status = values.status("wind_speed"); // PRESENT, STALE or MISSING
      Optional<Instant> taken = values.eventTime(); // of the latest event behind it
      List<FeatureValues> several =
          features.getAll(WEATHER, List.of(jfk, EntityKey.of(WEATHER, "LGA")), at);
      // endregion

      assertThat(status).isEqualTo(FeatureValues.Status.PRESENT);
      assertThat(taken).contains(at.minus(Duration.ofHours(1)));
      assertThat(several).hasSize(2);
      assertThat(wind).isNotNaN();

      ModelPackage model = model(features);
      // region guarded
      try (GuardedLookup guarded =
              GuardedLookup.of(features).timeout(Duration.ofMillis(20)).orDefaults().build();
          Predictor<Flight> predictor =
              Predictor.of(FEATURES).online(guarded).serve("flight_delay", model).build()) {
        double late = predictor.predict(flight).value();
        long slow = guarded.timeouts() + guarded.refusals();
        long down = guarded.failures();
      }
      // endregion

      // region discover
      for (ViewInfo view : features.views()) { // all versions of all views
        String line = view.name() + " v" + view.version() + ", " + view.events() + " events";
        Optional<Duration> age = view.freshness(workspace.clock().instant());
      }
      DatasetProfile profile = features.profile(WEATHER); // each column summarised
      // endregion

      assertThat(features.views()).hasSize(2);
      assertThat(features.views().get(1).freshness(at)).contains(Duration.ofHours(1));
      assertThat(profile.rowCount()).isEqualTo(2 * 3 * 168);

      // region erase
      int erased = features.erase(WEATHER, jfk); // from the history and online
      List<Erasure> proof = features.erasures(WEATHER); // when and how many, not whose
      int expired = features.removeBeyondRetention(WEATHER); // 0: the view has no retention
      // endregion

      assertThat(erased).isEqualTo(3 * 168);
      assertThat(proof).hasSize(1);
      assertThat(expired).isZero();
      assertThat(features.get(WEATHER, jfk, at).status("wind_speed"))
          .isEqualTo(FeatureValues.Status.MISSING);
    }
  }

  private static ModelPackage model(FeatureStore features) {
    TrainingSet training =
        features.trainingSet(
            FEATURES,
            SmallFlights.flights(0, 2),
            LATE,
            SmallFlights.START.plus(Duration.ofDays(20)));
    try (TribuoModel model = TribuoLogisticRegression.classifier().train(training)) {
      return model.packaged(training);
    }
  }

  private static Dataset departure(Instant at) {
    Schema schema =
        Schema.builder()
            .required("origin", STRING)
            .required("departed_at", TIMESTAMP)
            .optional("departure_delay", FLOAT64)
            .build();
    return Dataset.builder(schema).add("JFK", at, 1.0).build();
  }

  private SQLiteDataSource warehouse() throws IOException, SQLException {
    Path weatherFile = files.resolve("weather.csv");
    SmallFlights.writeWeather(weatherFile, 2);
    SQLiteDataSource warehouse = new SQLiteDataSource();
    warehouse.setUrl("jdbc:sqlite:" + files.resolve("warehouse.db"));
    try (Connection connection = warehouse.getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute(
          "CREATE TABLE weather (origin TEXT, observed_at INTEGER, wind_speed REAL,"
              + " visibility REAL)");
      try (var insert = connection.prepareStatement("INSERT INTO weather VALUES (?, ?, ?, ?)")) {
        for (var row : Csv.read(weatherFile).rows().toList()) {
          insert.setObject(1, row.value("origin"));
          insert.setLong(2, row.instant("observed_at").toEpochMilli());
          insert.setObject(3, row.value("wind_speed"));
          insert.setObject(4, row.value("visibility"));
          insert.addBatch();
        }
        insert.executeBatch();
      }
      connection.commit();
    }
    return warehouse;
  }
}
