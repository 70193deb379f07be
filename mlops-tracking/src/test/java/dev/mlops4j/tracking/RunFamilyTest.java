package dev.mlops4j.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that are parts of other runs, and what people say of runs. */
class RunFamilyTest {

  @TempDir Path directory;
  private final MovableClock clock = new MovableClock();
  private Workspace workspace;
  private Tracking tracking;

  @BeforeEach
  void open() {
    workspace = Workspace.at(directory).systemClock(clock).open();
    tracking = Tracking.in(workspace);
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  @Test
  void childrenAreListedInTheOrderOfTheirStartAndSoughtByTheirParent() {
    try (Run parent = tracking.start("pipeline", "night")) {
      try (Run load = parent.child("load");
          Run train = parent.child("training", "train");
          Run trial = train.child("trial 1")) {
        assertThat(tracking.children(parent.id()))
            .extracting(RunRecord::name)
            .containsExactly("load", "train");
        assertThat(tracking.children(train.id()))
            .extracting(RunRecord::id)
            .containsExactly(trial.id());
        assertThat(tracking.children(trial.id())).isEmpty();
        assertThat(tracking.run(trial.id()).experiment()).isEqualTo("training");
        assertThat(tracking.run(load.id()).experiment()).isEqualTo("pipeline");
        assertThat(
                names(tracking.searchAll().where("parent_run_id = '" + parent.id() + "'").page()))
            .containsExactly("train", "load");
        assertThat(names(tracking.searchAll().where("parent_run_id IS NULL").page()))
            .containsExactly("night");
      }
    }
    assertThatThrownBy(() -> tracking.children("4711")).isInstanceOf(NoSuchRunException.class);
  }

  @Test
  void aPartThatIsThereOrGivenTwiceIsRefusedAndNothingIsAdded() {
    try (Run parent = tracking.start("pipeline")) {
      PastRun there = over("there");
      PastRun other = over("other");
      String unused = parent.child(there);
      assertThatThrownBy(() -> parent.child(there)).isInstanceOf(RunExistsException.class);
      assertThatThrownBy(() -> parent.children(List.of(other, there)))
          .isInstanceOf(RunExistsException.class);
      assertThatThrownBy(() -> parent.children(List.of(other, other)))
          .isInstanceOf(RunExistsException.class)
          .hasMessageContaining(other.id());
      assertThat(tracking.children(parent.id())).hasSize(1);
      assertThatThrownBy(() -> over("two\nlines")).isInstanceOf(InvalidNameException.class);
    }
  }

  private PastRun over(String name) {
    return new PastRun(
        name, clock.instant(), RunStatus.FINISHED, null, Map.of(), Map.of(), List.of());
  }

  @Test
  void aPartThatIsOverIsRecordedWholeAndAChildMayEndWithWhatItMade() {
    try (Run parent = tracking.start("pipeline", Map.of("depth", "6"), Map.of("why", "test"))) {
      RunArtifact made =
          new RunArtifact(
              "out.txt", RunArtifact.Kind.FILE, workspace.artifacts().put(new byte[] {1}), 1);
      clock.advance(Duration.ofSeconds(3));
      String past =
          parent.child(
              new PastRun(
                  "item",
                  clock.instant().minusSeconds(2),
                  RunStatus.FAILED,
                  "no data",
                  Map.of("n", "1"),
                  Map.of("kind", "item"),
                  List.of(made)));
      Run child = parent.child("step", Map.of("n", "2"), Map.of("kind", "step"));
      child.metric("auc", 0.5);
      child.finish(Map.of("rows", "3"), Map.of("kind", "done"), List.of(made));

      assertThat(tracking.run(parent.id()).params()).containsEntry("depth", "6");
      assertThat(tracking.run(parent.id()).tags()).containsEntry("why", "test");
      RunRecord item = tracking.run(past);
      assertThat(item.parentId()).isEqualTo(parent.id());
      assertThat(item.status()).isEqualTo(RunStatus.FAILED);
      assertThat(item.failure()).isEqualTo("no data");
      assertThat(item.startedAt()).isEqualTo(clock.instant().minusSeconds(2));
      assertThat(item.endedAt()).isEqualTo(clock.instant());
      assertThat(item.params()).containsExactly(Map.entry("n", "1"));
      assertThat(tracking.artifact(past, "out.txt")).containsExactly(1);
      RunRecord step = tracking.run(child.id());
      assertThat(step.status()).isEqualTo(RunStatus.FINISHED);
      assertThat(step.metric("auc")).isEqualTo(0.5);
      assertThat(step.params()).containsEntry("n", "2").containsEntry("rows", "3");
      assertThat(step.tags()).containsExactly(Map.entry("kind", "done"));
      assertThat(step.artifacts()).containsOnlyKeys("out.txt");
      assertThatThrownBy(() -> child.param("late", 1)).isInstanceOf(RunEndedException.class);
    }
  }

  @Test
  void moreChildrenThanAPageHasAreAllListed() {
    try (Run parent = tracking.start("tuning", "all")) {
      for (int i = 0; i < RunSearch.DEFAULT_LIMIT + 5; i++) {
        parent.child("trial " + i).close();
      }
      List<RunRecord> children = tracking.children(parent.id());
      assertThat(children).hasSize(RunSearch.DEFAULT_LIMIT + 5);
      assertThat(children.get(0).name()).isEqualTo("trial 0");
    }
  }

  @Test
  void aChildThatFailsLeavesItsParentRunning() {
    try (Run parent = tracking.start("pipeline")) {
      assertThatThrownBy(
              () ->
                  parent.child(
                      "load",
                      run -> {
                        throw new IllegalStateException("no data");
                      }))
          .isInstanceOf(IllegalStateException.class);
      RunRecord child = tracking.children(parent.id()).get(0);
      assertThat(child.status()).isEqualTo(RunStatus.FAILED);
      assertThat(child.failure()).contains("no data");
      assertThat(tracking.run(parent.id()).status()).isEqualTo(RunStatus.RUNNING);
    }
  }

  @Test
  void anEndedRunGetsChildrenByItsIdAloneAndADeletedOneNone() {
    Run parent = tracking.start("pipeline");
    parent.close();
    assertThatThrownBy(() -> parent.child("late")).isInstanceOf(RunEndedException.class);
    tracking.startChild(parent.id(), "evaluation", "late").close();
    assertThat(tracking.children(parent.id())).hasSize(1);
    tracking.delete(parent.id());
    assertThatThrownBy(() -> tracking.startChild(parent.id(), "evaluation", "later"))
        .isInstanceOf(DeletedRunException.class)
        .hasMessageContaining("run " + parent.id() + " is deleted and was asked to get a child");
  }

  @Test
  void aFamilyIsDeletedRestoredAndPurgedWithItsParentUnlessSomeOfItRuns() {
    Run parent = tracking.start("pipeline");
    Run child = parent.child("step");
    Run grandchild = child.child("part");
    parent.close();
    child.close();
    assertThatThrownBy(() -> tracking.delete(parent.id()))
        .isInstanceOf(RunNotEndedException.class)
        .hasMessageContaining("run " + grandchild.id() + " is RUNNING");
    assertThat(tracking.run(parent.id()).deletedAt()).isNull();

    grandchild.close();
    tracking.delete(parent.id());
    assertThat(tracking.runs("pipeline")).isEmpty();
    assertThat(tracking.children(parent.id())).isEmpty();
    assertThatThrownBy(() -> tracking.restore(child.id())).isInstanceOf(DeletedRunException.class);
    tracking.restore(parent.id());
    assertThat(tracking.runs("pipeline")).hasSize(3);
    tracking.delete(parent.id());
    assertThat(tracking.purge(Duration.ZERO))
        .containsExactlyInAnyOrder(parent.id(), child.id(), grandchild.id());
  }

  @Test
  void notesAndTagsAreWrittenDuringTheRunAndAfterIt() {
    Run run = tracking.start("delay");
    run.notes("# First try\n\n- depth 6");
    assertThat(tracking.run(run.id()).notes()).isEqualTo("# First try\n\n- depth 6");
    run.tag("kept", "yes");
    run.close();
    assertThatThrownBy(() -> run.notes("late")).isInstanceOf(RunEndedException.class);
    tracking.notes(run.id(), "better than expected");
    tracking.tag(run.id(), "reviewed", "ann");
    tracking.removeTag(run.id(), "kept");
    tracking.removeTag(run.id(), "kept");

    RunRecord seen = tracking.run(run.id());
    assertThat(seen.notes()).isEqualTo("better than expected");
    assertThat(seen.tags()).containsOnlyKeys("reviewed");
    assertThat(seen.status()).isEqualTo(RunStatus.FINISHED);
    tracking.notes(run.id(), "");
    assertThat(tracking.run(run.id()).notes()).isEmpty();
  }

  @Test
  void notesThatCannotBeKeptAreRefused() {
    Run run = tracking.start("delay");
    for (String notes : List.of("x".repeat(65_537), "a\0b", "\ud800")) {
      assertThatThrownBy(() -> run.notes(notes)).isInstanceOf(InvalidNameException.class);
      assertThatThrownBy(() -> tracking.notes(run.id(), notes))
          .isInstanceOf(InvalidNameException.class);
    }
    assertThatThrownBy(() -> tracking.notes("4711", "x")).isInstanceOf(NoSuchRunException.class);
    assertThatThrownBy(() -> tracking.tag("4711", "a", "x")).isInstanceOf(NoSuchRunException.class);
    assertThat(tracking.run(run.id()).notes()).isEmpty();
  }

  @Test
  void aKilledRunHasItsReason() {
    Run run = tracking.start("delay");
    run.metric("auc", 0.7);
    run.kill("it learns nothing");
    run.close();
    RunRecord seen = tracking.run(run.id());
    assertThat(seen.status()).isEqualTo(RunStatus.KILLED);
    assertThat(seen.failure()).isEqualTo("it learns nothing");
    assertThat(seen.metric("auc")).isEqualTo(0.7);
    assertThat(tracking.runs("delay", RunStatus.KILLED)).hasSize(1);
    assertThat(names(tracking.search("delay").where("status = 'killed'").page())).hasSize(1);
  }

  private static List<String> names(RunPage page) {
    return page.runs().stream().map(RunRecord::name).toList();
  }
}
