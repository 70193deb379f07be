package dev.mlops4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.pipeline.Scheduler;
import dev.mlops4j.workspace.Workspace;
import java.time.ZoneOffset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScheduleTest extends CommandLineTest {

  @BeforeEach
  void aServiceThatHasRunItsScheduleOnce() {
    try (Workspace workspace = Workspace.open(workspace())) {
      Scheduler scheduler = define(workspace);
      scheduler.runNow("train");
      scheduler.runDue();
    }
  }

  private static Scheduler define(Workspace workspace) {
    Scheduler scheduler = Scheduler.in(workspace);
    scheduler
        .schedule("train")
        .cron("0 3 1 1 *", ZoneOffset.UTC)
        .run(
            firing -> {
              firing.trackedAs("run-1");
              return "version 3";
            });
    return scheduler;
  }

  @Test
  void schedulesAreListedAndShown() {
    assertThat(mlops("schedule", "list")).as(err).isZero();
    assertThat(out).contains("train", "DONE", "waits", "cron 0 3 1 1 * in Z", "-01-01T03:00:00Z");

    assertThat(mlops("schedule", "show", "train")).as(err).isZero();
    assertThat(out).contains("train waits", "version 3", "run-1", "asked for");

    assertThat(mlops("schedule", "history", "train", "--json")).as(err).isZero();
    assertThat(json()).hasSize(1);
    assertThat(json().get(0).path("state").textValue()).isEqualTo("DONE");
    assertThat(json().get(0).path("run").textValue()).isEqualTo("run-1");
  }

  @Test
  void aPauseIsShownWithItsReasonUntilItEnds() {
    assertThat(mlops("schedule", "pause", "train", "--reason", "late\u001b[2J")).as(err).isZero();
    assertThat(out).contains("train is paused: late\\u001b[2J");
    assertThat(mlops("schedule", "list", "--json")).as(err).isZero();
    assertThat(json().get(0).path("next").isNull()).isTrue();

    assertThat(mlops("schedule", "resume", "train")).as(err).isZero();
    assertThat(out).contains("comes next at");
  }

  @Test
  void aRunThatIsAskedForIsDoneByTheService() {
    assertThat(mlops("schedule", "run-now", "train", "--json")).as(err).isZero();
    String id = json().path("id").textValue();
    try (Workspace workspace = Workspace.open(workspace())) {
      Scheduler scheduler = define(workspace);
      assertThat(scheduler.runDue()).isEqualTo(1);
      assertThat(scheduler.history("train", 1).get(0).id()).isEqualTo(id);
    }
  }

  @Test
  void whatIsNotThereOrWrongHasItsExitCode() {
    assertThat(mlops("schedule", "show", "trian")).isEqualTo(3);
    assertThat(err).contains("there are: train");
    assertThat(mlops("schedule", "history", "train", "--limit", "0")).isEqualTo(2);
    assertThat(mlops("schedule", "pause", "train")).isEqualTo(2);
  }
}
