package dev.mlops4j.tracking;

import dev.mlops4j.Digest;
import dev.mlops4j.workspace.Artifacts;
import dev.mlops4j.workspace.Garbage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Removes runs for good, and then those of their artifacts that are garbage. Which artifacts they
 * had is looked up before; of a run that is restored in between they are still referred to, and
 * stay.
 */
final class RunPurge {

  /** Few, because nobody else writes while their rows are removed. */
  private static final int PURGED_AT_ONCE = 10;

  private final TrackingStore store;
  private final @Nullable Artifacts artifacts;
  private final InstantSource clock;
  private final Set<Digest> files = new HashSet<>();
  private final Set<Digest> trees = new HashSet<>();

  RunPurge(TrackingStore store, @Nullable Artifacts artifacts, InstantSource clock) {
    this.store = store;
    this.artifacts = artifacts;
    this.clock = clock;
  }

  PurgedRuns purge(Duration deletedFor, Duration grace) {
    if (deletedFor.isNegative()) {
      throw new IllegalArgumentException(
          "runs are purged that were deleted zero or more ago, found " + deletedFor);
    }
    // Deleted at this very microsecond is deleted long enough.
    Instant before = clock.instant().minus(deletedFor).plus(1, ChronoUnit.MICROS);
    if (artifacts == null) {
      return new PurgedRuns(removeRows(before), new Garbage(0, 0, 0, 0, false));
    }
    // Says at once if the grace is too short.
    artifacts.collectGarbage(grace, Set.of(), Set.of());
    lookUpArtifacts(before);
    List<String> ids = removeRows(before);
    return new PurgedRuns(ids, artifacts.collectGarbage(grace, files, trees));
  }

  private void lookUpArtifacts(Instant before) {
    RunSearch deleted =
        RunSearch.of(store, clock, List.of())
            .lifecycle(Lifecycle.DELETED)
            .limit(RunQuery.MAX_LIMIT);
    @Nullable String cursor = null;
    do {
      RunPage page = deleted.after(cursor).page();
      for (RunRecord run : page.runs()) {
        Instant deletedAt = run.deletedAt();
        if (deletedAt != null && deletedAt.isBefore(before)) {
          run.artifacts().values().forEach(this::note);
        }
      }
      cursor = page.next();
    } while (cursor != null);
  }

  private void note(RunArtifact artifact) {
    (artifact.kind() == RunArtifact.Kind.FILE ? files : trees).add(artifact.digest());
  }

  private List<String> removeRows(Instant before) {
    List<String> purged = new ArrayList<>();
    List<String> some;
    do {
      some = store.purge(before, PURGED_AT_ONCE);
      purged.addAll(some);
    } while (!some.isEmpty());
    return purged;
  }
}
