package dev.mlops4j.feature;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.feature.Aggregation.mean;
import static dev.mlops4j.feature.Flights.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.Digest;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training set as of a moment stays what it is, however much is pushed after that moment. */
class TrainingWhilePushingTest {

  private static final int PUSHERS = 2;
  private static final int TRAINING_SETS = 25;
  private static final Instant AS_OF = at("12:00");

  private static final FeatureView VIEW =
      FeatureView.named("departures")
          .key("origin", STRING)
          .eventTime("departed_at")
          .feature("delay", FLOAT64)
          .feature("mean_delay_1h", mean("delay").over(Duration.ofHours(1)))
          .build();
  private static final FeatureSet<Question> SET =
      FeatureSet.named("set", Question.class)
          .at(Question::at)
          .lookup(VIEW.as("v"), Question::origin)
          .build();
  private static final Target<Question, Boolean> LABEL = Target.binary("label", Question::label);

  record Question(String origin, Instant at, boolean label) {}

  private final MutableClock clock = new MutableClock(at("06:00"));

  @Test
  void inAWorkspace(@TempDir Path directory) throws Exception {
    try (Workspace workspace = Workspace.at(directory).clock(clock).open()) {
      trainWhilePushing(FeatureStore.in(workspace));
    }
  }

  @Test
  void inMemory() throws Exception {
    trainWhilePushing(FeatureStore.inMemory(clock));
  }

  private void trainWhilePushing(FeatureStore store) throws Exception {
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      clock.set(at("06:00").plus(Duration.ofMinutes(i)));
      push(store, random, clock.instant());
    }
    List<Question> questions = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      Instant asked = at("06:00").plusSeconds(random.nextInt(6 * 3600));
      questions.add(new Question(origin(random), asked, random.nextBoolean()));
    }
    clock.set(AS_OF);
    Digest before = store.trainingSet(SET, questions, LABEL, AS_OF).digest();
    clock.set(AS_OF.plusNanos(1_000));

    ExecutorService pushers = Executors.newFixedThreadPool(PUSHERS);
    try {
      AtomicBoolean done = new AtomicBoolean();
      CountDownLatch pushing = new CountDownLatch(PUSHERS);
      List<Future<Integer>> pushed = new ArrayList<>();
      for (int i = 0; i < PUSHERS; i++) {
        Random own = new Random(i);
        pushed.add(pushers.submit(() -> pushUntil(store, own, pushing, done)));
      }
      pushing.await();
      for (int i = 0; i < TRAINING_SETS; i++) {
        assertThat(store.trainingSet(SET, questions, LABEL, AS_OF).digest())
            .as("training set %d", i)
            .isEqualTo(before);
      }
      done.set(true);
      int count = 0;
      for (Future<Integer> each : pushed) {
        count += each.get();
      }
      assertThat(store.views().get(0).events()).isEqualTo(200 + count);
      assertThat(store.trainingSet(SET, questions, LABEL, AS_OF).digest()).isEqualTo(before);
      List<Question> later =
          questions.stream().map(q -> new Question(q.origin(), clock.instant(), true)).toList();
      assertThat(store.trainingSet(SET, later, LABEL).dataset().column("v.delay").get(0))
          .as("what was pushed is seen by questions after it")
          .isEqualTo(
              store
                  .get(VIEW, EntityKey.of(VIEW, later.get(0).origin()), clock.instant())
                  .value("delay"));
    } finally {
      pushers.shutdownNow();
    }
  }

  private static int pushUntil(
      FeatureStore store, Random random, CountDownLatch pushing, AtomicBoolean done) {
    int count = 0;
    while (!done.get()) {
      // Of before the training set's moment, but not known then.
      push(store, random, at("06:00").plusSeconds(random.nextInt(6 * 3600)));
      count++;
      if (count == 1) {
        pushing.countDown();
      }
    }
    return count;
  }

  private static void push(FeatureStore store, Random random, Instant time) {
    store.push(
        VIEW,
        Map.of("origin", origin(random), "departed_at", time, "delay", random.nextGaussian()));
  }

  private static String origin(Random random) {
    return random.nextBoolean() ? "JFK" : "LGA";
  }
}
