package dev.mlops4j.feature;

import static dev.mlops4j.feature.Flights.CONGESTION;
import static dev.mlops4j.feature.Flights.FEATURES;
import static dev.mlops4j.feature.Flights.LATE;
import static dev.mlops4j.feature.Flights.WEATHER;
import static dev.mlops4j.feature.Flights.at;
import static dev.mlops4j.feature.Flights.flight;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops4j.Digest;
import dev.mlops4j.MlopsException;
import dev.mlops4j.data.Csv;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetWriter;
import dev.mlops4j.data.Schema;
import dev.mlops4j.data.SchemaException;
import dev.mlops4j.data.Sensitive;
import dev.mlops4j.feature.Flights.Flight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingExportTest {

  record Payment(@Sensitive double income, double amount, boolean repaid) {}

  private static final FeatureSet<Payment> PAYMENTS =
      FeatureSet.named("payments", Payment.class)
          .numeric("income", Payment::income)
          .numeric("amount", Payment::amount)
          .build();

  @TempDir Path directory;

  private static final List<Flight> FLIGHTS =
      List.of(
          flight("UA", "12:00", true),
          flight("AA", "11:00", false),
          new Flight("JFK", null, Double.NaN, at("13:00"), false, at("14:00")),
          new Flight("JFK", "UA", 1, at("13:00"), null, at("14:00")),
          new Flight("JFK", "UA", 1, at("13:00"), true, at("23:30")));

  private static FeatureStore store() {
    FeatureStore store = FeatureStore.inMemory(new MutableClock(at("23:00")));
    store.register(WEATHER);
    store.register(CONGESTION);
    return store;
  }

  private static TrainingSet flights() {
    return store().trainingSet(FEATURES, FLIGHTS, LATE);
  }

  private static TrainingSet payments() {
    return TrainingSet.of(
        PAYMENTS,
        List.of(new Payment(50_000, 10, true), new Payment(20_000, 99, false)),
        Target.binary("repaid", Payment::repaid));
  }

  @Test
  void theManifestSaysWhatTheRowsAre() throws IOException {
    TrainingSet training = flights();

    TrainingExport.of(training, FEATURES).write(directory.resolve("a/b"), TrainingExport.CSV);

    Path file = directory.resolve("a/b/data.csv");
    JsonNode manifest = manifest(directory.resolve("a/b"));
    assertThat(manifest.path("formatVersion").intValue()).isEqualTo(1);
    assertThat(manifest.path("featureSet").textValue()).isEqualTo("flight_delay");
    assertThat(manifest.path("featureFingerprint").textValue())
        .isEqualTo(FEATURES.fingerprint().hex());
    assertThat(manifest.path("views").toString())
        .isEqualTo(
            "[{\"name\":\"weather\",\"fingerprint\":\""
                + WEATHER.fingerprint()
                + "\"},{\"name\":\"congestion\",\"fingerprint\":\""
                + CONGESTION.fingerprint()
                + "\"}]");
    assertThat(manifest.path("signature").path("inputs").path(1).toString())
        .isEqualTo(
            "{\"name\":\"carrier\",\"type\":\"CATEGORICAL\",\"categories\":[\"AA\",\"UA\"]}");
    assertThat(manifest.path("signature").path("output").toString())
        .isEqualTo("{\"name\":\"late\",\"task\":\"BINARY\",\"labels\":[]}");
    assertThat(manifest.path("label").textValue()).isEqualTo("late");
    assertThat(manifest.path("askedAt").textValue()).isEqualTo("asked_at");
    assertThat(manifest.path("columns").path(5).toString())
        .isEqualTo(
            "{\"name\":\"late\",\"type\":\"BOOLEAN\",\"required\":true,\"sensitive\":false}");
    assertThat(manifest.path("leftOutColumns")).isEmpty();
    assertThat(manifest.path("leftOutRecords").toString())
        .isEqualTo("{\"withoutLabel\":1,\"notYetKnown\":1,\"notYetAsked\":0}");
    assertThat(manifest.path("trainingSetDigest").textValue()).isEqualTo(training.digest().hex());
    JsonNode data = manifest.path("data");
    assertThat(data.path("file").textValue()).isEqualTo("data.csv");
    assertThat(data.path("bytes").longValue()).isEqualTo(Files.size(file));
    assertThat(data.path("sha256").textValue())
        .isEqualTo(Digest.of(Files.readAllBytes(file)).hex());
    assertThat(data.path("rows").intValue()).isEqualTo(3);
    assertThat(data.path("digest").textValue()).isEqualTo(training.digest().hex());
    Dataset read = Csv.options().schema(training.dataset().schema()).read(file);
    assertThat(read.digest()).isEqualTo(training.digest());
    try (Stream<Path> files = Files.list(directory.resolve("a/b"))) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void sensitiveColumnsAreLeftOutUnlessAskedFor() throws IOException {
    TrainingExport export = TrainingExport.of(payments(), PAYMENTS);

    export.write(directory, TrainingExport.CSV);

    assertThat(Files.readString(directory.resolve("data.csv")))
        .isEqualTo("amount,repaid\n10.0,true\n99.0,false\n");
    JsonNode manifest = manifest(directory);
    assertThat(manifest.path("leftOutColumns").toString()).isEqualTo("[\"income\"]");
    assertThat(manifest.path("signature").path("inputs")).hasSize(2);
    assertThat(manifest.path("askedAt").isNull()).isTrue();
    assertThat(manifest.path("data").path("digest").textValue())
        .isNotEqualTo(manifest.path("trainingSetDigest").textValue());

    export.withSensitive("income").write(directory, TrainingExport.CSV);

    assertThat(Files.readString(directory.resolve("data.csv"))).startsWith("income,amount,repaid");
    assertThat(manifest(directory).path("leftOutColumns")).isEmpty();
    assertThat(manifest(directory).path("columns").path(0).path("sensitive").booleanValue())
        .isTrue();
  }

  @Test
  void anExportThatFailsHasNoManifest() throws IOException {
    TrainingExport export = TrainingExport.of(payments(), PAYMENTS);
    export.write(directory, TrainingExport.CSV);
    TrainingExport.Format broken =
        new TrainingExport.Format() {
          @Override
          public String fileName() {
            return "data.csv";
          }

          @Override
          public DatasetWriter open(Schema schema, Path file) {
            throw new MlopsException("no room");
          }
        };

    assertThatThrownBy(() -> export.write(directory, broken)).hasMessage("no room");

    assertThat(directory.resolve("manifest.json")).doesNotExist();
    Path file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> export.write(file, TrainingExport.CSV))
        .isInstanceOf(TrainingExportException.class)
        .hasMessageContaining("cannot be exported");
  }

  @Test
  void rowsThatAreComputedWhileTheyAreWrittenAreThoseOfTheTrainingSet() throws IOException {
    Path held = directory.resolve("held");
    Path computed = directory.resolve("computed");
    // Three batches, of which the last has a carrier of its own.
    List<Flight> many = new ArrayList<>(Collections.nCopies(60_000, FLIGHTS.get(0)));
    many.addAll(Collections.nCopies(60_000, FLIGHTS.get(2)));
    many.addAll(Collections.nCopies(100_000, FLIGHTS.get(1)));
    many.addAll(FLIGHTS);
    FeatureStore store = store();

    TrainingExport.of(store.trainingSet(FEATURES, many, LATE), FEATURES)
        .write(held, TrainingExport.CSV);
    TrainingExport.of(store, FEATURES, many, LATE, at("23:00")).write(computed, TrainingExport.CSV);

    assertThat(computed.resolve("data.csv")).hasSameBinaryContentAs(held.resolve("data.csv"));
    ObjectNode expected = (ObjectNode) manifest(held);
    expected.putNull("trainingSetDigest");
    ((ObjectNode) expected.path("data")).putNull("digest");
    assertThat(manifest(computed)).isEqualTo(expected);
    assertThat(expected.path("data").path("rows").intValue()).isEqualTo(220_003);
  }

  @Test
  void aRecordThatFailsHalfWayLeavesNoRowsAndNoManifest() throws IOException {
    Target<Payment, Boolean> broken =
        Target.binary(
            "repaid",
            payment -> {
              if (payment.amount() > 50) {
                throw new IllegalStateException("the ledger is closed");
              }
              return payment.repaid();
            });
    List<Payment> many = new ArrayList<>(Collections.nCopies(100_000, new Payment(1, 10, true)));
    many.add(new Payment(1, 99, false));

    assertThatThrownBy(
            () ->
                TrainingExport.of(
                        FeatureStore.inMemory(new MutableClock(at("23:00"))),
                        PAYMENTS,
                        many,
                        broken,
                        at("23:00"))
                    .write(directory, TrainingExport.CSV))
        .isInstanceOf(FeatureComputationException.class);

    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void anotherFeatureSetOrColumnIsRefused() {
    assertThatThrownBy(() -> TrainingExport.of(payments(), FEATURES))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"payments\"")
        .hasMessageContaining("\"flight_delay\"");
    assertThatThrownBy(() -> TrainingExport.of(payments(), PAYMENTS).withSensitive("card"))
        .isInstanceOf(SchemaException.class);
  }

  private static JsonNode manifest(Path directory) throws IOException {
    return new JsonMapper().readTree(directory.resolve("manifest.json").toFile());
  }
}
