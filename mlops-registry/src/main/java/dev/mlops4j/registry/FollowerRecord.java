package dev.mlops4j.registry;

import dev.mlops4j.data.Timestamps;
import dev.mlops4j.workspace.ProcessIdentity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A follower as the registry knows it. Immutable.
 *
 * @param id unique among all followers
 * @param name what people call it, such as the service it is part of
 * @param model the model it follows
 * @param followed the stage or alias it follows
 * @param process the process it runs in
 * @param capabilities what it can load
 * @param startedAt when it began to follow; cut to microseconds
 * @param seenAt when it was last known to live; cut to microseconds
 * @param loaded the number of the version it has loaded, or null
 */
public record FollowerRecord(
    String id,
    String name,
    String model,
    Followed followed,
    ProcessIdentity process,
    Capabilities capabilities,
    Instant startedAt,
    Instant seenAt,
    @Nullable Integer loaded) {

  /** Cuts the times to microseconds, the precision in which they are stored. */
  public FollowerRecord {
    startedAt = Timestamps.fromMicros(Timestamps.toMicros(startedAt));
    seenAt = Timestamps.fromMicros(Timestamps.toMicros(seenAt));
  }

  boolean isLive(Instant now) {
    return !now.isAfter(seenAt.plus(Follower.LIVE_FOR)) && !process.isGone();
  }

  FollowerRecord seen(Instant at, @Nullable Integer nowLoaded) {
    return new FollowerRecord(
        id, name, model, followed, process, capabilities, startedAt, at, nowLoaded);
  }
}
