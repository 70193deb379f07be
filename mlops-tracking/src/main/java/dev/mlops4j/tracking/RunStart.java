package dev.mlops4j.tracking;

import dev.mlops4j.data.Timestamps;
import dev.mlops4j.workspace.ProcessIdentity;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a run from its start. Immutable.
 *
 * @param id unique among all runs of all workspaces
 * @param experiment the experiment it belongs to
 * @param name what people call it; names may repeat
 * @param startedAt when it started; cut to microseconds
 * @param process the process that runs it: the one that started it, or that resumed it last
 * @param environment where it runs, by name: versions, the class path with its digests, the command
 *     with its secrets masked
 * @param parentId the run that it is a part of; null if there is none
 */
public record RunStart(
    String id,
    String experiment,
    String name,
    Instant startedAt,
    ProcessIdentity process,
    SortedMap<String, String> environment,
    @Nullable String parentId) {

  /** Copies the environment. */
  public RunStart {
    startedAt = Timestamps.fromMicros(Timestamps.toMicros(startedAt));
    environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
  }

  /** The start of a run that is not a part of another one. */
  public RunStart(
      String id,
      String experiment,
      String name,
      Instant startedAt,
      ProcessIdentity process,
      SortedMap<String, String> environment) {
    this(id, experiment, name, startedAt, process, environment, null);
  }
}
