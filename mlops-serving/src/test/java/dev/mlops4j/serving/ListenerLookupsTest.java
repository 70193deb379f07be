package dev.mlops4j.serving;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.mlops4j.feature.Aggregation;
import dev.mlops4j.feature.EntityKey;
import dev.mlops4j.feature.FeatureLookup;
import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.feature.FeatureValues;
import dev.mlops4j.feature.FeatureView;
import dev.mlops4j.feature.GuardedLookup;
import dev.mlops4j.model.Model;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.PredictionListener;
import dev.mlops4j.model.ServedLookup;
import dev.mlops4j.model.ServedLookup.Status;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Output;
import dev.mlops4j.storage.StorageException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A listener that wants to know what the lookups of a prediction found is told; no other pays. */
class ListenerLookupsTest {

  private static final Instant NOW = Instant.parse("2013-01-01T12:00:00Z");
  private static final Instant HOUR_AGO = NOW.minus(Duration.ofHours(1));
  private static final Instant DAY_AGO = NOW.minus(Duration.ofDays(1));

  private static final FeatureView WEATHER =
      FeatureView.named("weather")
          .key("airport", STRING)
          .eventTime("at")
          .feature("wind", FLOAT64)
          .feature("mean", Aggregation.mean("wind").over(Duration.ofMinutes(1)))
          .ttl(Duration.ofHours(3))
          .build();

  private static final FeatureView TRAFFIC =
      FeatureView.named("traffic")
          .key("airport", STRING)
          .eventTime("at")
          .column("planes", FLOAT64)
          .feature("mean", Aggregation.mean("planes").over(Duration.ofHours(2)))
          .build();

  private record Flight(String origin, String destination) {}

  private static final Flight FLIGHT = new Flight("JFK", "LAX");

  private static final FeatureSet<Flight> FEATURES =
      FeatureSet.named("flight", Flight.class)
          .at(flight -> NOW)
          .lookup(WEATHER.as("here"), Flight::origin)
          .lookup(WEATHER.as("there"), Flight::destination)
          .lookup(TRAFFIC, Flight::origin)
          .build();

  private static final List<ServedLookup> FOUND =
      List.of(
          new ServedLookup("here", Status.PRESENT, HOUR_AGO),
          new ServedLookup("there", Status.STALE, DAY_AGO),
          new ServedLookup("traffic", Status.MISSING, null));

  private static final Signature SIGNATURE =
      new Signature(FEATURES.inputs(), Output.regression("delay"));

  private static final int PREDICTIONS = 5_000;

  private final FeatureStore store = FeatureStore.inMemory(InstantSource.fixed(NOW));
  private final AtomicInteger lookups = new AtomicInteger();

  private final FeatureLookup counted =
      (view, key, at) -> {
        lookups.incrementAndGet();
        return store.get(view, key, at);
      };

  @BeforeEach
  void push() {
    store.push(WEATHER, Map.of("airport", "JFK", "at", HOUR_AGO, "wind", 13.0));
    store.push(WEATHER, Map.of("airport", "LAX", "at", DAY_AGO, "wind", 2.0));
    // Outside the window: to a view of windows alone it is not there.
    store.push(TRAFFIC, Map.of("airport", "JFK", "at", DAY_AGO, "planes", 9.0));
  }

  /** Keeps the lookups of the predictions it wants. */
  private static final class Hearing implements PredictionListener {

    private final Predicate<String> wanted;
    private final Map<String, List<ServedLookup>> heard = new HashMap<>();
    private final Map<String, Object> without = new HashMap<>();

    Hearing(Predicate<String> wanted) {
      this.wanted = wanted;
    }

    @Override
    public void predicted(Prediction prediction) {
      throw new AssertionError("the others are overridden");
    }

    @Override
    public synchronized void predicted(Object request, Prediction prediction) {
      without.put(prediction.id(), request);
    }

    @Override
    public boolean wantsLookups(String predictionId) {
      return wanted.test(predictionId);
    }

    @Override
    public synchronized void predicted(
        Object request, Prediction prediction, List<ServedLookup> found) {
      assertThat(request).isInstanceOf(Flight.class);
      heard.put(prediction.id(), found);
    }
  }

  private static Model constant(double value) {
    return Model.of(SIGNATURE, (vector, output) -> output[0] = value);
  }

  private PredictorBuilder<Flight> predictor(FeatureLookup online) {
    return Predictor.of(FEATURES)
        .serve("m", constant(1))
        .online(online)
        .clock(InstantSource.fixed(NOW));
  }

  @Test
  void everyWayToPredictTellsWhatWasFoundWithoutAnotherLookup() {
    Hearing all = new Hearing(id -> true);
    try (Predictor<Flight> predictor = predictor(counted).listener(all).build()) {
      Prediction one = predictor.predict(FLIGHT);
      Prediction own = predictor.predict("own", FLIGHT);
      List<Prediction> many = predictor.predictAll(List.of(FLIGHT, FLIGHT));
      assertThat(all.heard)
          .hasSize(4)
          .containsKeys(one.id(), own.id(), many.get(0).id(), many.get(1).id())
          .allSatisfy((id, found) -> assertThat(found).isEqualTo(FOUND));
      assertThat(lookups).hasValue(4 * FOUND.size());

      Prediction async = predictor.predictAsync(FLIGHT).join();
      Fixture.await(
          () -> {
            synchronized (all) {
              return all.heard.containsKey(async.id());
            }
          });
      assertThat(all.heard).containsEntry(async.id(), FOUND);
      assertThat(all.without).isEmpty();
      assertThat(predictor.state().listenerFailures()).isZero();
    }
    Hearing behindTimeout = new Hearing(id -> true);
    try (Predictor<Flight> predictor =
        predictor(store).timeout(Duration.ofSeconds(30)).listener(behindTimeout).build()) {
      Prediction one = predictor.predict(FLIGHT);
      Prediction batched = predictor.predictAll(List.of(FLIGHT)).get(0);
      assertThat(behindTimeout.heard)
          .containsOnly(Map.entry(one.id(), FOUND), Map.entry(batched.id(), FOUND));
    }
  }

  @Test
  void onlyWhatIsWantedIsKept() {
    Hearing some = new Hearing("wanted"::equals);
    try (Predictor<Flight> predictor = predictor(store).listener(some).build()) {
      predictor.predict("wanted", FLIGHT);
      predictor.predict("other", FLIGHT);
      predictor.predictAll(List.of(FLIGHT));
      assertThat(some.heard).containsOnlyKeys("wanted");
      assertThat(some.without).hasSize(2).containsKey("other");
    }
  }

  @Test
  void ofAnArmThatFailsTheChampionsLookupsAreTold() {
    AtomicInteger asked = new AtomicInteger();
    // The arm finds something else than the champion after it.
    FeatureLookup changing =
        (view, key, at) -> {
          boolean byArm = asked.getAndIncrement() < FOUND.size();
          return store.get(view, key, byArm ? at.minus(Duration.ofHours(2)) : at);
        };
    Hearing all = new Hearing(id -> true);
    try (Predictor<Flight> predictor =
        predictor(changing)
            .splitBy(flight -> "everyone")
            .arm(
                "canary",
                1,
                ServedModel.of(
                    "m2",
                    Model.of(
                        SIGNATURE,
                        (vector, output) -> {
                          throw new IllegalStateException("the model is broken");
                        })))
            .listener(all)
            .build()) {
      Prediction prediction = predictor.predict(FLIGHT);
      assertThat(prediction.arm()).isEqualTo(Prediction.CHAMPION);
      assertThat(all.heard).containsOnly(Map.entry(prediction.id(), FOUND));
      Prediction batched = predictor.predictAll(List.of(FLIGHT)).get(0);
      assertThat(all.heard).containsEntry(batched.id(), FOUND);
    }
  }

  @Test
  void anArmThatAnswersTellsItsOwnAndAShadowNone() throws InterruptedException {
    FeatureSet<Flight> fewer =
        FeatureSet.named("fewer", Flight.class)
            .at(flight -> NOW)
            .lookup(WEATHER.as("there"), Flight::destination)
            .build();
    Signature signature = new Signature(fewer.inputs(), Output.regression("delay"));
    CountDownLatch shadowed = new CountDownLatch(2);
    Hearing all = new Hearing(id -> true);
    try (Predictor<Flight> predictor =
        Predictor.of(FEATURES, fewer)
            .serve("m", constant(1))
            .online(store)
            .splitBy(flight -> "everyone")
            .arm("canary", 1, ServedModel.of("m2", Model.of(signature, (in, out) -> out[0] = 2)))
            .shadow(
                "next", ServedModel.of("m3", constant(3)), 10, (one, two) -> shadowed.countDown())
            .listener(all)
            .build()) {
      Prediction prediction = predictor.predict(FLIGHT);
      Prediction batched = predictor.predictAll(List.of(FLIGHT)).get(0);
      assertThat(prediction.value()).isEqualTo(2);
      shadowed.await();
      // By signature the arm's model takes the first set that gives its inputs.
      assertThat(all.heard)
          .containsOnly(
              Map.entry(prediction.id(), all.heard.get(batched.id())),
              Map.entry(batched.id(), all.heard.get(prediction.id())));
      assertThat(all.heard.get(batched.id())).containsExactly(FOUND.get(1));
    }
  }

  @Test
  void aStoreThatGivesNoAnswerShowsAsSuch() {
    FeatureLookup broken =
        (view, key, at) -> {
          if (view.equals(TRAFFIC)) {
            throw new StorageException("the store is down", null);
          }
          return store.get(view, key, at);
        };
    Hearing heard = new Hearing(id -> true);
    try (GuardedLookup guarded =
            GuardedLookup.of(broken).timeout(Duration.ofSeconds(30)).orDefaults().build();
        Predictor<Flight> predictor = predictor(guarded).listener(heard).build()) {
      predictor.predict("a", FLIGHT);
      assertThat(heard.heard.get("a"))
          .containsExactly(
              FOUND.get(0), FOUND.get(1), new ServedLookup("traffic", Status.UNANSWERED, null));
    }
  }

  @Test
  void aRequestWithoutAKeyFindsNothing() {
    Hearing all = new Hearing(id -> true);
    try (Predictor<Flight> predictor = predictor(store).listener(all).build()) {
      predictor.predict("a", new Flight("JFK", null));
      assertThat(all.heard.get("a"))
          .containsExactly(
              FOUND.get(0), new ServedLookup("there", Status.MISSING, null), FOUND.get(2));
    }
  }

  @Test
  void aListenerThatThrowsWhenAskedIsCountedAndNotTold() {
    Hearing throwing =
        new Hearing(
            id -> {
              throw new IllegalStateException("no");
            });
    try (Predictor<Flight> predictor = predictor(store).listener(throwing).build()) {
      predictor.predict("a", FLIGHT);
      assertThat(predictor.state().listenerFailures()).isOne();
      assertThat(throwing.heard).isEmpty();
      assertThat(throwing.without).containsOnlyKeys("a");
    }
  }

  /** In rounds, until the compiler is done with both. */
  @Test
  void aPredictionWhoseLookupsNobodyWantsAllocatesWhatItDidWithoutListeners() {
    PredictionListener plain = prediction -> {};
    PredictionListener choosy =
        new PredictionListener() {
          @Override
          public void predicted(Prediction prediction) {}

          @Override
          public boolean wantsLookups(String predictionId) {
            return predictionId.startsWith("wanted");
          }
        };
    Map<FeatureView, FeatureValues> found = new HashMap<>();
    for (FeatureView view : FEATURES.views()) {
      found.put(view, store.get(view, EntityKey.of(view, "JFK"), NOW));
    }
    FeatureLookup ready = (view, key, at) -> found.get(view);
    try (Predictor<Flight> bare = predictor(ready).build();
        Predictor<Flight> heard = predictor(ready).listener(plain).listener(choosy).build()) {
      long without = 0;
      long with = Long.MAX_VALUE;
      for (int round = 0; round < 60 && with - without >= PREDICTIONS; round++) {
        without = allocated(bare, "other");
        with = allocated(heard, "other");
      }
      assertThat(with - without)
          .as("bytes, of %d predictions", PREDICTIONS)
          .isLessThan(PREDICTIONS);
      assertThat(allocated(heard, "wanted") - with).isGreaterThan(16L * PREDICTIONS);
    }
  }

  private static long allocated(Predictor<Flight> predictor, String id) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    long before = threads.getThreadAllocatedBytes(thread);
    for (int i = 0; i < PREDICTIONS; i++) {
      predictor.predict(id, FLIGHT);
    }
    return threads.getThreadAllocatedBytes(thread) - before;
  }
}
