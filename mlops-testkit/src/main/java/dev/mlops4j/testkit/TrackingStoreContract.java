package dev.mlops4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.Digest;
import dev.mlops4j.MlopsException;
import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Schema;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.tracking.Liveness;
import dev.mlops4j.tracking.MadeArtifact;
import dev.mlops4j.tracking.MetricBatch;
import dev.mlops4j.tracking.MetricPoint;
import dev.mlops4j.tracking.NoSuchRunException;
import dev.mlops4j.tracking.ParamConflictException;
import dev.mlops4j.tracking.RunArtifact;
import dev.mlops4j.tracking.RunEndedException;
import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.RunStart;
import dev.mlops4j.tracking.RunStatus;
import dev.mlops4j.tracking.TrackingStore;
import dev.mlops4j.workspace.ProcessIdentity;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * What every {@link TrackingStore} must do. The author of a backend extends it and says how a store
 * is opened.
 */
public abstract class TrackingStoreContract {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00.123456Z");

  /** Takes every run for abandoned. */
  private static final Liveness DEAD =
      new Liveness(Instant.parse("2026-01-01T00:00:00Z"), process -> true);

  private static final String RUN = "run-1";
  private static final int THREADS = 8;

  private TrackingStore store;

  /** A kit for one kind of store. */
  protected TrackingStoreContract() {}

  /**
   * Opens the store of this test. The first call in a test gives an empty one; a later call opens
   * the same store anew, as another process does or this one after a restart, while those opened
   * before may still be in use.
   *
   * @throws IOException if it cannot be opened
   */
  protected abstract TrackingStore openStore() throws IOException;

  @BeforeEach
  void openEmptyStore() throws IOException {
    store = openStore();
  }

  /** Starting, finding and listing runs. */
  @Nested
  class Runs {

    @Test
    void anEmptyStoreHasNone() {
      assertThat(store.find(RUN)).isEmpty();
      assertThat(store.runs("delay")).isEmpty();
      assertThat(store.experiments()).isEmpty();
    }

    @Test
    void aNewRunIsRunningSeenAtItsStartAndHasNothing() {
      RunStart start = start(RUN, "delay", START);
      store.create(start);
      assertThat(store.find(RUN))
          .contains(
              new RunRecord(
                  start,
                  RunStatus.RUNNING,
                  START,
                  null,
                  null,
                  null,
                  new TreeMap<>(),
                  new TreeMap<>(),
                  new TreeMap<>(),
                  List.of(),
                  new TreeMap<>()));
    }

    @Test
    void aSecondRunOfTheSameIdIsRefusedAndTheFirstStays() {
      store.create(start(RUN, "delay", START));
      assertThatThrownBy(() -> store.create(start(RUN, "other", START)))
          .isInstanceOf(MlopsException.class);
      assertThat(found(RUN).experiment()).isEqualTo("delay");
      assertThat(store.experiments()).containsExactly("delay");
    }

    @Test
    void theRunsOfAnExperimentComeLatestFirstAndOfOneInstantLatestCreatedFirst() {
      store.create(start("b", "delay", START.plusSeconds(1)));
      store.create(start("a", "delay", START));
      store.create(start("c", "delay", START));
      store.create(start("d", "other", START.plusSeconds(9)));
      assertThat(store.runs("delay")).extracting(RunRecord::id).containsExactly("b", "c", "a");
      assertThat(store.experiments()).containsExactly("delay", "other");
    }

    @Test
    void runsThatAreNotDeletedAreCountedByExperiment() {
      assertThat(store.runCounts()).isEmpty();
      for (String id : List.of("a", "b", "c")) {
        store.create(start(id, id.equals("c") ? "other" : "delay", START));
        store.end(id, RunStatus.FINISHED, START, null);
      }
      assertThat(store.runCounts()).containsExactly(Map.entry("delay", 2L), Map.entry("other", 1L));
      store.delete(List.of("a", "c"), START, DEAD);
      assertThat(store.runCounts()).containsExactly(Map.entry("delay", 1L));
    }

    @Test
    void whatRunsHaveMadeIsToldOnceOfEachContentAndKindUntilTheyArePurged() {
      RunArtifact one = new RunArtifact("a/1", RunArtifact.Kind.FILE, Digest.of("1"), 1);
      RunArtifact alike = new RunArtifact("a/2", RunArtifact.Kind.FILE, Digest.of("1"), 1);
      RunArtifact tree = new RunArtifact("a/1", RunArtifact.Kind.MODEL, Digest.of("1"), 1);
      RunArtifact other = new RunArtifact("a/1", RunArtifact.Kind.FILE, Digest.of("2"), 2);
      assertThat(store.madeArtifacts()).isEmpty();
      for (String id : List.of("a", "b", "c")) {
        store.create(start(id, "delay", START));
      }
      store.putArtifacts("a", List.of(one, alike));
      store.putArtifacts("b", List.of(tree, alike));
      store.putArtifacts("c", List.of(other));
      List<MadeArtifact> made = store.madeArtifacts();
      assertThat(made)
          .hasSize(3)
          .contains(new MadeArtifact("b", tree), new MadeArtifact("c", other));
      assertThat(made)
          .allSatisfy(
              each -> assertThat(found(each.runId()).artifacts()).containsValue(each.artifact()));
      store.end("c", RunStatus.FINISHED, START, null);
      store.delete(List.of("c"), START, DEAD);
      assertThat(store.madeArtifacts()).hasSize(3).contains(new MadeArtifact("c", other));
      store.purge(START.plusSeconds(1), 10);
      assertThat(store.madeArtifacts())
          .hasSize(2)
          .extracting(MadeArtifact::runId)
          .doesNotContain("c");
    }

    @Test
    void everyRunOfAListHasWhatIsItsOwn() {
      for (String id : List.of("a", "b")) {
        store.create(start(id, "delay", START));
        fill(id);
      }
      store.addParams("b", Map.of("only", "b"));
      for (RunRecord run : store.runs("delay")) {
        assertThat(run).isEqualTo(found(run.id()));
      }
      assertThat(found("a").params()).containsOnlyKeys("depth");
      assertThat(found("b").params()).containsOnlyKeys("depth", "only");
    }

    @Test
    void namesAndValuesComeBackWhateverIsInThem() {
      String odd = "'; DROP TABLE run; -- % _ \" \\ <script> Größe 🛫";
      RunStart start =
          new RunStart(
              odd, odd, odd, START, ProcessIdentity.current(), new TreeMap<>(Map.of(odd, odd)));
      store.create(start);
      store.addParams(odd, Map.of(odd, odd));
      store.setTags(odd, Map.of(odd, odd));
      assertThat(found(odd).start()).isEqualTo(start);
      assertThat(found(odd).params()).containsExactly(Map.entry(odd, odd));
      assertThat(found(odd).tags()).containsExactly(Map.entry(odd, odd));
    }
  }

  /** Params, which are written once. */
  @Nested
  class Params {

    @BeforeEach
    void startRun() {
      store.create(start(RUN, "delay", START));
    }

    @Test
    void theSameValueAgainIsPassedOver() {
      store.addParams(RUN, Map.of("depth", "6"));
      store.addParams(RUN, Map.of("depth", "6", "rate", "0.1"));
      assertThat(found(RUN).params())
          .containsExactly(Map.entry("depth", "6"), Map.entry("rate", "0.1"));
    }

    @Test
    void ofParamsOfWhichOneConflictsNoneIsAdded() {
      store.addParams(RUN, Map.of("depth", "6"));
      assertThatThrownBy(() -> store.addParams(RUN, Map.of("a", "1", "depth", "7", "z", "1")))
          .isInstanceOfSatisfying(
              ParamConflictException.class,
              e -> {
                assertThat(e.runId()).isEqualTo(RUN);
                assertThat(e.key()).isEqualTo("depth");
                assertThat(e.stored()).isEqualTo("6");
                assertThat(e.given()).isEqualTo("7");
              });
      assertThat(found(RUN).params()).containsExactly(Map.entry("depth", "6"));
    }

    @Test
    void ofValuesGivenAtTheSameTimeExactlyOneIsStored() throws IOException {
      List<String> given = new ArrayList<>();
      List<CompletableFuture<Boolean>> results = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        TrackingStore own = i % 2 == 0 ? store : openStore();
        String value = Integer.toString(i);
        given.add(value);
        results.add(
            CompletableFuture.supplyAsync(
                () -> {
                  try {
                    own.addParams(RUN, Map.of("depth", value));
                    return true;
                  } catch (ParamConflictException e) {
                    return false;
                  }
                },
                task -> new Thread(task).start()));
      }
      List<Boolean> won = results.stream().map(CompletableFuture::join).toList();
      assertThat(won).containsOnlyOnce(true);
      assertThat(found(RUN).params())
          .containsExactly(Map.entry("depth", given.get(won.indexOf(true))));
    }
  }

  /** Series of metrics and their latest points. */
  @Nested
  class Metrics {

    @BeforeEach
    void startRun() {
      store.create(start(RUN, "delay", START));
    }

    @Test
    void aSeriesComesByStepAndTimeAndEqualPointsInTheOrderAdded() {
      MetricPoint early = point(1, 0, 0.1);
      MetricPoint late = point(1, 5, 0.2);
      MetricPoint again = point(1, 5, 0.3);
      MetricPoint first = point(-3, 9, 0.4);
      store.addMetrics(RUN, List.of(late, early));
      store.addMetrics(RUN, List.of(again, first, first));
      assertThat(store.series(RUN, "loss")).containsExactly(first, first, early, late, again);
      assertThat(store.series(RUN, "auc")).isEmpty();
    }

    @Test
    void theLatestHasTheGreatestStepThenTimeThenWasAddedLast() {
      store.addMetrics(RUN, List.of(point(5, 1, 0.5), point(4, 9, 0.4)));
      assertLatest(0.5);
      store.addMetrics(RUN, List.of(point(3, 99, 0.3)));
      assertLatest(0.5);
      store.addMetrics(RUN, List.of(point(5, 2, 0.6), point(5, 0, 0.7)));
      assertLatest(0.6);
      store.addMetrics(RUN, List.of(point(5, 2, 0.8)));
      assertLatest(0.8);
    }

    @Test
    void nanInfinitiesAndExtremesComeBack() {
      double[] values = {
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.MIN_VALUE,
        -Double.MAX_VALUE,
        0.1 + 0.2
      };
      for (int step = 0; step < values.length; step++) {
        store.addMetrics(RUN, List.of(point(step, 0, values[step])));
        assertLatest(values[step]);
      }
      MetricPoint far = point(Long.MAX_VALUE, 0, 1);
      store.addMetrics(RUN, List.of(far, point(Long.MIN_VALUE, 0, 1)));
      assertThat(found(RUN).metrics().get("loss")).isEqualTo(far);
      assertThat(store.series(RUN, "loss").subList(1, values.length + 1))
          .extracting(MetricPoint::value)
          .containsExactly(Arrays.stream(values).boxed().toArray(Double[]::new));
    }

    @Test
    void pointsOfAWriterThatAreWrittenAgainAreThereOnce() {
      MetricPoint first = point(1, 0, 0.1);
      MetricPoint second = point(2, 0, 0.2);
      MetricPoint third = point(3, 0, 0.3);
      store.addMetrics(RUN, new MetricBatch("writer", 0, List.of(first, second)));
      store.addMetrics(RUN, new MetricBatch("writer", 0, List.of(first, second)));
      store.addMetrics(RUN, new MetricBatch("writer", 0, List.of(first, second, third)));
      store.addMetrics(RUN, new MetricBatch("writer", 3, List.of(third)));
      store.addMetrics(RUN, new MetricBatch("other", 0, List.of(first)));
      assertThat(store.series(RUN, "loss")).containsExactly(first, first, second, third, third);
    }

    @Test
    void pointsAddedAtTheSameTimeAreAllThere() throws IOException {
      List<CompletableFuture<Void>> results = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        TrackingStore own = i % 2 == 0 ? store : openStore();
        int thread = i;
        results.add(
            CompletableFuture.runAsync(
                () -> {
                  for (int step = 0; step < 20; step++) {
                    own.addMetrics(RUN, List.of(point(step, thread, thread)));
                  }
                },
                task -> new Thread(task).start()));
      }
      results.forEach(CompletableFuture::join);
      assertThat(store.series(RUN, "loss")).hasSize(20 * THREADS);
      assertLatest(THREADS - 1);
    }

    private void assertLatest(double value) {
      assertThat(found(RUN).metrics())
          .hasEntrySatisfying(
              "loss", point -> assertThat(point.value()).isEqualTo(Double.valueOf(value)));
    }
  }

  /** Tags, datasets and artifacts. */
  @Nested
  class Belongings {

    @BeforeEach
    void startRun() {
      store.create(start(RUN, "delay", START));
    }

    @Test
    void aTagTakesTheLastValue() {
      store.setTags(RUN, Map.of("note", "first", "kept", "yes"));
      store.setTags(RUN, Map.of("note", "second"));
      assertThat(found(RUN).tags())
          .containsExactly(Map.entry("kept", "yes"), Map.entry("note", "second"));
    }

    @Test
    void datasetsComeInTheOrderAddedAndAnEqualOneOnce() {
      DatasetReference training = new DatasetReference("z", "training", Digest.of("1"), 5);
      DatasetReference test = new DatasetReference("z", "test", Digest.of("1"), 5);
      DatasetReference changed = new DatasetReference("z", "training", Digest.of("2"), 5);
      store.addDatasets(RUN, List.of(training, test));
      store.addDatasets(RUN, List.of(training, changed));
      assertThat(found(RUN).datasets()).containsExactly(training, test, changed);
    }

    @Test
    void theColumnsAndTheSourceOfADatasetAreKeptAsTheyWere() {
      Schema schema =
          Schema.builder()
              .required("origin \"o'x\" \u0000 Größe \uD83D\uDE00", ColumnType.STRING)
              .optional("embedding", ColumnType.floats(64))
              .optional("passenger", ColumnType.STRING)
              .sensitive("passenger")
              .build();
      DatasetReference known =
          new DatasetReference(
              "z", "training", Digest.of("1"), 5, schema, "SQL SELECT 'x'\n FROM \"y\" -- Größe");
      store.addDatasets(RUN, List.of(known, known.withRole("test").withSource("")));
      assertThat(found(RUN).datasets())
          .containsExactly(known, known.withRole("test").withSource(""));
    }

    @Test
    void whatWasNotKnownOfADatasetIsAddedAndWhatWasStays() {
      DatasetReference bare = new DatasetReference("z", "training", Digest.of("1"), 5);
      Schema schema = Schema.builder().optional("wind", ColumnType.FLOAT64).build();
      Schema other = Schema.builder().optional("rain", ColumnType.FLOAT64).build();
      DatasetReference known = new DatasetReference("z", "training", Digest.of("1"), 5, schema, "");
      store.addDatasets(RUN, List.of(bare));
      store.addDatasets(RUN, List.of(known, bare));
      store.addDatasets(
          RUN,
          List.of(
              new DatasetReference("z", "training", Digest.of("1"), 5, other, "CSV a"),
              new DatasetReference("z", "training", Digest.of("1"), 5, other, "CSV b")));
      assertThat(found(RUN).datasets()).containsExactly(known.withSource("CSV a"));
    }

    @Test
    void artifactsOfOneCallAreAllThere() {
      RunArtifact one = new RunArtifact("a/1", RunArtifact.Kind.FILE, Digest.of("1"), 1);
      RunArtifact two = new RunArtifact("a/2", RunArtifact.Kind.FILE, Digest.of("2"), 2);
      store.putArtifacts(RUN, List.of());
      store.putArtifacts(RUN, List.of(one, two));
      assertThat(found(RUN).artifacts().values()).containsExactly(one, two);
    }

    @Test
    void anArtifactReplacesTheOneAtItsPath() {
      RunArtifact first = new RunArtifact("a/b", RunArtifact.Kind.FILE, Digest.of("1"), 1);
      RunArtifact second = new RunArtifact("a/b", RunArtifact.Kind.MODEL, Digest.of("2"), 2);
      RunArtifact other = new RunArtifact("a/B", RunArtifact.Kind.FILE, Digest.of("1"), 1);
      store.putArtifact(RUN, first);
      store.putArtifact(RUN, other);
      store.putArtifact(RUN, second);
      assertThat(found(RUN).artifacts().values()).containsExactly(other, second);
    }
  }

  /** How runs end, and what may happen to them afterwards. */
  @Nested
  class Ends {

    @Test
    void anEndedRunHasItsStatusItsEndAndItsFailure() {
      store.create(start(RUN, "delay", START));
      store.end(RUN, RunStatus.FAILED, START.plusSeconds(7), "java.lang.Error: x\n\tat y");
      RunRecord run = found(RUN);
      assertThat(run.status()).isEqualTo(RunStatus.FAILED);
      assertThat(run.endedAt()).isEqualTo(START.plusSeconds(7));
      assertThat(run.seenAt()).isEqualTo(START.plusSeconds(7));
      assertThat(run.failure()).isEqualTo("java.lang.Error: x\n\tat y");
    }

    @Test
    void whateverIsWrittenToAnEndedRunIsRefusedAndChangesNothing() {
      store.create(start(RUN, "delay", START));
      fill(RUN);
      store.end(RUN, RunStatus.FINISHED, START, null);
      RunRecord before = found(RUN);
      for (Consumer<String> write : writes()) {
        assertThatThrownBy(() -> write.accept(RUN))
            .isInstanceOfSatisfying(
                RunEndedException.class,
                e -> {
                  assertThat(e.runId()).isEqualTo(RUN);
                  assertThat(e.status()).isEqualTo(RunStatus.FINISHED);
                });
      }
      store.heartbeat(Map.of(RUN, 0), START.plusSeconds(99));
      assertThat(found(RUN)).isEqualTo(before);
    }

    @Test
    void whateverIsWrittenToAnUnknownRunIsRefused() {
      for (Consumer<String> write : writes()) {
        assertThatThrownBy(() -> write.accept("unknown")).isInstanceOf(NoSuchRunException.class);
      }
      for (Consumer<String> write : annotations()) {
        assertThatThrownBy(() -> write.accept("unknown")).isInstanceOf(NoSuchRunException.class);
      }
      assertThatThrownBy(() -> store.series("unknown", "loss"))
          .isInstanceOf(NoSuchRunException.class);
      store.heartbeat(Map.of("unknown", 0), START);
      assertThat(store.find("unknown")).isEmpty();
    }

    @Test
    void whatPeopleSayOfARunMayBeWrittenAfterItsEnd() {
      store.create(start(RUN, "delay", START));
      fill(RUN);
      assertThat(found(RUN).notes()).isEmpty();
      store.setNotes(RUN, "first");
      store.end(RUN, RunStatus.FINISHED, START, null);
      annotations().forEach(write -> write.accept(RUN));
      assertThat(found(RUN).notes()).isEqualTo("# Größe\n\ttabs | 🛫 '; --");
      assertThat(found(RUN).tags()).containsExactly(Map.entry("new", "1"));
      store.removeTag(RUN, "note");
      store.setNotes(RUN, "");
      assertThat(found(RUN).notes()).isEmpty();
    }

    @Test
    void aKilledRunIsKilledWithItsReasonHoweverItIsRead() {
      store.create(start(RUN, "delay", START));
      store.end(RUN, RunStatus.KILLED, START.plusSeconds(1), "too slow");
      assertThat(found(RUN).status()).isEqualTo(RunStatus.KILLED);
      assertThat(found(RUN).failure()).isEqualTo("too slow");
      assertThat(store.runs("delay").get(0)).isEqualTo(found(RUN));
      assertThatThrownBy(() -> store.addParams(RUN, Map.of("new", "1")))
          .isInstanceOfSatisfying(
              RunEndedException.class, e -> assertThat(e.status()).isEqualTo(RunStatus.KILLED));
    }

    @Test
    void aHeartbeatIsNotedForTheRunsNamed() {
      store.create(start("a", "delay", START));
      store.create(start("b", "delay", START));
      store.heartbeat(Map.of("a", 0, "unknown", 0), START.plusSeconds(10));
      assertThat(found("a").seenAt()).isEqualTo(START.plusSeconds(10));
      assertThat(found("b").seenAt()).isEqualTo(START);
    }

    private List<Consumer<String>> writes() {
      return List.of(
          id -> store.addParams(id, Map.of("new", "1")),
          id -> store.addMetrics(id, List.of(point(9, 9, 9))),
          id -> store.addDatasets(id, List.of(new DatasetReference("n", "r", Digest.of("n"), 1))),
          id ->
              store.putArtifact(id, new RunArtifact("n", RunArtifact.Kind.FILE, Digest.of("n"), 1)),
          id -> store.end(id, RunStatus.FAILED, START, "again"));
    }

    private List<Consumer<String>> annotations() {
      return List.of(
          id -> store.setTags(id, Map.of("new", "1")),
          id -> store.removeTag(id, "note"),
          id -> store.setNotes(id, "# Größe\n\ttabs | 🛫 '; --"));
    }
  }

  /** Runs that are parts of others, and those that go on after their end. */
  @Nested
  class FamiliesAndResumes extends TrackingRunContract {

    @Override
    TrackingStore store() {
      return store;
    }

    @Override
    TrackingStore another() throws IOException {
      return openStore();
    }
  }

  /** What others see. */
  @Nested
  class Reopened {

    @Test
    void anotherInstanceSeesEveryCallThatHasReturned() throws IOException {
      store.create(start(RUN, "delay", START));
      fill(RUN);
      TrackingStore other = openStore();
      assertThat(other.find(RUN)).isEqualTo(store.find(RUN));
      other.end(RUN, RunStatus.FINISHED, START, null);
      assertThat(store.find(RUN)).isEqualTo(other.find(RUN));
      assertThat(openStore().series(RUN, "loss")).hasSize(1);
    }
  }

  /** Searching runs. */
  @Nested
  class Searches extends TrackingSearchContract {

    @Override
    TrackingStore store() {
      return store;
    }
  }

  /** Adding runs that ended elsewhere. */
  @Nested
  class Additions extends TrackingAdditionContract {

    @Override
    TrackingStore store() {
      return store;
    }
  }

  /** Deleting runs, taking that back, and removing them for good. */
  @Nested
  class Deletion {

    @BeforeEach
    void startRuns() {
      for (String id : List.of("a", "b")) {
        store.create(start(id, "delay", START));
        fill(id);
        store.end(id, RunStatus.FINISHED, START, null);
      }
    }

    @Test
    void aDeletedRunIsFoundByItsIdAlone() {
      RunRecord before = found("a");
      store.delete("a", START.plusSeconds(9), DEAD);
      store.delete("a", START.plusSeconds(10), DEAD);
      assertThat(store.runs("delay")).extracting(RunRecord::id).containsExactly("b");
      assertThat(found("a").deletedAt()).isEqualTo(START.plusSeconds(9));
      assertThat(found("a").params()).isEqualTo(before.params());
      assertThat(store.series("a", "loss")).hasSize(1);
      store.delete("b", START, DEAD);
      assertThat(store.experiments()).isEmpty();
    }

    @Test
    void aRestoredRunIsAsItWas() {
      RunRecord before = found("a");
      store.delete("a", START, DEAD);
      store.restore("a");
      store.restore("a");
      assertThat(found("a")).isEqualTo(before);
      assertThat(store.runs("delay")).hasSize(2);
    }

    @Test
    void onlyRunsDeletedBeforeThatArePurgedAndNothingIsLeftOfThem() {
      store.delete("b", START.plusSeconds(5), DEAD);
      store.delete("a", START.plusSeconds(6), DEAD);
      assertThat(store.purge(START.plusSeconds(5), 10)).isEmpty();
      assertThat(store.purge(START.plusSeconds(99), 1)).containsExactly("b");
      assertThat(store.find("b")).isEmpty();
      assertThat(found("a").params()).hasSize(1);
      assertThat(store.purge(START.plusSeconds(99), 10)).containsExactly("a");
      assertThat(store.purge(START.plusSeconds(99), 10)).isEmpty();
      assertThatThrownBy(() -> store.series("a", "loss")).isInstanceOf(NoSuchRunException.class);
      store.create(start("a", "delay", START));
      assertThat(found("a").params()).isEmpty();
      assertThat(store.series("a", "loss")).isEmpty();
      assertThat(found("a").environment()).isNotEmpty();
    }

    @Test
    void anUnknownRunCanNeitherBeDeletedNorRestored() {
      assertThatThrownBy(() -> store.delete("unknown", START, DEAD))
          .isInstanceOf(NoSuchRunException.class);
      assertThatThrownBy(() -> store.restore("unknown")).isInstanceOf(NoSuchRunException.class);
    }
  }

  private void fill(String run) {
    store.addParams(run, Map.of("depth", "6"));
    store.addMetrics(run, List.of(point(1, 1, 0.5)));
    store.setTags(run, Map.of("note", "x"));
    store.addDatasets(run, List.of(new DatasetReference("d", "training", Digest.of("d"), 3)));
    store.putArtifact(run, new RunArtifact("a", RunArtifact.Kind.FILE, Digest.of("a"), 3));
  }

  private RunRecord found(String id) {
    return store.find(id).orElseThrow();
  }

  private static RunStart start(String id, String experiment, Instant at) {
    TreeMap<String, String> environment = new TreeMap<>(Map.of("java", "17", "os", "Linux"));
    return new RunStart(
        id, experiment, "name of " + id, at, ProcessIdentity.current(), environment);
  }

  private static MetricPoint point(long step, long second, double value) {
    return new MetricPoint("loss", step, START.plusSeconds(second), value);
  }
}
