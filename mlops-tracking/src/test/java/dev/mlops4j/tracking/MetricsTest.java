package dev.mlops4j.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.storage.StorageException;
import dev.mlops4j.storage.StorageFullException;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsTest {

  @TempDir Path directory;
  private final MovableClock clock = new MovableClock();
  private Workspace workspace;
  private FailingStore store;
  private Tracking tracking;

  @BeforeEach
  void open() {
    workspace = Workspace.at(directory).systemClock(clock).open();
    store = new FailingStore(new JdbcTrackingStore(workspace.database(Area.METADATA)));
    tracking = Tracking.over(store.proxy(), workspace.artifacts(), clock);
  }

  @AfterEach
  void close() {
    tracking.close();
    workspace.close();
  }

  @Test
  void aSeriesComesBackInOrderWithItsTimes() {
    try (Run run = tracking.start("delay")) {
      run.metric("auc", 1, 0.6);
      clock.advance(Duration.ofSeconds(1));
      run.metric("auc", 0, 0.5);
      run.flush();

      assertThat(tracking.series(run.id(), "auc"))
          .containsExactly(
              new MetricPoint("auc", 0, clock.instant(), 0.5),
              new MetricPoint("auc", 1, clock.instant().minusSeconds(1), 0.6));
      assertThat(tracking.series(run.id(), "loss")).isEmpty();
    }
  }

  @Test
  void nanAndInfinitiesComeBackInTheSeriesAndAsTheLatest() {
    double[] values = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e-320};
    for (double last : values) {
      RunRecord ended =
          tracking.run(
              "delay",
              run -> {
                for (int step = 0; step < values.length; step++) {
                  run.metric("loss", step, values[step]);
                }
                run.metric("loss", values.length, last);
              });
      assertThat(ended.metric("loss")).isEqualTo(Double.valueOf(last));
      assertThat(tracking.series(ended.id(), "loss"))
          .extracting(MetricPoint::value)
          .startsWith(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e-320);
    }
  }

  @Test
  void theLatestIsTheGreatestStepThenTimeWhateverTheOrderAndTheFlushes() {
    Run run = tracking.start("delay");
    run.metric("auc", 5, 0.5);
    run.flush();
    run.metric("auc", 4, 0.4);
    run.metric("auc", 3, 0.9);
    run.flush();
    assertThat(tracking.run(run.id()).metric("auc")).isEqualTo(0.5);

    clock.advance(Duration.ofMillis(1));
    run.metric("auc", 5, 0.55);
    run.metric("auc", 5, 0.56);
    run.close();
    assertThat(tracking.run(run.id()).metric("auc")).isEqualTo(0.56);
  }

  @Test
  void aFullBufferIsWrittenByTheCallAndDropsNothing() {
    Run run = tracking.start("delay");
    int points = 3 * Run.BUFFERED_POINTS + 7;
    for (int step = 0; step < points; step++) {
      run.metric("loss", step, step);
    }
    run.close();
    List<MetricPoint> series = tracking.series(run.id(), "loss");
    assertThat(series).hasSize(points);
    assertThat(series.get(points - 1).value()).isEqualTo(points - 1);
  }

  @Test
  void pointsFromManyThreadsAreAllThere() throws Exception {
    int threads = 8;
    int each = 5_000;
    Run run = tracking.start("delay");
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    List<Future<?>> done = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      String key = "loss-" + t;
      done.add(
          executor.submit(
              () -> {
                for (int step = 0; step < each; step++) {
                  run.metric(key, step, step);
                }
              }));
    }
    for (Future<?> one : done) {
      one.get();
    }
    executor.shutdown();
    run.close();
    for (int t = 0; t < threads; t++) {
      assertThat(tracking.series(run.id(), "loss-" + t)).hasSize(each);
    }
  }

  @Test
  void pointsThatCouldNotBeWrittenAreKeptAndWrittenLater() {
    Run run = tracking.start("delay");
    store.fail(true);
    run.metric("loss", 1, 0.1);

    assertThatThrownBy(run::flush).isInstanceOf(StorageFullException.class);
    run.metric("loss", 2, 0.2);
    assertThatThrownBy(run::close).isInstanceOf(StorageFullException.class);
    store.fail(false);
    run.close();

    assertThat(tracking.series(run.id(), "loss"))
        .extracting(MetricPoint::value)
        .containsExactly(0.1, 0.2);
    assertThat(tracking.run(run.id()).status()).isEqualTo(RunStatus.FINISHED);
  }

  @Test
  void pointsWhoseWriteArrivedWithoutAnAnswerAreStoredOnce() {
    Run run = tracking.start("delay");
    run.metric("auc", 1, 0.1);
    run.flush();
    run.metric("auc", 2, 0.2);
    run.metric("loss", 2, 0.3);
    store.loseAnswers(true);
    assertThatThrownBy(run::flush).isInstanceOf(StorageException.class);
    run.metric("auc", 3, 0.4);
    assertThatThrownBy(run::flush).isInstanceOf(StorageException.class);
    store.loseAnswers(false);
    run.metric("auc", 4, 0.5);
    run.close();

    assertThat(tracking.series(run.id(), "auc"))
        .extracting(MetricPoint::value)
        .containsExactly(0.1, 0.2, 0.4, 0.5);
    assertThat(tracking.series(run.id(), "loss")).hasSize(1);
  }

  @Test
  void anEndThatArrivedWithoutAnAnswerIsFoundWhenItIsTriedAgain() {
    Run run = tracking.start("delay");
    run.metric("auc", 1, 0.1);
    store.loseAnswers(true);
    assertThatThrownBy(run::close).isInstanceOf(StorageException.class);
    store.loseAnswers(false);
    clock.advance(Duration.ofSeconds(1));
    run.close();
    run.tend();

    assertThat(tracking.run(run.id()).status()).isEqualTo(RunStatus.FINISHED);
    assertThat(tracking.series(run.id(), "auc")).hasSize(1);
    assertThatThrownBy(() -> run.param("a", "b")).isInstanceOf(RunEndedException.class);
  }

  @Test
  void anEndThatCouldNotBeWrittenIsWrittenInTheBackgroundAndTheRunDoesNotBeatMeanwhile() {
    Run run = tracking.start("delay");
    run.metric("auc", 1, 0.1);
    store.fail(true);
    assertThatThrownBy(() -> run.fail(new IllegalStateException("diverged")))
        .isInstanceOf(StorageFullException.class);
    assertThat(run.isBeating()).isFalse();
    store.fail(false);
    clock.advance(Tracking.HEARTBEAT_INTERVAL);
    run.tend();

    RunRecord ended = tracking.run(run.id());
    assertThat(ended.status()).isEqualTo(RunStatus.FAILED);
    assertThat(ended.failure()).contains("diverged");
    assertThat(ended.endedAt()).isEqualTo(clock.instant().minus(Tracking.HEARTBEAT_INTERVAL));
    assertThat(ended.metric("auc")).isEqualTo(0.1);
  }

  @Test
  void aTrackingThatClosesEndsARunAsItWasToEnd() {
    Run run = tracking.start("delay");
    store.fail(true);
    assertThatThrownBy(run::close).isInstanceOf(StorageFullException.class);
    store.fail(false);
    tracking.close();

    assertThat(new JdbcTrackingStore(workspace.database(Area.METADATA)).find(run.id()))
        .hasValueSatisfying(ended -> assertThat(ended.status()).isEqualTo(RunStatus.FINISHED));
  }

  @Test
  void aRunThatWasEndedElsewhereIsLeftByTheBackgroundAndSaysOnceWhatIsLost() {
    Run run = tracking.start("delay");
    run.metric("auc", 1, 0.1);
    new JdbcTrackingStore(workspace.database(Area.METADATA))
        .end(run.id(), RunStatus.KILLED, clock.instant(), "elsewhere");
    try {
      run.tend();
    } catch (RunEndedException e) {
      assertThat(e.status()).isEqualTo(RunStatus.KILLED);
    }
    run.tend();

    assertThatThrownBy(run::close)
        .isInstanceOf(RunEndedException.class)
        .hasMessageContaining("KILLED");
    run.close();
    assertThatThrownBy(() -> run.metric("auc", 1)).isInstanceOf(RunEndedException.class);
  }

  /** A run whose end with depth 6 could not be written before another process logged 5. */
  private Run endIsRefused() {
    Run run = tracking.start("delay");
    store.fail(true);
    assertThatThrownBy(() -> run.finish(Map.of("depth", "6"), Map.of(), List.of()))
        .isInstanceOf(StorageFullException.class);
    elsewhere().addParams(run.id(), Map.of("depth", "5"));
    store.fail(false);
    return run;
  }

  @Test
  void anEndWhoseParamsAreRefusedIsNotAskedForAgainAndTheRunGoesOn() {
    Run run = endIsRefused();
    try {
      run.tend();
    } catch (ParamConflictException e) {
      assertThat(e.stored()).isEqualTo("5");
    }
    run.tend();

    assertThat(run.isBeating()).isTrue();
    assertThatThrownBy(run::close).isInstanceOf(ParamConflictException.class);
    run.close();
    assertThat(tracking.run(run.id()).status()).isEqualTo(RunStatus.FINISHED);
    assertThat(tracking.run(run.id()).params()).containsEntry("depth", "5");
  }

  @Test
  void whatARefusedEndSaidIsForgottenOnceTheRunHasEndedOtherwise() {
    Run run = endIsRefused();
    try {
      run.tend();
    } catch (ParamConflictException e) {
      assertThat(e.given()).isEqualTo("6");
    }
    run.finish(Map.of("depth", "5"), Map.of(), List.of());
    run.close();

    assertThat(tracking.run(run.id()).status()).isEqualTo(RunStatus.FINISHED);
  }

  @Test
  void aRunThatWasPurgedIsLeftByTheBackground() {
    Run run = tracking.start("delay");
    run.metric("auc", 1, 0.1);
    store.fail(true);
    TrackingStore elsewhere = elsewhere();
    elsewhere.end(run.id(), RunStatus.KILLED, clock.instant(), "elsewhere");
    elsewhere.delete(run.id(), clock.instant(), Liveness.at(clock.instant()));
    elsewhere.purge(clock.instant().plusSeconds(1), 1);
    store.fail(false);
    try {
      run.tend();
    } catch (NoSuchRunException e) {
      assertThat(e.runId()).isEqualTo(run.id());
    }
    run.tend();

    assertThatThrownBy(run::close).isInstanceOf(NoSuchRunException.class);
    run.close();
    assertThatThrownBy(() -> run.metric("auc", 1)).isInstanceOf(RunEndedException.class);
  }

  private TrackingStore elsewhere() {
    return new JdbcTrackingStore(workspace.database(Area.METADATA));
  }

  @Test
  void aPointForWhichThereIsNoRoomIsRefusedAndThoseBeforeAreKept() {
    Run run = tracking.start("delay");
    store.fail(true);
    for (int step = 0; step < Run.BUFFERED_POINTS; step++) {
      run.metric("loss", step, step);
    }
    assertThatThrownBy(() -> run.metric("loss", -1, 0)).isInstanceOf(StorageFullException.class);
    store.fail(false);
    run.close();
    assertThat(tracking.series(run.id(), "loss")).hasSize(Run.BUFFERED_POINTS);
  }

  @Test
  void aRunThatCannotBeEndedAsFailedThrowsWhatMadeItFail() {
    IllegalStateException cause = new IllegalStateException("diverged");
    assertThatThrownBy(
            () ->
                tracking.run(
                    "delay",
                    run -> {
                      store.fail(true);
                      run.metric("loss", 1, Double.NaN);
                      throw cause;
                    }))
        .isSameAs(cause);
    assertThat(cause.getSuppressed()).hasAtLeastOneElementOfType(StorageFullException.class);
    store.fail(false);
  }
}
