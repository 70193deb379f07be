package dev.mlops4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.monitoring.Alert;
import dev.mlops4j.monitoring.AlertKind;
import dev.mlops4j.monitoring.Retraining;
import dev.mlops4j.monitoring.RetrainingBuilder;
import dev.mlops4j.monitoring.RetrainingRecord;
import dev.mlops4j.monitoring.RetrainingRecord.State;
import dev.mlops4j.monitoring.RetrainingTrigger;
import dev.mlops4j.monitoring.Verdict;
import dev.mlops4j.pipeline.Outputs;
import dev.mlops4j.pipeline.Parameter;
import dev.mlops4j.pipeline.Pipeline;
import dev.mlops4j.pipeline.Step;
import dev.mlops4j.tracking.RunStatus;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What retrainings keep in a database, on whichever it is, and how processes take them over. */
abstract class RetrainingContract {

  private static final String MODEL = "both";
  private static final Instant START = Instant.parse("2026-01-01T00:00:00.123456789Z");

  /** So long that no sign of life is given while a test runs. */
  private static final Duration LEASE = Duration.ofHours(1);

  @TempDir Path directory;
  private final TestClock clock = TestClock.at(START);
  private final List<Workspace> opened = new ArrayList<>();
  private final List<RetrainingTrigger> ran = new ArrayList<>();

  /** The workspace of this directory with these clocks, as another process would open it. */
  abstract Workspace open(Path workspace, TestClock clock);

  @AfterEach
  void closeWorkspaces() {
    opened.forEach(Workspace::close);
  }

  private Workspace opened() {
    Workspace workspace = open(directory.resolve("workspace"), clock);
    opened.add(workspace);
    return workspace;
  }

  private static RetrainingBuilder builder(Workspace workspace) {
    return Retraining.of(MODEL)
        .in(workspace)
        .on(AlertKind.CALIBRATION)
        .coolDown(Duration.ZERO)
        .lease(LEASE);
  }

  private static Retraining retraining(
      Workspace workspace, Function<RetrainingTrigger, String> work) {
    return builder(workspace).run(work).build();
  }

  private Retraining noting() {
    return retraining(
        opened(),
        trigger -> {
          ran.add(trigger);
          return "version " + ran.size();
        });
  }

  /** An alert that no monitor has stored. */
  private static Alert alert(String id) {
    Verdict verdict =
        new Verdict(
            "x",
            AlertKind.CALIBRATION,
            Verdict.Status.ALERT,
            null,
            null,
            0.3,
            0.001,
            0.01,
            9,
            9,
            "more");
    return new Alert(
        id,
        MODEL,
        1,
        List.of(1),
        AlertKind.CALIBRATION,
        "x",
        START,
        START,
        START,
        0,
        verdict,
        START);
  }

  /** As if the process that runs it were one of another host. */
  private static void moveElsewhere(Workspace workspace) {
    workspace
        .database(Area.LEDGER)
        .write(tx -> tx.update("UPDATE retraining SET owner = ?", "far\nspace\n1\n7"));
  }

  private static RetrainingRecord only(Retraining retraining) {
    assertThat(retraining.history()).hasSize(1);
    return retraining.history().get(0);
  }

  @Test
  void whatAProcessOfAnotherHostRanIsTakenOverWhenItsLeaseHasRunOutAndItsEndIsRefused() {
    Workspace workspace = opened();
    Retraining other = noting();
    Retraining first =
        retraining(
            workspace,
            trigger -> {
              moveElsewhere(workspace);
              clock.advance(LEASE.minusMillis(1));
              assertThat(other.resume()).as("the lease holds").isFalse();
              assertThat(other.plan().runs()).isFalse();
              clock.advance(Duration.ofMillis(1));
              assertThat(other.resume()).isTrue();
              assertThat(only(other).state()).isEqualTo(State.DONE);
              return "late";
            });

    first.alert(alert("a"));

    assertThat(only(first).result()).contains("version 1");
    RetrainingTrigger again = ran.get(0);
    assertThat(again.id()).isEqualTo("retrain-a-0");
    assertThat(again.alert()).as("the ledger does not have it").isEmpty();
    assertThat(again.why()).isEqualTo(only(first).why()).isNotEmpty();
  }

  @Test
  void anEndOfAProcessWhoseRetrainingRunsElsewhereIsRefused() {
    Workspace workspace = opened();
    List<State> meanwhile = new ArrayList<>();
    Retraining first =
        retraining(
            workspace,
            trigger -> {
              moveElsewhere(workspace);
              clock.advance(LEASE);
              Retraining third = noting();
              Retraining second =
                  retraining(
                      opened(),
                      again -> {
                        moveElsewhere(workspace);
                        clock.advance(LEASE);
                        assertThat(third.resume()).isTrue();
                        throw new IllegalStateException("late, too");
                      });
              assertThat(second.resume()).isTrue();
              meanwhile.add(only(second).state());
              throw new IllegalStateException("late");
            });

    first.alert(alert("a"));

    assertThat(meanwhile).containsExactly(State.DONE);
    assertThat(only(first).result()).contains("version 1");
  }

  @Test
  void workThatIsInterruptedHasNotFailedAndIsRunByTheNextProcess() {
    Workspace workspace = opened();
    Retraining first =
        retraining(
            workspace,
            trigger -> {
              Thread.currentThread().interrupt();
              throw new IllegalStateException("the scheduler closes");
            });

    first.alert(alert("a"));

    assertThat(Thread.interrupted()).as("the thread is told").isTrue();
    assertThat(only(first).state()).isEqualTo(State.PENDING);
    assertThat(noting().resume()).isTrue();
    assertThat(only(first).state()).isEqualTo(State.DONE);
  }

  @Test
  void textThatADatabaseCannotHoldIsMadeLegible() {
    Retraining done = retraining(opened(), trigger -> "a\u0000b");
    done.alert(alert("a"));
    assertThat(only(done).state()).isEqualTo(State.DONE);
    assertThat(only(done).result().orElseThrow()).matches("a[\u0000\u2400]b");
  }

  @Test
  void aPipelineIsGoneOnWithByTheNextProcess() throws Exception {
    Workspace workspace = opened();
    AtomicInteger read = new AtomicInteger();
    AtomicInteger trained = new AtomicInteger();
    Thread caller = Thread.currentThread();
    Pipeline.Builder p = Pipeline.named("train");
    Parameter<Instant> from = p.parameter("from", Instant.class);
    Parameter<Instant> upTo = p.parameter("upTo", Instant.class);
    Step<String> rows =
        p.step("rows")
            .from(from, upTo)
            .gives(
                Outputs.json(String.class),
                (step, after, until) -> after + " to " + until + ", " + read.incrementAndGet());
    Step<String> model =
        p.step("model")
            .from(rows)
            .gives(
                Outputs.json(String.class),
                (step, text) -> {
                  if (trained.incrementAndGet() == 1) {
                    caller.interrupt();
                    new CountDownLatch(1).await();
                  }
                  return text;
                });
    Pipeline pipeline = p.build();
    Function<Workspace, Retraining> retrainings =
        in ->
            builder(in)
                .window(Duration.ofDays(7))
                .pipeline(
                    trigger ->
                        pipeline
                            .in(in)
                            .parameter(from, trigger.from())
                            .parameter(upTo, trigger.triggeredAt()))
                .build();
    Retraining first = retrainings.apply(workspace);
    first.alert(alert("a"));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(only(first).state()).isEqualTo(State.PENDING);
    String runId = only(first).runId();

    assertThat(retrainings.apply(opened()).resume()).isTrue();

    assertThat(only(first).state()).as(only(first).toString()).isEqualTo(State.DONE);
    assertThat(only(first).runId()).isNotNull().isEqualTo(runId);
    assertThat(only(first).result().orElseThrow()).contains(runId);
    assertThat(read).as("what was done is kept").hasValue(1);
    try (Tracking tracking = Tracking.in(workspace)) {
      assertThat(tracking.run(runId).status()).isEqualTo(RunStatus.FINISHED);
      assertThat(tracking.run(runId).tags()).containsEntry("retraining", "retrain-a-0");
      assertThat(tracking.run(runId).params())
          .containsEntry("upTo", "2026-01-01T00:00:00.123456Z")
          .containsEntry("from", "2025-12-25T00:00:00.123456Z");
    }
    assertThat(model.name()).isEqualTo("model");
  }
}
