package dev.mlops4j.tracking;

import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.workspace.ProcessIdentity;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where runs are kept: for authors of backends. Users take {@link Tracking}, which checks names,
 * buffers metrics and judges which runs are abandoned; a store only keeps and finds.
 *
 * <p><b>Atomicity.</b> Each call is one transaction: it happens wholly or, when it throws, not at
 * all. What a call wrote is durable when it returns, and seen by every later call, of this instance
 * and of every other one on the same backend, in this process or another.
 *
 * <p><b>Ended runs.</b> A call that writes to a run throws {@link NoSuchRunException} if the store
 * does not have it, and {@link RunEndedException} if its stored status is not RUNNING; so what a
 * run logged never changes after {@link #end} returned, unless it is resumed. {@link #heartbeat}
 * passes over such runs, and what people say of a run ({@link #setTags}, {@link #removeTag}, {@link
 * #setNotes}) may be written at any time.
 *
 * <p><b>Families.</b> A run may have a parent, which it is given at its start and keeps; a parent
 * may have a parent. A run, its children, theirs and so on are its family.
 *
 * <p><b>Threads.</b> Safe for any number of threads and processes.
 *
 * <p><b>Nulls.</b> Only where the signature says so. Collections returned are never null.
 *
 * <p><b>Failure.</b> What the backend reports comes as a {@link dev.mlops4j.MlopsException} such as
 * {@code StorageException}; the store is as it was before the call.
 *
 * <p>{@code TrackingStoreContract} of mlops-testkit checks all of this.
 */
public interface TrackingStore {

  /**
   * Adds a run, RUNNING and seen at its start.
   *
   * @throws dev.mlops4j.MlopsException if there is a run of this id
   * @throws NoSuchRunException if it names a parent that is not there
   * @throws DeletedRunException if its parent is deleted
   */
  void create(RunStart start);

  /**
   * Adds a run as {@link #create(RunStart)}, with its first params and tags. In one transaction, as
   * every call: the default, which makes several, is for stores that are only tried out.
   */
  default void create(RunStart start, Map<String, String> params, Map<String, String> tags) {
    create(start);
    if (!params.isEmpty()) {
      addParams(start.id(), params);
    }
    if (!tags.isEmpty()) {
      setTags(start.id(), tags);
    }
  }

  /**
   * Adds params. A key that has the same value already is passed over.
   *
   * @throws ParamConflictException if a key has another value; then none of them is added
   */
  void addParams(String runId, Map<String, String> params);

  /**
   * Appends points to their series, in the order given. Equal points are kept as often as they are
   * given.
   */
  void addMetrics(String runId, List<MetricPoint> points);

  /**
   * Appends points as {@link #addMetrics(String, List)}, but for those that it has of this writer
   * already: the call may be made again when nobody could say whether it happened, as when a
   * connection was lost in a commit. The default, which appends them all, is for stores whose calls
   * always say so.
   */
  default void addMetrics(String runId, MetricBatch batch) {
    addMetrics(runId, batch.points());
  }

  /** Sets tags, also of an ended run; a key that has a value gets the new one. */
  void setTags(String runId, Map<String, String> tags);

  /** Removes a tag, also of an ended run; one that is not there is passed over. */
  void removeTag(String runId, String tag);

  /** Replaces the notes, also of an ended run; empty ones are none. */
  void setNotes(String runId, String notes);

  /**
   * Adds datasets, in the order given. One that the run has already, with the same name, role,
   * digest and rows, stays in its place, and gets the schema and the source if it had none.
   */
  void addDatasets(String runId, List<DatasetReference> datasets);

  /** Sets the artifact at its path; one that is there is replaced. */
  default void putArtifact(String runId, RunArtifact artifact) {
    putArtifacts(runId, List.of(artifact));
  }

  /** Sets artifacts at their paths, all or none; those that are there are replaced. */
  void putArtifacts(String runId, List<RunArtifact> artifacts);

  /**
   * Notes that the processes which lead these runs lived at this instant. Ended and unknown ids do
   * nothing, nor do those that were resumed since.
   *
   * @param resumes by the run's id, how often it had been resumed when the process came to lead it
   */
  void heartbeat(Map<String, Integer> resumes, Instant at);

  /**
   * Ends a run, with what it gets at its end: all or none.
   *
   * @param resumes how often the run had been resumed when whoever ends it came to lead it
   * @throws RunTakenOverException if the run was resumed since; nothing is added then
   * @throws ParamConflictException if a param has another value already; nothing is added then
   */
  void end(String runId, int resumes, RunEnd end);

  /** Ends a run that was never resumed, without anything more. */
  default void end(String runId, RunStatus status, Instant at, @Nullable String failure) {
    end(runId, 0, RunEnd.of(status, at, failure));
  }

  /**
   * Makes a run RUNNING again, seen at {@link RunResume#at}, without an end and a failure, in this
   * process; the resume comes after those that the run has. Does nothing if the run is not as
   * expected: of those that resume one run at the same time, one succeeds.
   *
   * @param stored the status that the run has in the store
   * @param resumes how often it has been resumed
   * @return whether it was as expected
   * @throws NoSuchRunException if there is no such run
   * @throws DeletedRunException if it is deleted
   */
  boolean resume(
      String runId, RunStatus stored, int resumes, ProcessIdentity process, RunResume resume);

  /**
   * Adds runs that ended elsewhere, with all they have, all or none.
   *
   * @param runs of different ids; none is RUNNING
   * @throws RunExistsException if the store has a run of one of the ids
   * @throws DeletedRunException if the parent of one of them is here and deleted
   */
  void add(List<EndedRun> runs);

  /**
   * The run of this id, with the status that is stored; also if it is deleted, which {@link
   * RunRecord#deletedAt} says.
   */
  Optional<RunRecord> find(String runId);

  /**
   * The runs of an experiment that are not deleted, the latest started first, and of those that
   * started in the same microsecond the latest created first; empty if there is no such experiment.
   */
  List<RunRecord> runs(String experiment);

  /**
   * The experiments that have a run that is not deleted, by name in the order of their characters.
   */
  List<String> experiments();

  /**
   * How many runs are not deleted, by experiment, of those experiments that have one. This one
   * reads them all; a store that can count does better.
   */
  default SortedMap<String, Long> runCounts() {
    SortedMap<String, Long> counts = new TreeMap<>();
    experiments().forEach(experiment -> counts.put(experiment, (long) runs(experiment).size()));
    return counts;
  }

  /**
   * The artifacts of all runs, deleted ones that are not purged included, of those of one digest
   * and kind one, with any of the runs that have it; in any order. The default reads all runs and
   * cannot see those that are deleted; it is for stores that are only tried out.
   */
  default List<MadeArtifact> madeArtifacts() {
    Map<RunArtifact, MadeArtifact> made = new LinkedHashMap<>();
    for (String experiment : experiments()) {
      for (RunRecord run : runs(experiment)) {
        for (RunArtifact each : run.artifacts().values()) {
          RunArtifact alike = new RunArtifact("", each.kind(), each.digest(), each.bytes());
          made.putIfAbsent(alike, new MadeArtifact(run.id(), each));
        }
      }
    }
    return List.copyOf(made.values());
  }

  /**
   * A metric's series by (step, time), equal ones in the order in which they were added; empty if
   * the run has no such metric.
   *
   * @throws NoSuchRunException if there is no such run
   */
  List<MetricPoint> series(String runId, String key);

  /**
   * The runs that fulfil a query, in its order, with the status that {@link RunQuery#liveness}
   * gives them, from one snapshot. {@link RunPage#next} leads to those after them, as {@link
   * RunSearch} promises; what it is made of is the store's affair.
   *
   * @throws InvalidCursorException if the query's cursor was not given by an equal query, but for
   *     the limit and the liveness
   */
  RunPage search(RunQuery query);

  /**
   * Notes that runs are deleted, and all of their families that are not, at the same instant. Of a
   * deleted run it changes nothing, nor of its family. They may be written to as before.
   *
   * @param liveness tells which of those that are stored RUNNING are abandoned; asked when nobody
   *     else can resume them or start a child any longer
   * @throws NoSuchRunException if one of them is not there; none is deleted then
   * @throws RunNotEndedException if one of them is RUNNING; none is deleted then
   */
  void delete(List<String> runIds, Instant at, Liveness liveness);

  /** Deletes one run and its family. */
  default void delete(String runId, Instant at, Liveness liveness) {
    delete(List.of(runId), at, liveness);
  }

  /**
   * Takes back {@link #delete}, of each run and of those of its family that were deleted at the
   * same instant; of runs of one family the ancestors first. Of a run that is not deleted it
   * changes nothing.
   *
   * @throws NoSuchRunException if one of them is not there; none is restored then
   * @throws DeletedRunException if the parent of one stays deleted; none is restored then
   */
  void restore(List<String> runIds);

  /** Restores one run and its family. */
  default void restore(String runId) {
    restore(List.of(runId));
  }

  /**
   * Removes runs that were deleted before this instant, the earliest deleted first, with all that
   * is kept of them here; environments that no run has any longer go at the latest with the call
   * that finds no run. The bytes of their artifacts are not the store's, and stay. What is left of
   * a removed run's family keeps its id as that of the parent.
   *
   * @param most how many runs at most
   * @return the ids of those removed, which may be fewer than {@code most}; empty if none is left
   */
  List<String> purge(Instant deletedBefore, int most);
}
