package dev.mlops4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.Digest;
import dev.mlops4j.MlopsException;
import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Schema;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.tracking.DeletedRunException;
import dev.mlops4j.tracking.EndedRun;
import dev.mlops4j.tracking.Liveness;
import dev.mlops4j.tracking.MetricPoint;
import dev.mlops4j.tracking.RunArtifact;
import dev.mlops4j.tracking.RunExistsException;
import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.RunResume;
import dev.mlops4j.tracking.RunStart;
import dev.mlops4j.tracking.RunStatus;
import dev.mlops4j.tracking.TrackingStore;
import dev.mlops4j.workspace.ProcessIdentity;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What adding whole runs to a {@link TrackingStore} must do. */
abstract class TrackingAdditionContract {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00.123456Z");

  private static final Schema SCHEMA =
      Schema.builder().required("wind", ColumnType.FLOAT64).sensitive("wind").build();

  /** Takes every run for abandoned. */
  private static final Liveness DEAD =
      new Liveness(Instant.parse("2026-01-01T00:00:00Z"), process -> true);

  abstract TrackingStore store();

  @Test
  void aRunComesWithAllItHas() {
    List<MetricPoint> loss = List.of(point(0, 0.5), point(1, Double.NaN), point(1, 0.25));
    EndedRun run = ended("a", RunStatus.FAILED, loss);
    store()
        .add(
            List.of(
                run,
                ended("b", RunStatus.ABANDONED, List.of()),
                ended("c", RunStatus.KILLED, List.of())));
    RunRecord found = store().find("a").orElseThrow();
    assertThat(found.start()).isEqualTo(run.run().start());
    assertThat(found.status()).isEqualTo(RunStatus.FAILED);
    assertThat(found.seenAt()).isEqualTo(run.run().seenAt());
    assertThat(found.endedAt()).isEqualTo(run.run().endedAt());
    assertThat(found.failure()).isEqualTo("it failed");
    assertThat(found.params()).isEqualTo(run.run().params());
    assertThat(found.tags()).isEqualTo(run.run().tags());
    assertThat(found.datasets()).isEqualTo(run.run().datasets());
    assertThat(found.artifacts()).isEqualTo(run.run().artifacts());
    assertThat(found.notes()).isEqualTo("# Notes");
    assertThat(found.resumes()).isEqualTo(run.run().resumes());
    assertThat(found.metrics()).containsOnly(Map.entry("loss", point(1, 0.25)));
    assertThat(store().series("a", "loss")).isEqualTo(loss);
    assertThat(store().find("b").orElseThrow().status()).isEqualTo(RunStatus.ABANDONED);
    assertThat(store().find("c").orElseThrow().status()).isEqualTo(RunStatus.KILLED);
    assertThat(store().runs("delay")).hasSize(3);
  }

  @Test
  void aSeriesMayComeInPieces() {
    EndedRun run =
        new EndedRun(
            ended("a", RunStatus.FINISHED, List.of()).run(),
            new EndedRun.Points() {
              @Override
              public <E extends Exception> void read(EndedRun.PointReader<E> to) throws E {
                to.take(List.of(point(0, 1), point(1, 2)));
                to.take(List.of(point(2, 3)));
              }
            });
    store().add(List.of(run));
    assertThat(store().series("a", "loss"))
        .extracting(MetricPoint::value)
        .containsExactly(1.0, 2.0, 3.0);
  }

  @Test
  void ofRunsOfWhichOneIsThereNoneIsAdded() {
    store().add(List.of(ended("b", RunStatus.FINISHED, List.of(point(0, 1)))));
    RunRecord before = store().find("b").orElseThrow();
    List<EndedRun> runs =
        List.of(
            ended("a", RunStatus.FINISHED, List.of(point(0, 2))),
            ended("b", RunStatus.FAILED, List.of(point(0, 3))));
    assertThatThrownBy(() -> store().add(runs))
        .isInstanceOfSatisfying(
            RunExistsException.class, e -> assertThat(e.runId()).isEqualTo("b"));
    assertThat(store().find("a")).isEmpty();
    assertThat(store().find("b")).contains(before);
  }

  @Test
  void whenPointsCannotBeReadNothingIsAdded() {
    EndedRun unreadable =
        new EndedRun(
            ended("b", RunStatus.FINISHED, List.of()).run(),
            new EndedRun.Points() {
              @Override
              public <E extends Exception> void read(EndedRun.PointReader<E> to)
                  throws IOException, E {
                to.take(List.of(point(0, 1)));
                throw new IOException("the file ends");
              }
            });
    List<EndedRun> runs = List.of(ended("a", RunStatus.FINISHED, List.of()), unreadable);
    assertThatThrownBy(() -> store().add(runs)).isInstanceOf(MlopsException.class);
    assertThat(store().find("a")).isEmpty();
    assertThat(store().find("b")).isEmpty();
  }

  @Test
  void aRunWhoseParentIsDeletedIsNotAdded() {
    store()
        .create(
            new RunStart(
                "parent", "delay", "parent", START, ProcessIdentity.current(), new TreeMap<>()));
    store().end("parent", RunStatus.FINISHED, START, null);
    store().delete("parent", START, DEAD);
    List<EndedRun> child = List.of(ended("a", RunStatus.FINISHED, List.of()));
    assertThatThrownBy(() -> store().add(child))
        .isInstanceOfSatisfying(
            DeletedRunException.class, e -> assertThat(e.runId()).isEqualTo("parent"));
    assertThat(store().find("a")).isEmpty();
    store().restore("parent");
    store().add(child);
    assertThat(store().find("a").orElseThrow().parentId()).isEqualTo("parent");
  }

  @Test
  void aRunThatWasAddedCanBeDeletedAndPurged() {
    store().add(List.of(ended("a", RunStatus.FINISHED, List.of(point(0, 1)))));
    store().delete("a", START, DEAD);
    assertThat(store().purge(START.plusSeconds(1), 10)).containsExactly("a");
    store().add(List.of(ended("a", RunStatus.FINISHED, List.of(point(0, 1)))));
    assertThat(store().series("a", "loss")).hasSize(1);
  }

  private static MetricPoint point(long step, double value) {
    return new MetricPoint("loss", step, START.plusSeconds(step), value);
  }

  private static EndedRun ended(String id, RunStatus status, List<MetricPoint> points) {
    RunStart start =
        new RunStart(
            id,
            "delay",
            "run " + id,
            START,
            new ProcessIdentity("host", "space", 7, "then"),
            new TreeMap<>(Map.of("java", "17", "id", id)),
            "parent");
    RunRecord run =
        new RunRecord(
            start,
            status,
            START.plusSeconds(5),
            status == RunStatus.ABANDONED ? null : START.plusSeconds(5),
            status == RunStatus.FAILED ? "it failed" : null,
            null,
            new TreeMap<>(Map.of("depth", "6")),
            new TreeMap<>(),
            new TreeMap<>(Map.of("team", "delays")),
            List.of(
                new DatasetReference("z", "training", Digest.of("z"), 2, SCHEMA, "CSV z.csv"),
                new DatasetReference("a", "test", Digest.of("a"), 1)),
            new TreeMap<>(
                Map.of(
                    "notes.txt",
                    new RunArtifact("notes.txt", RunArtifact.Kind.FILE, Digest.of("n"), 1))),
            "# Notes",
            List.of(
                new RunResume(START, RunStatus.KILLED, "by hand", new TreeMap<>(Map.of("a", "b"))),
                new RunResume(START, RunStatus.ABANDONED, null, start.environment())));
    return new EndedRun(
        run,
        new EndedRun.Points() {
          @Override
          public <E extends Exception> void read(EndedRun.PointReader<E> to) throws E {
            if (!points.isEmpty()) {
              to.take(points);
            }
          }
        });
  }
}
