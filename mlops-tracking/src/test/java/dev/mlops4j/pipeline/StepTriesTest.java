package dev.mlops4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.RunStatus;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tries, timeouts and cancellations. */
class StepTriesTest {

  @TempDir Path directory;
  private Workspace workspace;

  @BeforeEach
  void open() {
    workspace = Workspace.open(directory);
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  @Test
  void aTransientErrorIsTriedAgainAndAnotherIsNot() {
    AtomicInteger tries = new AtomicInteger();
    Retry twice = Retry.times(2).backOff(Duration.ofMillis(1)).on(IOException.class);
    Pipeline.Builder p = Pipeline.named("tries");
    Step<Integer> third =
        p.step("third")
            .retry(twice)
            .gives(
                Outputs.json(Integer.class),
                step -> {
                  if (step.attempt() < 3) {
                    throw new UncheckedIOException(new IOException("not yet"));
                  }
                  return step.attempt();
                });
    Step<Integer> seen =
        p.step("seen")
            .from(third)
            .gives(
                Outputs.json(Integer.class),
                (step, n) -> {
                  try (Tracking tracking = Tracking.in(workspace)) {
                    String id = step.pipelineRun().id();
                    return PipelineReport.read(tracking, id).steps().stream()
                        .filter(each -> each.name().equals("third"))
                        .mapToInt(StepResult::attempts)
                        .sum();
                  }
                });
    p.step("never")
        .retry(twice)
        .gives(
            Outputs.json(Integer.class),
            step -> {
              throw new IOException("try " + step.attempt());
            });
    Step<Integer> other =
        p.step("other")
            .retry(twice)
            .gives(
                Outputs.json(Integer.class),
                step -> {
                  tries.incrementAndGet();
                  throw new IllegalStateException("a bug");
                });
    List<String> retried = Collections.synchronizedList(new ArrayList<>());
    PipelineListener listener =
        new PipelineListener() {
          @Override
          public void stepRetried(String step, int attempt, Throwable failure) {
            retried.add(step + attempt);
          }
        };
    PipelineRun run = p.build().in(workspace).threads(1).listener(listener).run();

    assertThat(run.output(third)).isEqualTo(3);
    assertThat(run.step(third).attempts()).isEqualTo(3);
    assertThat(run.failures().get("never")).hasMessage("try 3");
    assertThat(run.step(other).status()).isEqualTo(StepStatus.FAILED);
    assertThat(tries).hasValue(1);
    assertThat(retried).containsExactlyInAnyOrder("third1", "third2", "never1", "never2");
    try (Tracking tracking = Tracking.in(workspace)) {
      byte[] log = tracking.artifact(String.valueOf(run.step(third).runId()), StepLog.PATH);
      assertThat(new String(log, StandardCharsets.UTF_8))
          .contains("try 1 failed", "try 2 failed", "not yet");
      RunRecord never = tracking.run(String.valueOf(run.step("never").runId()));
      assertThat(never.tags()).containsEntry(StepTags.ATTEMPTS, "3");
    }
    assertThat(run.output(seen)).as("by the report of a run that goes on").isEqualTo(3);
  }

  @Test
  void theWaitsDoubleUpToALimitAndLoseAtMostAHalf() {
    Retry retry = Retry.times(100).backOff(Duration.ofSeconds(1)).on(IOException.class);
    Random random = new Random(1);
    for (int tried = 1; tried <= 100; tried++) {
      double full = Math.min(Math.pow(2, tried - 1), (double) Retry.MOST_BACK_OFF.toSeconds());
      double seconds = retry.delay(tried, random).toNanos() / 1e9;
      assertThat(seconds).isBetween(full / 2, full);
    }
  }

  @Test
  void aStepThatTakesTooLongIsInterruptedAndFailsWithItsTimeout() {
    AtomicBoolean interrupted = new AtomicBoolean();
    CountDownLatch never = new CountDownLatch(1);
    Pipeline.Builder p = Pipeline.named("late");
    Step<Integer> late =
        p.step("late")
            .timeout(Duration.ofMillis(20))
            .gives(
                Outputs.json(Integer.class),
                step -> {
                  try {
                    never.await();
                  } catch (InterruptedException e) {
                    interrupted.set(true);
                    throw e;
                  }
                  return 1;
                });
    Step<Boolean> next =
        p.step("next")
            .gives(Outputs.json(Boolean.class), step -> Thread.currentThread().isInterrupted());
    PipelineRun run = p.build().in(workspace).threads(1).run();

    assertThat(run.failures().get("late"))
        .isInstanceOf(StepTimeoutException.class)
        .hasMessage("step \"late\" took longer than its timeout of PT0.02S");
    assertThat(interrupted).isTrue();
    assertThat(run.step(late).status()).isEqualTo(StepStatus.FAILED);
    assertThat(run.output(next)).isFalse();
  }

  @Test
  void aCancelledRunInterruptsWhatGoesOnAndDoesNothingMore() throws InterruptedException {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    Pipeline.Builder p = Pipeline.named("cancelled");
    Step<Integer> done = p.step("done").gives(Outputs.json(Integer.class), step -> 1);
    Step<Integer> slow =
        p.step("slow")
            .from(done)
            .gives(
                Outputs.json(Integer.class),
                (step, n) -> {
                  entered.countDown();
                  never.await();
                  return n;
                });
    Step<Integer> waits =
        p.step("waits")
            .retry(Retry.times(1).backOff(Retry.MOST_BACK_OFF).on(IOException.class))
            .from(done)
            .gives(
                Outputs.json(Integer.class),
                (step, n) -> {
                  throw new IOException("again in minutes");
                });
    Step<Integer> after =
        p.step("after").from(slow).gives(Outputs.json(Integer.class), (step, n) -> n);
    CountDownLatch retried = new CountDownLatch(1);
    RunningPipeline running =
        p.build()
            .in(workspace)
            .threads(2)
            .listener(
                new PipelineListener() {
                  @Override
                  public void stepRetried(String step, int attempt, Throwable failure) {
                    retried.countDown();
                  }
                })
            .start();
    entered.await();
    retried.await();
    running.cancel();
    PipelineRun run = running.await();

    assertThat(run.status()).isEqualTo(RunStatus.KILLED);
    assertThat(run.step(done).status()).isEqualTo(StepStatus.FINISHED);
    assertThat(run.step(slow).status()).isEqualTo(StepStatus.CANCELLED);
    assertThat(run.step(waits).status()).isEqualTo(StepStatus.CANCELLED);
    assertThat(run.step(after).status().hasOutput()).isFalse();
    try (Tracking tracking = Tracking.in(workspace)) {
      assertThat(tracking.run(run.id()).status()).isEqualTo(RunStatus.KILLED);
      assertThat(tracking.run(String.valueOf(run.step(slow).runId())).status())
          .isEqualTo(RunStatus.KILLED);
    }
  }

  @Test
  void anInterruptOfTheCallerCancelsTheRunAndIsKept() throws InterruptedException {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    Pipeline.Builder p = Pipeline.named("interrupted");
    p.step("slow")
        .gives(
            Outputs.json(Integer.class),
            step -> {
              entered.countDown();
              never.await();
              return 1;
            });
    Pipeline pipeline = p.build();
    AtomicBoolean kept = new AtomicBoolean();
    List<PipelineRun> runs = Collections.synchronizedList(new ArrayList<>());
    Thread caller =
        new Thread(
            () -> {
              runs.add(pipeline.in(workspace).run());
              kept.set(Thread.currentThread().isInterrupted());
            });
    caller.start();
    entered.await();
    caller.interrupt();
    caller.join();

    assertThat(runs).extracting(PipelineRun::status).containsExactly(RunStatus.KILLED);
    assertThat(kept).isTrue();
  }

  @Test
  void aListenerThatThrowsChangesNothing() {
    Pipeline.Builder p = Pipeline.named("listened");
    p.step("one").gives(Outputs.json(Integer.class), step -> 1);
    PipelineListener bad =
        new PipelineListener() {
          @Override
          public void stepEnded(StepResult step) {
            throw new AssertionError("a bug of the listener");
          }
        };
    assertThat(p.build().in(workspace).listener(bad).run().status()).isEqualTo(RunStatus.FINISHED);
  }
}
