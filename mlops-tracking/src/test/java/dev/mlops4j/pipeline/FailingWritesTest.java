package dev.mlops4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.tracking.PastRun;
import dev.mlops4j.tracking.Run;
import dev.mlops4j.tracking.RunExistsException;
import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.RunStatus;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A database that refuses some of what a run records. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FailingWritesTest {

  @TempDir Path directory;
  private Workspace workspace;
  private Tracking tracking;

  @BeforeEach
  void open() {
    workspace = Workspace.open(directory.resolve("workspace"));
    tracking = Tracking.in(workspace);
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  private void sql(String statement) {
    int unused = workspace.database(Area.METADATA).write(tx -> tx.update(statement));
  }

  private void refuse(String table, String when) {
    sql(
        "CREATE TRIGGER refuse BEFORE INSERT ON "
            + table
            + " WHEN "
            + when
            + " BEGIN SELECT RAISE(ABORT, 'refused'); END");
  }

  private static Pipeline cached() {
    Pipeline.Builder p = Pipeline.named("cached");
    p.step("one").cached().gives(Outputs.json(Integer.class), step -> 1);
    return p.build();
  }

  @Test
  void aRunWhoseOutputTheCacheCannotKeepEndsAndIsToldOf() {
    Pipeline pipeline = cached();
    pipeline.in(workspace).run().orThrow();
    refuse("pipeline_output", "NEW.step = 'one'");
    List<RunStatus> told = new ArrayList<>();
    PipelineListener listener =
        new PipelineListener() {
          @Override
          public void ended(PipelineReport report) {
            told.add(report.status());
          }
        };
    PipelineRun run = pipeline.in(workspace).refreshAll().listener(listener).run();
    assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
    assertThat(tracking.run(run.id()).status()).isEqualTo(RunStatus.FINISHED);
    assertThat(told).containsExactly(RunStatus.FINISHED);
    sql("DROP TRIGGER refuse");
    PipelineRun next = pipeline.in(workspace).refreshAll().run();
    assertThat(next.step("one").status())
        .as("no claim is left over")
        .isEqualTo(StepStatus.FINISHED);
  }

  @Test
  void aRunEndsAlthoughWhatNobodyWaitsForIsLost() {
    Pipeline pipeline = cached();
    pipeline.in(workspace).run().orThrow();
    refuse("run", "NEW.name = 'one'");
    PipelineRun run = pipeline.in(workspace).run();
    assertThat(run.step("one").status()).isEqualTo(StepStatus.CACHED);
    assertThat(tracking.run(run.id()).status()).isEqualTo(RunStatus.FINISHED);
    assertThat(tracking.children(run.id())).isEmpty();
  }

  @Test
  void aNoteThatWasRefusedIsWrittenAtTheEnd() throws InterruptedException {
    JobPool pool = new JobPool(1);
    try (Run run = tracking.start("noted")) {
      RunRecorder recorder = recorder(pool);
      refuse("run", "NEW.name = 'late'");
      recorder.note(run, past("late"));
      CountDownLatch tried = new CountDownLatch(1);
      pool.record(tried::countDown);
      tried.await();
      assertThat(tracking.children(run.id())).isEmpty();
      sql("DROP TRIGGER refuse");
      recorder.flush();
      assertThat(tracking.children(run.id())).extracting(RunRecord::name).containsExactly("late");
    } finally {
      pool.close();
    }
  }

  @Test
  void aRecordThatIsRefusedFailsNoOtherOfTheSameWrite() throws InterruptedException {
    JobPool pool = new JobPool(1);
    try (Run run = tracking.start("refused")) {
      RunRecorder recorder = recorder(pool);
      PastRun twice = past("twice");
      String unused = run.child(twice);
      CountDownLatch begin = new CountDownLatch(1);
      pool.record(
          () -> {
            try {
              begin.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
      List<String> recorded = new ArrayList<>();
      List<Throwable> failed = new ArrayList<>();
      for (PastRun past : List.of(past("before"), twice, past("after"))) {
        recorder.add(
            new RunRecorder.Ended(run, past, null, () -> recorded.add(past.name()), failed::add));
      }
      begin.countDown();
      recorder.flush();
      assertThat(recorded).containsExactly("before", "after");
      assertThat(failed).hasSize(1);
      assertThat(failed.get(0)).isInstanceOf(RunExistsException.class);
    } finally {
      pool.close();
    }
  }

  @Test
  void aStepWhoseRecordIsNotAcceptedFailsAloneAndTheOthersFinish() {
    Pipeline.Builder p = Pipeline.named("names");
    Step<List<String>> list =
        p.step("list").gives(Outputs.jsonList(String.class), step -> List.of("a", "b\nc", "d"));
    List<String> done = new ArrayList<>();
    p.forEach("each", list, name -> name).gives(Outputs.json(String.class), (step, name) -> name);
    for (int i = 0; i < 20; i++) {
      p.step("other " + i).gives(Outputs.json(Integer.class), step -> 1);
    }
    p.step("long")
        .gives(
            Outputs.directory(),
            step -> {
              Path deep = Files.createDirectories(step.directory().resolve("d".repeat(200)));
              Files.writeString(deep.resolve("f".repeat(100)), "x");
              return step.directory();
            });
    PipelineRun run = p.build().in(workspace).threads(4).run();
    run.report().steps().stream()
        .filter(step -> step.status() == StepStatus.FAILED)
        .forEach(step -> done.add(step.name()));
    assertThat(done).containsExactly("each", "long");
    assertThat(tracking.run(run.id()).status()).isEqualTo(RunStatus.FAILED);
  }

  private RunRecorder recorder(JobPool pool) {
    return new RunRecorder(
        pool, new JdbcStepCache(workspace.database(Area.METADATA)), "token of the test");
  }

  private static PastRun past(String name) {
    return new PastRun(
        name, Instant.now(), RunStatus.FINISHED, null, Map.of(), Map.of(), List.of());
  }
}
