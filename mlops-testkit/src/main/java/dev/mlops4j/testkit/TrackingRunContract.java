package dev.mlops4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.Digest;
import dev.mlops4j.tracking.DeletedRunException;
import dev.mlops4j.tracking.Liveness;
import dev.mlops4j.tracking.MetricPoint;
import dev.mlops4j.tracking.NoSuchRunException;
import dev.mlops4j.tracking.ParamConflictException;
import dev.mlops4j.tracking.RunArtifact;
import dev.mlops4j.tracking.RunEnd;
import dev.mlops4j.tracking.RunEndedException;
import dev.mlops4j.tracking.RunNotEndedException;
import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.RunResume;
import dev.mlops4j.tracking.RunStart;
import dev.mlops4j.tracking.RunStatus;
import dev.mlops4j.tracking.RunTakenOverException;
import dev.mlops4j.tracking.TrackingStore;
import dev.mlops4j.workspace.ProcessIdentity;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * How a {@link TrackingStore} keeps families of runs, and lets runs go on: the part of {@link
 * TrackingStoreContract} on that.
 */
abstract class TrackingRunContract {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00.123456Z");

  /** Takes every run for abandoned. */
  private static final Liveness DEAD =
      new Liveness(Instant.parse("2026-01-01T00:00:00Z"), process -> true);

  private static final ProcessIdentity FIRST = new ProcessIdentity("here", "here", 1, "1");
  private static final ProcessIdentity SECOND = new ProcessIdentity("there", "there", 2, "2");
  private static final TreeMap<String, String> ELSEWHERE = new TreeMap<>(Map.of("java", "25"));
  private static final int THREADS = 8;

  /** The store of the test, empty at first. */
  abstract TrackingStore store();

  /** The same store, opened anew. */
  abstract TrackingStore another() throws IOException;

  @Test
  void aChildHasItsParentInAnyExperimentAndAtAnyDepth() {
    family();
    assertThat(found("parent").parentId()).isNull();
    assertThat(found("child").parentId()).isEqualTo("parent");
    assertThat(found("grandchild").parentId()).isEqualTo("child");
    assertThat(store().runs("other")).extracting(RunRecord::id).containsExactly("grandchild");
  }

  @Test
  void aParentThatIsNotThereOrDeletedGetsNoChild() {
    assertThatThrownBy(() -> create("child", "delay", "nobody"))
        .isInstanceOf(NoSuchRunException.class);
    create("parent", "delay", null);
    store().end("parent", RunStatus.FINISHED, START, null);
    create("late", "delay", "parent");
    store().delete("parent", START, DEAD);
    assertThatThrownBy(() -> create("child", "delay", "parent"))
        .isInstanceOfSatisfying(
            DeletedRunException.class, e -> assertThat(e.runId()).isEqualTo("parent"));
    assertThat(store().find("child")).isEmpty();
  }

  @Test
  void aRunMayBeginWithParamsAndTagsAndEndWithMoreAllOrNothing() {
    create("parent", "delay", null);
    store()
        .create(
            new RunStart("child", "delay", "child", START, FIRST, ELSEWHERE, "parent"),
            Map.of("depth", "6"),
            Map.of("step", "train"));
    assertThat(found("child").params()).containsExactly(Map.entry("depth", "6"));
    assertThat(found("child").tags()).containsExactly(Map.entry("step", "train"));
    RunArtifact artifact = new RunArtifact("out.csv", RunArtifact.Kind.FILE, Digest.of("bytes"), 5);
    MetricPoint point = new MetricPoint("auc", 0, START, 0.7);
    RunEnd conflicting =
        new RunEnd(
            RunStatus.FINISHED,
            START.plusSeconds(9),
            null,
            Map.of("depth", "8"),
            Map.of("step", "other"),
            List.of(artifact),
            List.of(point));
    assertThatThrownBy(() -> store().end("child", 0, conflicting))
        .isInstanceOf(ParamConflictException.class);
    assertThat(found("child").status()).isEqualTo(RunStatus.RUNNING);
    assertThat(found("child").tags()).containsExactly(Map.entry("step", "train"));

    store()
        .end(
            "child",
            0,
            new RunEnd(
                RunStatus.FINISHED,
                START.plusSeconds(9),
                null,
                Map.of("rows", "3"),
                Map.of("step", "other"),
                List.of(artifact),
                List.of(point)));
    RunRecord ended = found("child");
    assertThat(ended.status()).isEqualTo(RunStatus.FINISHED);
    assertThat(ended.endedAt()).isEqualTo(START.plusSeconds(9));
    assertThat(ended.params()).containsEntry("depth", "6").containsEntry("rows", "3");
    assertThat(ended.tags()).containsExactly(Map.entry("step", "other"));
    assertThat(ended.artifacts()).containsExactly(Map.entry("out.csv", artifact));
    assertThat(store().series("child", "auc")).containsExactly(point);
    assertThatThrownBy(() -> store().end("child", 0, conflicting))
        .isInstanceOf(RunEndedException.class);
  }

  @Test
  void aFamilyIsDeletedAndRestoredWithItsHead() {
    family();
    create("sibling", "delay", "parent");
    create("apart", "delay", null);
    store().delete("sibling", START.plusSeconds(1), DEAD);
    store().delete("parent", START.plusSeconds(2), DEAD);
    assertThat(found("grandchild").deletedAt()).isEqualTo(START.plusSeconds(2));
    assertThat(found("child").deletedAt()).isEqualTo(START.plusSeconds(2));
    assertThat(found("sibling").deletedAt()).isEqualTo(START.plusSeconds(1));
    assertThat(found("apart").deletedAt()).isNull();

    assertThatThrownBy(() -> store().restore("child")).isInstanceOf(DeletedRunException.class);
    assertThat(found("child").deletedAt()).isNotNull();
    store().restore("parent");
    assertThat(found("parent").deletedAt()).isNull();
    assertThat(found("child").deletedAt()).isNull();
    assertThat(found("grandchild").deletedAt()).isNull();
    assertThat(found("sibling").deletedAt()).isEqualTo(START.plusSeconds(1));
    store().restore("sibling");
    assertThat(found("sibling").deletedAt()).isNull();
  }

  @Test
  void aPartOfAFamilyMayBeDeletedAndAPurgedParentLeavesItsIdBehind() {
    family();
    store().delete("child", START.plusSeconds(5), DEAD);
    assertThat(found("parent").deletedAt()).isNull();
    store().delete("parent", START.plusSeconds(1), DEAD);
    assertThat(store().purge(START.plusSeconds(2), 9)).containsExactly("parent");
    store().restore("child");
    assertThat(found("child").parentId()).isEqualTo("parent");
    assertThat(found("child").deletedAt()).isNull();
    assertThat(found("grandchild").deletedAt()).isNull();
  }

  @Test
  void aFamilyOfWhichOneRunsIsNotDeleted() {
    family();
    Liveness alive = new Liveness(START, process -> false);
    for (String ended : List.of("parent", "child")) {
      store().end(ended, RunStatus.FINISHED, START, null);
    }
    assertThatThrownBy(() -> store().delete("parent", START, alive))
        .isInstanceOfSatisfying(
            RunNotEndedException.class, e -> assertThat(e.runId()).isEqualTo("grandchild"));
    for (String id : List.of("parent", "child", "grandchild")) {
      assertThat(found(id).deletedAt()).isNull();
    }
    store().delete("parent", START, new Liveness(START.plusSeconds(1), process -> false));
    assertThat(found("grandchild").deletedAt()).isEqualTo(START);
  }

  @Test
  void ofSeveralRunsAllAreDeletedOrNone() {
    family();
    create("apart", "delay", null);
    Liveness alive = new Liveness(START, process -> false);
    store().end("apart", RunStatus.FINISHED, START, null);
    assertThatThrownBy(() -> store().delete(List.of("apart", "child"), START, alive))
        .isInstanceOf(RunNotEndedException.class);
    assertThatThrownBy(() -> store().delete(List.of("apart", "nobody"), START, DEAD))
        .isInstanceOf(NoSuchRunException.class);
    assertThat(found("apart").deletedAt()).isNull();
    store().delete(List.of("apart", "grandchild", "child"), START, DEAD);
    for (String id : List.of("apart", "child", "grandchild")) {
      assertThat(found(id).deletedAt()).isEqualTo(START);
    }
    assertThat(found("parent").deletedAt()).isNull();
  }

  @Test
  void ofSeveralRunsAllAreRestoredTheAncestorsFirstOrNone() {
    family();
    create("apart", "delay", null);
    store().delete("grandchild", START.plusSeconds(1), DEAD);
    store().delete(List.of("parent", "apart"), START.plusSeconds(2), DEAD);
    assertThatThrownBy(() -> store().restore(List.of("apart", "grandchild")))
        .isInstanceOf(DeletedRunException.class);
    assertThatThrownBy(() -> store().restore(List.of("apart", "nobody")))
        .isInstanceOf(NoSuchRunException.class);
    assertThat(found("apart").deletedAt()).isNotNull();
    store().restore(List.of("grandchild", "apart", "parent"));
    for (String id : List.of("apart", "parent", "child", "grandchild")) {
      assertThat(found(id).deletedAt()).isNull();
    }
  }

  @Test
  void noChildComesToAFamilyThatIsBeingDeleted() throws IOException {
    create("parent", "delay", null);
    List<CompletableFuture<Boolean>> added = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      TrackingStore own = i % 2 == 0 ? store() : another();
      String id = "child-" + i;
      added.add(
          started(
              () -> {
                try {
                  own.create(start(id, "delay", "parent"));
                  return true;
                } catch (DeletedRunException e) {
                  return false;
                }
              }));
    }
    another().delete("parent", START, DEAD);
    for (int i = 0; i < THREADS; i++) {
      if (added.get(i).join()) {
        assertThat(found("child-" + i).deletedAt()).isEqualTo(START);
      }
    }
    assertThat(store().runs("delay")).isEmpty();
  }

  @Test
  void aResumedRunGoesOnInItsNewProcessAndTellsHowItHadEnded() {
    create("run", "delay", null);
    store().addParams("run", Map.of("depth", "6"));
    store().addMetrics("run", List.of(new MetricPoint("auc", 1, START, 0.5)));
    store().end("run", RunStatus.KILLED, START.plusSeconds(1), "too slow");
    RunResume first = resume(START.plusSeconds(9), RunStatus.KILLED, "too slow");
    assertThat(store().resume("run", RunStatus.KILLED, 0, SECOND, first)).isTrue();

    RunRecord run = found("run");
    assertThat(run.status()).isEqualTo(RunStatus.RUNNING);
    assertThat(run.seenAt()).isEqualTo(START.plusSeconds(9));
    assertThat(run.endedAt()).isNull();
    assertThat(run.failure()).isNull();
    assertThat(run.start().process()).isEqualTo(SECOND);
    assertThat(run.startedAt()).isEqualTo(START);
    assertThat(run.environment()).containsExactly(Map.entry("java", "17"));
    assertThat(run.params()).containsExactly(Map.entry("depth", "6"));
    assertThat(run.resumes()).containsExactly(first);

    store().addMetrics("run", List.of(new MetricPoint("auc", 2, START, 0.6)));
    store().end("run", 1, RunEnd.of(RunStatus.FAILED, START.plusSeconds(10), "java.lang.Error"));
    RunResume second = resume(START.plusSeconds(11), RunStatus.FAILED, "java.lang.Error");
    assertThat(store().resume("run", RunStatus.FAILED, 1, FIRST, second)).isTrue();
    assertThat(found("run").resumes()).containsExactly(first, second);
    assertThat(store().series("run", "auc")).hasSize(2);
    assertThat(store().runs("delay").get(0)).isEqualTo(found("run"));
  }

  @Test
  void aRunThatIsNotAsExpectedIsNotResumed() {
    create("run", "delay", null);
    RunResume resume = resume(START, RunStatus.ABANDONED, null);
    assertThat(store().resume("run", RunStatus.FAILED, 0, SECOND, resume)).isFalse();
    assertThat(store().resume("run", RunStatus.RUNNING, 1, SECOND, resume)).isFalse();
    assertThat(found("run").resumes()).isEmpty();
    assertThat(found("run").start().process()).isEqualTo(FIRST);
    assertThatThrownBy(() -> store().resume("unknown", RunStatus.FAILED, 0, SECOND, resume))
        .isInstanceOf(NoSuchRunException.class);
    store().delete("run", START, DEAD);
    assertThatThrownBy(() -> store().resume("run", RunStatus.RUNNING, 0, SECOND, resume))
        .isInstanceOf(DeletedRunException.class);
    assertThat(found("run").resumes()).isEmpty();
  }

  @Test
  void ofThoseThatResumeARunAtTheSameTimeOneSucceeds() throws IOException {
    create("run", "delay", null);
    store().end("run", RunStatus.FAILED, START, "x");
    List<CompletableFuture<Boolean>> results = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      TrackingStore own = i % 2 == 0 ? store() : another();
      ProcessIdentity process = new ProcessIdentity("h", "h", i, "1");
      results.add(
          started(
              () ->
                  own.resume(
                      "run", RunStatus.FAILED, 0, process, resume(START, RunStatus.FAILED, "x"))));
    }
    List<Boolean> won = results.stream().map(CompletableFuture::join).toList();
    assertThat(won).containsOnlyOnce(true);
    assertThat(found("run").start().process().pid()).isEqualTo(won.indexOf(true));
    assertThat(found("run").resumes()).hasSize(1);
  }

  @Test
  void whoDoesNotLeadARunAnyLongerLogsToItButDoesNotEndIt() {
    create("run", "delay", null);
    store().resume("run", RunStatus.RUNNING, 0, SECOND, resume(START, RunStatus.ABANDONED, null));
    store().addParams("run", Map.of("from", "the first process"));
    RunRecord before = found("run");
    assertThatThrownBy(() -> store().end("run", 0, RunEnd.of(RunStatus.FINISHED, START, null)))
        .isInstanceOfSatisfying(
            RunTakenOverException.class, e -> assertThat(e.runId()).isEqualTo("run"));
    assertThat(found("run")).isEqualTo(before);
    store().end("run", 1, RunEnd.of(RunStatus.FINISHED, START, null));
    assertThatThrownBy(() -> store().end("run", 0, RunEnd.of(RunStatus.FAILED, START, null)))
        .isInstanceOf(RunEndedException.class);
    assertThat(found("run").status()).isEqualTo(RunStatus.FINISHED);
  }

  @Test
  void theLastPointsAreAddedWithTheEndOrNotAtAll() {
    create("run", "delay", null);
    MetricPoint first = new MetricPoint("loss", 1, START, 0.5);
    MetricPoint later = new MetricPoint("loss", 2, START, Double.NaN);
    MetricPoint other = new MetricPoint("auc", 0, START, 0.75);
    store().addMetrics("run", List.of(first));
    store().resume("run", RunStatus.RUNNING, 0, SECOND, resume(START, RunStatus.ABANDONED, null));
    List<MetricPoint> last = List.of(later, other);
    assertThatThrownBy(
            () ->
                store().end("run", 0, RunEnd.of(RunStatus.FINISHED, START, null).withPoints(last)))
        .isInstanceOf(RunTakenOverException.class);
    assertThat(store().series("run", "loss")).containsExactly(first);
    store().end("run", 1, RunEnd.of(RunStatus.FINISHED, START, null).withPoints(last));
    assertThat(found("run").status()).isEqualTo(RunStatus.FINISHED);
    assertThat(found("run").metrics().values()).containsExactly(other, later);
    assertThat(store().series("run", "loss")).containsExactly(first, later);
    assertThatThrownBy(
            () -> store().end("run", 1, RunEnd.of(RunStatus.FAILED, START, "x").withPoints(last)))
        .isInstanceOf(RunEndedException.class);
    assertThat(store().series("run", "loss")).containsExactly(first, later);
  }

  @Test
  void whoDoesNotLeadARunAnyLongerDoesNotKeepItAlive() {
    create("run", "delay", null);
    store().resume("run", RunStatus.RUNNING, 0, SECOND, resume(START, RunStatus.ABANDONED, null));
    store().heartbeat(Map.of("run", 0), START.plusSeconds(5));
    assertThat(found("run").seenAt()).isEqualTo(START);
    store().heartbeat(Map.of("run", 1), START.plusSeconds(6));
    assertThat(found("run").seenAt()).isEqualTo(START.plusSeconds(6));
  }

  @Test
  void aPurgedRunLeavesNoResumesBehind() {
    create("run", "delay", null);
    store().resume("run", RunStatus.RUNNING, 0, SECOND, resume(START, RunStatus.ABANDONED, null));
    store().delete("run", START, DEAD);
    assertThat(store().purge(START.plusSeconds(1), 9)).containsExactly("run");
    create("run", "delay", null);
    assertThat(found("run").resumes()).isEmpty();
    store().end("run", RunStatus.FINISHED, START, null);
  }

  private void family() {
    create("parent", "delay", null);
    create("child", "delay", "parent");
    create("grandchild", "other", "child");
  }

  private void create(String id, String experiment, @Nullable String parent) {
    store().create(start(id, experiment, parent));
  }

  private static RunStart start(String id, String experiment, @Nullable String parent) {
    TreeMap<String, String> environment = new TreeMap<>(Map.of("java", "17"));
    return new RunStart(id, experiment, id, START, FIRST, environment, parent);
  }

  private static RunResume resume(Instant at, RunStatus before, @Nullable String failure) {
    return new RunResume(at, before, failure, ELSEWHERE);
  }

  private RunRecord found(String id) {
    return store().find(id).orElseThrow();
  }

  private static CompletableFuture<Boolean> started(Supplier<Boolean> task) {
    return CompletableFuture.supplyAsync(task, run -> new Thread(run).start());
  }
}
