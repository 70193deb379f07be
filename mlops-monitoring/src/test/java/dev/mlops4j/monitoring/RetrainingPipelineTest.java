package dev.mlops4j.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.monitoring.RetrainingRecord.State;
import dev.mlops4j.pipeline.Outputs;
import dev.mlops4j.pipeline.Pipeline;
import dev.mlops4j.pipeline.PipelineRun;
import dev.mlops4j.pipeline.RunningPipeline;
import dev.mlops4j.tracking.RunStatus;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A retraining that is the run of a pipeline. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RetrainingPipelineTest {

  @TempDir Path directory;
  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final AtomicReference<Thread> worker = new AtomicReference<>();
  private Workspace workspace;
  private Pipeline pipeline;

  @BeforeEach
  void open() {
    workspace = Workspace.open(directory.resolve("workspace"));
    Pipeline.Builder p = Pipeline.named("parcels");
    p.step("train")
        .gives(
            Outputs.json(Integer.class),
            step -> {
              entered.countDown();
              release.await();
              return 1;
            });
    pipeline = p.build();
  }

  @AfterEach
  void close() {
    release.countDown();
    workspace.close();
  }

  private Retraining retraining() {
    return Retraining.of(TestData.MODEL)
        .in(workspace)
        .on(AlertKind.CALIBRATION)
        .coolDown(Duration.ZERO)
        .executor(
            work -> {
              Thread thread = new Thread(work);
              worker.set(thread);
              thread.start();
            })
        .pipeline(trigger -> pipeline.in(workspace).tag("why", "alert"))
        .build();
  }

  @Test
  void oneThatAnAlertCallsForWaitsForARunByHandAndIsDoneWithoutAnotherAlert() throws Exception {
    RunningPipeline byHand = pipeline.in(workspace).start();
    entered.await();
    Retraining retraining = retraining();
    retraining.alert(alert());
    Thread thread = worker.get();
    while (thread.getState() != Thread.State.TIMED_WAITING && thread.isAlive()) {
      Thread.onSpinWait();
    }
    release.countDown();
    PipelineRun before = byHand.await();
    thread.join();
    RetrainingRecord record = retraining.history().get(0);
    assertThat(record.state()).isEqualTo(State.DONE);
    assertThat(record.result().orElseThrow()).doesNotContain(before.id());
    try (Tracking tracking = Tracking.in(workspace)) {
      assertThat(tracking.runs("parcels", RunStatus.FINISHED))
          .filteredOn(run -> run.tags().containsKey("retraining"))
          .singleElement()
          .satisfies(
              run ->
                  assertThat(run.tags())
                      .containsEntry("why", "alert")
                      .containsEntry("retraining", record.id())
                      .containsEntry("retraining.alert", "a")
                      .containsEntry("retraining.why", String.join("; ", record.why())));
    }
  }

  @Test
  void whatTheCloseOfItsWorkspaceCutsOffHasNotFailedAndIsGoneOnWith() throws Exception {
    workspace.onClose(() -> worker.get().join());
    retraining().alert(alert());
    entered.await();
    workspace.close();
    release.countDown();
    workspace = Workspace.open(directory.resolve("workspace"));

    Retraining next = retraining();
    RetrainingRecord left = next.history().get(0);
    assertThat(left.state()).isEqualTo(State.PENDING);
    assertThat(next.resume()).isTrue();
    worker.get().join();
    assertThat(next.history())
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.state()).isEqualTo(State.DONE);
              assertThat(record.runId()).isEqualTo(left.runId());
            });
  }

  private static Alert alert() {
    Verdict verdict =
        new Verdict(
            "x",
            AlertKind.CALIBRATION,
            Verdict.Status.ALERT,
            Aspect.SHARE,
            null,
            0.3,
            0.001,
            0.01,
            9,
            9,
            "more");
    Instant end = TestData.SERVING.plus(TestData.WEEK);
    return new Alert(
        "a",
        TestData.MODEL,
        1,
        List.of(1),
        AlertKind.CALIBRATION,
        "x",
        TestData.SERVING,
        end,
        end,
        0,
        verdict,
        end);
  }
}
