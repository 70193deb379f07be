package dev.mlops4j.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.pipeline.FiringRecord;
import dev.mlops4j.pipeline.InvalidScheduleException;
import dev.mlops4j.pipeline.Misfire;
import dev.mlops4j.pipeline.Outputs;
import dev.mlops4j.pipeline.Pipeline;
import dev.mlops4j.pipeline.Schedule;
import dev.mlops4j.pipeline.Scheduler;
import dev.mlops4j.pipeline.Step;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the code of docs/scheduling.md. */
final class SchedulingGuideTest {

  @TempDir Path directory;

  private final List<Instant> trained = new ArrayList<>();

  @Test
  void aModelIsTrainedEachMonday() {
    AtomicReference<Instant> clock = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    try (Workspace workspace = Workspace.at(directory).systemClock(clock::get).open()) {
      // region schedule
      Scheduler scheduler = Scheduler.in(workspace);
      Schedule weekly =
          scheduler
              .schedule("flight-delay")
              .cron("0 3 * * MON", ZoneId.of("America/New_York"))
              .misfire(Misfire.runOnce())
              .run(firing -> "version " + train(firing.planned()));
      // endregion

      // region tests
      clock.set(Instant.parse("2026-01-05T08:00:00Z")); // Monday, three o'clock in New York
      int ran = scheduler.runDue();
      // endregion
      assertThat(ran).isEqualTo(1);
      assertThat(trained).containsExactly(clock.get());

      // region start
      scheduler.start();
      // endregion

      // region stepping-in
      weekly.pause("the data are late"); // in all processes; what runs goes on
      weekly.resume();
      weekly.runNow(); // also while it is paused
      List<FiringRecord> last = weekly.history(20); // planned, begun, ended, outcome, process, run
      // endregion
      assertThat(last).extracting(FiringRecord::text).contains("version 1");
    }
  }

  @Test
  void theGuideShowsTheMessageOfAWrongField() throws IOException {
    String guide = Files.readString(Repository.root().resolve("docs/scheduling.md"));
    try (Workspace workspace = Workspace.open(directory)) {
      Schedule.Builder schedule = Scheduler.in(workspace).schedule("flight-delay");
      assertThatThrownBy(() -> schedule.cron("0 25 * * MON", ZoneId.of("UTC")))
          .isInstanceOf(InvalidScheduleException.class)
          .satisfies(e -> assertThat(guide).contains(e.getMessage()));
    }
  }

  @Test
  void aPipelineIsGoneOnWith() {
    Pipeline.Builder p = Pipeline.named("coffee");
    AtomicInteger read = new AtomicInteger();
    CountDownLatch never = new CountDownLatch(1);
    Thread scheduled = Thread.currentThread();
    Step<Integer> rows =
        p.step("rows").gives(Outputs.json(Integer.class), step -> read.incrementAndGet());
    p.step("train")
        .from(rows)
        .gives(
            Outputs.json(Integer.class),
            (step, count) -> {
              if (trained.isEmpty()) {
                trained.add(Instant.EPOCH);
                scheduled.interrupt(); // as by the end of the process
                never.await();
              }
              return count;
            });
    Pipeline pipeline = p.build();
    try (Workspace workspace = Workspace.open(directory)) {
      Scheduler scheduler = Scheduler.in(workspace);
      scheduler
          .schedule("coffee")
          .every(Duration.ofDays(999))
          .run(
              firing -> {
                try {
                  return pipeline.in(workspace).run(firing).runId();
                } finally {
                  if (Thread.currentThread().isInterrupted()) {
                    scheduler.close();
                  }
                }
              });
      scheduler.runNow("coffee");
      assertThat(scheduler.runDue()).isEqualTo(1);
      assertThat(Thread.interrupted()).isTrue();

      Scheduler next = Scheduler.in(workspace);
      // region pipeline
      next.schedule("coffee")
          .every(Duration.ofDays(999))
          .run(firing -> pipeline.in(workspace).run(firing).runId());
      // endregion
      assertThat(next.runDue()).isEqualTo(1);
      FiringRecord record = next.history("coffee", 1).get(0);
      assertThat(record.state()).isEqualTo(FiringRecord.State.DONE);
      assertThat(record.text()).isEqualTo(record.runId());
      assertThat(read).hasValue(1);
    }
  }

  private int train(Instant until) {
    trained.add(until);
    return trained.size();
  }
}
