package dev.mlops4j.feature;

import static dev.mlops4j.feature.Flights.CONGESTION;
import static dev.mlops4j.feature.Flights.FEATURES;
import static dev.mlops4j.feature.Flights.LATE;
import static dev.mlops4j.feature.Flights.WEATHER;
import static dev.mlops4j.feature.Flights.at;
import static dev.mlops4j.feature.Flights.departures;
import static dev.mlops4j.feature.Flights.flight;
import static dev.mlops4j.feature.Flights.weather;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.data.Sensitive;
import dev.mlops4j.evaluation.BinaryEvaluation;
import dev.mlops4j.feature.Flights.Flight;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.model.GoldenRow;
import dev.mlops4j.model.GoldenSample;
import dev.mlops4j.model.Model;
import dev.mlops4j.model.Signature;
import dev.mlops4j.profile.ProfileSeries;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TrainingSetTest {

  private final MutableClock clock = new MutableClock(at("23:00"));
  private final FeatureStore store = FeatureStore.inMemory(clock);

  private TrainingSet training() {
    store.ingest(WEATHER, weather("09:00", 5.0, "10:00", null));
    store.ingest(CONGESTION, departures("10:30", 4.0));
    return store.trainingSet(
        FEATURES,
        List.of(
            flight("UA", "12:00", true),
            flight("AA", "11:00", false),
            flight("UA", "12:00", true),
            new Flight("JFK", null, Double.NaN, at("13:00"), false, at("14:00"))),
        LATE);
  }

  @Test
  void thereIsARowForEveryRecordInOrder() {
    TrainingSet training = training();
    assertThat(training.rowCount()).isEqualTo(4);
    assertThat(training.signature())
        .isEqualTo(
            new Signature(
                List.of(
                    Signature.Input.numeric("distance"),
                    Signature.Input.categorical("carrier", List.of("AA", "UA")),
                    Signature.Input.numeric("origin_weather.wind_speed"),
                    Signature.Input.numeric("congestion.mean_delay_3h"),
                    Signature.Input.numeric("congestion.departures_1h")),
                Signature.Output.binary("late")));
    double nan = Double.NaN;
    assertThat(training.vectors())
        .containsExactly(
            187, 1, nan, 4, 1, 187, 0, 5, nan, 0, 187, 1, nan, 4, 1, nan, nan, nan, 4, 0);
    assertThat(training.labels()).containsExactly(1, 0, 1, 0);
    assertThat(training.askedAt(1)).isEqualTo(at("10:00"));
  }

  @Test
  void theSameRecordsGiveTheSameDigest() {
    assertThat(training().digest()).isEqualTo(training().digest());
    assertThat(training().reference("holdout").digest()).isEqualTo(training().dataset().digest());
  }

  @Test
  void itsReferenceTellsTheColumnsAndWhereTheRecordsCameFrom() {
    TrainingSet training = training();
    DatasetReference reference = training.reference("training");
    assertThat(training.datasets()).containsExactly(reference);
    assertThat(reference.schema()).isEqualTo(training.dataset().schema());
    assertThat(reference.source())
        .isEqualTo("records of " + Flight.class.getName() + " with views weather, congestion");
    TrainingSet stated = training.withSource("CSV flights.csv");
    assertThat(stated.between(at("10:00"), at("11:00")).reference("test").source())
        .isEqualTo("CSV flights.csv");
    assertThat(stated.as(training.signature()).source()).isEqualTo("CSV flights.csv");
    assertThat(stated.digest()).isEqualTo(training.digest());
  }

  @Test
  void aPartHasTheRowsAskedWithinAndTheWholesSignature() {
    TrainingSet part = training().between(at("10:00"), at("11:00"));
    assertThat(part.rowCount()).isEqualTo(1);
    assertThat(part.signature().inputs().get(1).categories()).containsExactly("AA", "UA");
    assertThat(part.labels()).containsExactly(0);
  }

  @Test
  void aModelIsJudgedByItsOwnCodesAndOrder() {
    Signature other =
        new Signature(
            List.of(
                Signature.Input.categorical("carrier", List.of("DL", "UA")),
                Signature.Input.numeric("distance"),
                Signature.Input.numeric("congestion.departures_1h"),
                Signature.Input.numeric("congestion.mean_delay_3h"),
                Signature.Input.numeric("origin_weather.wind_speed")),
            Signature.Output.binary("late"));
    List<double[]> seen = new ArrayList<>();
    BinaryEvaluation evaluation =
        (BinaryEvaluation)
            training()
                .evaluate(
                    model(
                        other,
                        vector -> {
                          seen.add(vector.clone());
                          return vector[0] == 1 ? 0.9 : 0.2;
                        }));
    assertThat(evaluation.accuracy()).isEqualTo(1);
    assertThat(seen.get(1)).containsExactly(Double.NaN, 187, 0, Double.NaN, 5);
  }

  @Test
  void aModelOfOtherFeaturesOrAnotherTargetIsRefused() {
    Signature other =
        new Signature(
            List.of(Signature.Input.numeric("carrier"), Signature.Input.numeric("altitude")),
            Signature.Output.binary("late"));
    assertThatThrownBy(() -> training().evaluate(model(other, vector -> 0)))
        .isInstanceOf(FeatureMismatchException.class)
        .hasMessageContaining("\"carrier\" is NUMERIC for the model, CATEGORICAL in the set")
        .hasMessageContaining("the model takes \"altitude\", the set does not give it")
        .hasMessageContaining("the set gives \"distance\", the model does not take it");
    Signature target =
        new Signature(training().signature().inputs(), Signature.Output.binary("cancelled"));
    assertThatThrownBy(() -> training().evaluate(model(target, vector -> 0)))
        .isInstanceOf(FeatureMismatchException.class)
        .hasMessageContaining("the model predicts \"cancelled\" BINARY");
  }

  @Test
  void theReferenceProfileHasTheFeaturesThePredictionAndTheLabelByWeek() {
    ProfileSeries profile = training().referenceProfile(new double[] {0.1, 0.2, 0.3, 0.4});
    assertThat(profile.windows()).hasSize(1);
    assertThat(profile.overall().column("prediction").count()).isEqualTo(4);
    assertThat(profile.overall().column("late").count()).isEqualTo(4);
    assertThat(profile.overall().column("carrier").missing()).isEqualTo(1);
  }

  @Test
  void goldenSamplesAreSpreadOverTheRecordsAndReplay() {
    store.ingest(WEATHER, weather("09:00", 5.0));
    store.ingest(CONGESTION, departures("10:30", 4.0));
    List<Flight> flights =
        IntStream.range(0, 100)
            .mapToObj(i -> new Flight("JFK", "C" + i, i, at("12:00"), true, at("14:00")))
            .toList();
    TrainingSet training = store.trainingSet(FEATURES, flights, LATE);
    assertThat(training.goldenSamples()).hasSize(10);
    assertThat(training.goldenSamples())
        .extracting(sample -> sample.vector()[0])
        .containsExactly(0.0, 11.0, 22.0, 33.0, 44.0, 55.0, 66.0, 77.0, 88.0, 99.0);
    FEATURES.bind(training.signature()).replay(rows(training.goldenSamples()));
  }

  @Test
  void aFunctionThatGivesAnotherValueIsSkewAndIsNamed() {
    TrainingSet training = training();
    FeatureSet<Flight> changed = set(flight -> flight.distance() * 1.609, flight -> "X");
    List<GoldenRow> rows = rows(training.goldenSamples());
    assertThatThrownBy(() -> changed.bind(training.signature()).replay(rows))
        .isInstanceOfSatisfying(
            FeatureSkewException.class,
            e -> {
              assertThat(e.feature()).isEqualTo("distance");
              assertThat(e.row()).isZero();
            })
        .hasMessageContaining("golden row 0, feature \"distance\": 187.0 in training, now 300.88");
    FeatureSet<Flight> carrier = set(Flight::distance, flight -> "AA");
    assertThatThrownBy(() -> carrier.bind(training.signature()).replay(rows))
        .isInstanceOf(FeatureSkewException.class)
        .hasMessageContaining("feature \"carrier\": \"UA\" in training, now \"AA\"");
  }

  @Test
  void aStatedToleranceIsAllowedForAndNoMore() {
    TrainingSet training = training();
    List<GoldenRow> rows = rows(training.goldenSamples());
    tolerant(1e-3).bind(training.signature()).replay(rows);
    assertThatThrownBy(() -> tolerant(1e-5).bind(training.signature()).replay(rows))
        .isInstanceOf(FeatureSkewException.class);
  }

  @Test
  void anotherMomentOfAskingIsSkew() {
    TrainingSet training = training();
    FeatureSet<Flight> later =
        FeatureSet.named("flight_delay", Flight.class)
            .at(Flight::scheduled)
            .numeric("distance", Flight::distance)
            .categorical("carrier", Flight::carrier)
            .lookup(WEATHER.as("origin_weather"), Flight::origin)
            .lookup(CONGESTION, Flight::origin)
            .build();
    assertThatThrownBy(
            () -> later.bind(training.signature()).replay(rows(training.goldenSamples())))
        .isInstanceOf(FeatureSkewException.class)
        .hasMessageContaining("asked at 2013-01-01T11:00:00Z in training");
  }

  record Passenger(@Sensitive @Nullable String passport, int age, String country, boolean shows) {}

  @Test
  void goldenSamplesOfSensitiveRecordsAreSynthetic() {
    FeatureSet<Passenger> set =
        FeatureSet.named("no_show", Passenger.class)
            .numeric("age", Passenger::age)
            .categorical("country", Passenger::country)
            .build();
    List<Passenger> passengers =
        IntStream.range(0, 30)
            .mapToObj(i -> new Passenger("P" + i, i, "C" + i, i % 2 == 0))
            .toList();
    TrainingSet training =
        TrainingSet.of(set, passengers, Target.binary("shows", Passenger::shows));
    for (GoldenSample sample : training.goldenSamples()) {
      assertThat(sample.input()).containsEntry("passport", null);
      assertThat(sample.input().get("country")).isNotEqualTo("C" + sample.input().get("age"));
    }
    set.bind(training.signature()).replay(rows(training.goldenSamples()));
  }

  @Test
  void aRecordAskedLaterIsLeftOutAndCountedBecauseWhatItSeesIsNotKnownYet() {
    store.ingest(WEATHER, weather("09:00", 5.0));
    store.ingest(CONGESTION, departures("10:30", 4.0));
    List<Flight> flights =
        List.of(
            flight("UA", "12:00", true),
            new Flight("JFK", "AA", 1, at("12:01"), false, at("09:00")),
            flight("DL", "12:01", null),
            flight("DL", "12:01", true));
    TrainingSet training = store.trainingSet(FEATURES, flights, LATE, at("15:00"));
    assertThat(training.leftOutNotYetAsked()).isZero();

    TrainingSet earlier =
        store.trainingSet(
            FEATURES,
            flights,
            Target.binary("late", Flight::late).knownAt(flight -> at("09:00")),
            at("11:00"));
    assertThat(earlier.rowCount()).as("one asked at that very moment counts").isEqualTo(1);
    assertThat(earlier.leftOutNotYetAsked()).isEqualTo(2);
    assertThat(earlier.leftOutWithoutLabel()).isEqualTo(1);
  }

  @Test
  void aFeatureWithTheNameOfASensitiveColumnIsSensitive() {
    FeatureSet<Passenger> set =
        FeatureSet.named("s", Passenger.class)
            .flag("passport", passenger -> passenger.passport() != null)
            .numeric("age", Passenger::age)
            .withoutGoldenRows()
            .build();
    TrainingSet training = TrainingSet.of(set, List.of(), Target.binary("shows", Passenger::shows));
    assertThat(training.dataset().schema().sensitive()).containsExactly("passport");
  }

  @Test
  void whatIsSensitiveIsNoCategoryBecauseTheSignatureKeepsCategories() {
    FeatureSet.Builder<Passenger> categories =
        FeatureSet.named("s", Passenger.class).categorical("passport", Passenger::passport);
    String problem =
        "feature \"passport\" is categorical and has the name of a sensitive column; its categories"
            + " would be kept in the model's signature";
    assertThatThrownBy(categories::build)
        .isInstanceOf(FeatureDefinitionException.class)
        .hasMessageContaining(problem);
    assertThatThrownBy(categories.withoutGoldenRows()::build)
        .isInstanceOf(FeatureDefinitionException.class)
        .hasMessageContaining(problem);
    FeatureSet<Passenger> set =
        FeatureSet.named("s", Passenger.class).numeric("age", Passenger::age).build();
    List<Passenger> passengers =
        List.of(new Passenger("P1", 1, "b", true), new Passenger("P2", 2, "a", true));
    assertThatThrownBy(
            () ->
                TrainingSet.of(set, passengers, Target.multiclass("passport", Passenger::passport)))
        .isInstanceOf(FeatureDefinitionException.class)
        .hasMessageContaining("target \"passport\" has the name of a sensitive column of \"s\"")
        .hasMessageNotContaining("P1");
  }

  @Test
  void classesAndNumbersAreTargetsToo() {
    FeatureSet<Passenger> set =
        FeatureSet.named("s", Passenger.class).numeric("age", Passenger::age).build();
    List<Passenger> passengers =
        List.of(new Passenger(null, 1, "b", true), new Passenger(null, 2, "a", true));
    TrainingSet classes =
        TrainingSet.of(set, passengers, Target.multiclass("country", Passenger::country));
    assertThat(classes.signature().output().labels()).containsExactly("a", "b");
    assertThat(classes.labels()).containsExactly(1, 0);
    TrainingSet numbers =
        TrainingSet.of(set, passengers, Target.regression("years", p -> (double) p.age()));
    assertThat(numbers.labels()).containsExactly(1, 2);
    assertThatThrownBy(
            () ->
                TrainingSet.of(
                    set, passengers.subList(0, 1), Target.multiclass("c", Passenger::country)))
        .isInstanceOf(FeatureDefinitionException.class)
        .hasMessageContaining("target \"c\" needs two classes in the data, found 1");
  }

  @Test
  void anInfiniteLabelIsRefusedAndNaNIsNone() {
    FeatureSet<Passenger> set =
        FeatureSet.named("s", Passenger.class).numeric("age", Passenger::age).build();
    List<Passenger> passengers =
        List.of(new Passenger(null, 1, "b", true), new Passenger(null, 0, "a", true));
    for (double numerator : new double[] {1, -1}) {
      assertThatThrownBy(
              () ->
                  TrainingSet.of(
                      set, passengers, Target.regression("share", p -> numerator / p.age())))
          .isInstanceOf(InvalidLabelException.class)
          .hasMessageContaining("target \"share\": the label of record 1, counted from 0, is ")
          .hasMessageContaining("Infinity; a label is finite");
    }
    TrainingSet withNone =
        TrainingSet.of(set, passengers, Target.regression("share", p -> 0.0 / p.age()));
    assertThat(withNone.labels()).containsExactly(0);
    assertThat(withNone.leftOutWithoutLabel()).isEqualTo(1);
  }

  @Test
  void aColumnNameIsNotGivenTwice() {
    FeatureSet<Passenger> set =
        FeatureSet.named("s", Passenger.class).numeric("prediction", Passenger::age).build();
    assertThatThrownBy(
            () -> TrainingSet.of(set, List.of(), Target.binary("shows", Passenger::shows)))
        .isInstanceOf(FeatureDefinitionException.class)
        .hasMessageContaining("two columns \"prediction\"");
  }

  @Test
  void aFunctionThatThrowsIsNamedAndTheRecordIsNotShown() {
    FeatureSet<Passenger> set =
        FeatureSet.named("s", Passenger.class)
            .numeric("length", passenger -> passenger.passport().length())
            .build();
    assertThatThrownBy(
            () ->
                TrainingSet.of(
                    set,
                    List.of(new Passenger(null, 1, "secret", true)),
                    Target.binary("shows", Passenger::shows)))
        .isInstanceOf(FeatureComputationException.class)
        .hasMessageContaining("the function of \"length\" threw java.lang.NullPointerException")
        .hasMessageNotContaining("secret");
  }

  @Test
  void aSetThatLooksUpNeedsAStore() {
    assertThatThrownBy(() -> TrainingSet.of(FEATURES, List.of(), LATE))
        .isInstanceOf(FeatureDefinitionException.class)
        .hasMessageContaining("ask a feature store for its training set");
    Vectorizer<Flight> vectorizer = FEATURES.bind(training().signature());
    assertThatThrownBy(
            () -> vectorizer.vector(flight("AA", "12:00", null), at("11:00"), FeatureLookup.NONE))
        .isInstanceOf(FeatureDefinitionException.class)
        .hasMessageContaining("no feature store was given");
  }

  @Test
  void anUnseenCategoryIsMissing() {
    Vectorizer<Flight> vectorizer = FEATURES.bind(training().signature());
    double[] vector = vectorizer.vector(flight("ZZ", "12:00", null), at("11:00"), store);
    assertThat(vector).containsExactly(187, Double.NaN, Double.NaN, 4, 1);
  }

  @Test
  void aRequestWithoutTheKeyHasWhatAKeyWithoutEventsHas() {
    Vectorizer<Flight> vectorizer = FEATURES.bind(training().signature());
    Flight nowhere = new Flight(null, "AA", 1, at("12:00"), null, null);
    assertThat(vectorizer.vector(nowhere, at("11:00"), store))
        .containsExactly(1, 0, Double.NaN, Double.NaN, 0);
  }

  private static FeatureSet<Flight> tolerant(double tolerance) {
    return FeatureSet.named("flight_delay", Flight.class)
        .at(flight -> flight.scheduled().minus(Duration.ofHours(1)))
        .numeric("distance", flight -> flight.distance() + 1e-4)
        .tolerance("distance", tolerance)
        .categorical("carrier", Flight::carrier)
        .lookup(WEATHER.as("origin_weather"), Flight::origin)
        .lookup(CONGESTION, Flight::origin)
        .build();
  }

  private static FeatureSet<Flight> set(
      java.util.function.ToDoubleFunction<Flight> distance,
      java.util.function.Function<Flight, String> carrier) {
    return FeatureSet.named("flight_delay", Flight.class)
        .at(flight -> flight.scheduled().minus(Duration.ofHours(1)))
        .numeric("distance", distance)
        .categorical("carrier", carrier)
        .lookup(WEATHER.as("origin_weather"), Flight::origin)
        .lookup(CONGESTION, Flight::origin)
        .build();
  }

  private static List<GoldenRow> rows(List<GoldenSample> samples) {
    return samples.stream().map(sample -> new GoldenRow(sample, new double[] {0})).toList();
  }

  private static Model model(
      Signature signature, java.util.function.ToDoubleFunction<double[]> function) {
    return new Model() {
      @Override
      public Signature signature() {
        return signature;
      }

      @Override
      public void predict(double[] vector, double[] output) {
        output[0] = function.applyAsDouble(vector);
      }
    };
  }
}
