package dev.mlops4j.registry;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Follows a stage or an alias of a model: is asked now and then which version is there, and so
 * tells the registry that it lives. A change that brings there a version that a live follower
 * cannot load is refused.
 *
 * <pre>{@code
 * try (Follower follower = registry.follow("checkout", "flight-delay", Stage.PRODUCTION, capabilities)) {
 *   ModelVersion version = follower.poll();      // every second or so
 *   if (version != null) {
 *     load(registry.load(version));
 *     follower.loaded(version);
 *   }
 * }
 * }</pre>
 *
 * <p>It lives for {@link #LIVE_FOR} after the last time it was polled, or until it is closed, or
 * its process is seen on the same host to have ended. Safe for any number of threads.
 */
public final class Follower implements AutoCloseable {

  /** How long after its last sign of life a follower counts as live. */
  public static final Duration LIVE_FOR = Duration.ofSeconds(60);

  /** How often a sign of life is written at most; polling in between only reads. */
  public static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(10);

  private final RegistryStore store;
  private final InstantSource clock;
  private FollowerRecord follower;
  private boolean closed;

  Follower(RegistryStore store, InstantSource clock, FollowerRecord follower) {
    this.store = store;
    this.clock = clock;
    this.follower = follower;
    store.putFollower(follower);
  }

  /**
   * The version that is there now, or null if there is none; an unknown model has none. Costs a
   * read or two of a row, and every {@link #HEARTBEAT_INTERVAL} a write.
   *
   * @throws IllegalStateException if the follower is closed
   * @throws dev.mlops4j.MlopsException if the store cannot be asked; the follower goes on
   */
  public synchronized @Nullable ModelVersion poll() {
    requireOpen();
    Instant now = clock.instant();
    if (!now.isBefore(follower.seenAt().plus(HEARTBEAT_INTERVAL))) {
      put(follower.seen(now, follower.loaded()));
    }
    String alias = follower.followed().alias();
    Stage stage = follower.followed().stage();
    if (stage != null) {
      return store.currentIn(follower.model(), stage).orElse(null);
    }
    Integer number = alias == null ? null : store.aliases(follower.model()).get(alias);
    return number == null ? null : store.version(follower.model(), number).orElse(null);
  }

  /**
   * Tells the registry what the follower has loaded.
   *
   * @param version the version it answers with, or null if none
   * @throws IllegalStateException if the follower is closed
   */
  public synchronized void loaded(@Nullable ModelVersion version) {
    requireOpen();
    Integer number = version == null ? null : version.number();
    if (!Objects.equals(number, follower.loaded())) {
      put(follower.seen(clock.instant(), number));
    }
  }

  /** The follower as the registry knows it. */
  public synchronized FollowerRecord follower() {
    return follower;
  }

  /** Takes the follower out of the registry. Closing twice does nothing. */
  @Override
  public synchronized void close() {
    if (!closed) {
      store.removeFollower(follower.id());
      closed = true;
    }
  }

  private void put(FollowerRecord next) {
    store.putFollower(next);
    follower = next;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("follower \"" + follower.name() + "\" is closed");
    }
  }
}
