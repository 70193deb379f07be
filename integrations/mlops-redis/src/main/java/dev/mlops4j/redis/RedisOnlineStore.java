package dev.mlops4j.redis;

import dev.mlops4j.Digest;
import dev.mlops4j.feature.EntityKey;
import dev.mlops4j.feature.FeatureEvent;
import dev.mlops4j.feature.FeatureView;
import dev.mlops4j.feature.OnlineStore;
import io.lettuce.core.RedisClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Holds the events of each key in Redis, for services on several hosts. Safe for any number of
 * threads; they share one connection.
 *
 * <pre>{@code
 * RedisClient client = RedisClient.create("redis://localhost:6379");
 * FeatureStore features =
 *     FeatureStore.builder(workspace).online(RedisOnlineStore.on(client)).open();
 * }</pre>
 *
 * <p>Each call but {@link #visitKeys} is one script, so it is done in full or not at all, and no
 * other call sees half of it. A scan shows the events of the moment of its first page, whatever
 * changes until its last; one that goes beyond the first {@value KeyScan#FIRST_PAGE} events ends
 * with a {@link RedisOnlineStoreException} if its key is erased, or loses more than {@value
 * KeyScan#RETAINED} events at once, at that very time, or if it takes longer than half a minute. It
 * can be asked again.
 *
 * <p>A view is found by its name and its {@linkplain FeatureView#fingerprint() fingerprint}. What
 * stores with the same prefix on one server (and one of its databases) add, all of them see.
 *
 * <p><b>Servers.</b> Redis 6.2 or later, alone or with replicas, or found by Sentinel. Not Redis
 * Cluster, for which Lettuce has another client. What a server loses when it dies is a matter of
 * its configuration ({@code appendonly}); it must not evict keys ({@code maxmemory-policy
 * noeviction}), which the store tells by a {@link RedisOnlineStoreException} as it meets it.
 *
 * <p><b>Failures.</b> A call that fails throws {@link RedisOnlineStoreException}. While the server
 * is away a call waits until its timeout; with Lettuce's {@code DisconnectedBehavior} {@code
 * REJECT_COMMANDS} it fails at once. The client connects again by itself. A call that timed out may
 * have been carried out. Doing it again is safe, but if the connection broke before the answer
 * came, Lettuce itself does it again, and {@link #add} and {@link #erase} may then return too small
 * a number.
 */
public final class RedisOnlineStore implements OnlineStore {

  /** Fewer than a server adds or removes in a second. */
  private static final int EVENTS_A_SECOND = 10_000;

  private final Server server;
  private final String prefix;
  private final Duration timeout;
  private final Map<FeatureView, ViewSpace> spaces = new ConcurrentHashMap<>();
  private volatile boolean closed;

  private RedisOnlineStore(Builder builder) {
    this.prefix = builder.prefix;
    this.timeout = builder.timeout;
    this.server = Server.of(builder.client);
  }

  /**
   * The store on the server that this client was created for, with the defaults of {@link Builder}.
   *
   * @throws RedisOnlineStoreException if the server cannot be reached
   */
  public static RedisOnlineStore on(RedisClient client) {
    return builder(client).build();
  }

  /** Settings for a store on the server that this client was created for. */
  public static Builder builder(RedisClient client) {
    return new Builder(client);
  }

  /**
   * {@inheritDoc}
   *
   * <p>At most 256 megabytes of events and a million keys a call. The server does nothing else
   * while it adds them, some ten seconds for a million events.
   *
   * @throws RedisOnlineStoreException if that is exceeded, or Redis cannot do it
   */
  @Override
  public int add(FeatureView view, Iterable<FeatureEvent> events) {
    Batch batch = filled(new Batch(space(view)), view, events);
    return batch.size() == 0 ? 0 : send(batch, view);
  }

  @Override
  public void bringUp(
      FeatureView view, EntityKey key, Iterable<FeatureEvent> events, long horizon) {
    Batch batch = new Batch(space(view));
    batch.raise(key, horizon);
    send(filled(batch, view, events), view);
  }

  private Batch filled(Batch batch, FeatureView view, Iterable<FeatureEvent> events) {
    for (FeatureEvent event : events) {
      batch.add(event);
      if (batch.isTooLarge()) {
        throw server.failure(
            "add events to view \"" + view.name() + "\"",
            "they are too many for one call after " + batch.size(),
            "add them by several calls",
            null);
      }
    }
    return batch;
  }

  private int send(Batch batch, FeatureView view) {
    return (int)
        server.number(
            Script.ADD,
            "add " + batch.size() + " events to view \"" + view.name() + "\"",
            waitFor(batch.size()),
            batch.keys(),
            batch.arguments());
  }

  @Override
  public long scan(FeatureView view, EntityKey key, long latest, Visitor visitor) {
    return new KeyScan(server, space(view), key, timeout).show(latest, visitor);
  }

  @Override
  public boolean discard(FeatureView view, EntityKey key, Position firstKept, long horizon) {
    byte[] entity = key.toBytes();
    byte[] member = Member.of(firstKept.eventTime(), firstKept.known(), firstKept.id());
    return remove(
            Script.DISCARD,
            "discard events of a key of view \"" + view.name() + "\"",
            space(view).keys().of(entity),
            Member.bound('(', member),
            Member.time(horizon),
            entity,
            number(KeyScan.FIRST_PAGE),
            number(KeyScan.RETAINED),
            number(KeyScan.RETENTION.toMillis()))
        > 0;
  }

  @Override
  public void visitKeys(FeatureView view, Consumer<EntityKey> keys) {
    server.forEachField(
        space(view).keys().horizons(),
        "show the keys of view \"" + view.name() + "\"",
        timeout,
        entity -> keys.accept(EntityKey.fromBytes(view, entity)));
  }

  /**
   * Removes all of a key's events, its horizon and every trace of the key, the events' ids
   * included. In one step.
   *
   * @return how many events were removed
   * @throws RedisOnlineStoreException if Redis cannot do it
   */
  @Override
  public int erase(String view, Digest version, EntityKey key) {
    checkOpen();
    byte[] entity = key.toBytes();
    return (int)
        remove(
            Script.ERASE,
            "erase a key of view \"" + view + "\"",
            new ViewKeys(prefix, view, version).of(entity),
            entity);
  }

  /** Runs a script that removes events, and waits longer for it if it says that they are many. */
  private long remove(Script script, String asked, List<byte[]> keys, byte[]... args) {
    byte[][] withMost = Arrays.copyOf(args, args.length + 1);
    withMost[args.length] = number(EVENTS_A_SECOND);
    long removed = server.number(script, asked, timeout, keys, withMost);
    if (removed >= 0) {
      return removed;
    }
    withMost[args.length] = number(Integer.MAX_VALUE);
    return server.number(script, asked, waitFor(-removed), keys, withMost);
  }

  private Duration waitFor(long events) {
    return timeout.plusSeconds(events / EVENTS_A_SECOND);
  }

  /** Closes the store's connection. The client stays open. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      server.close();
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the online store is closed");
    }
  }

  private ViewSpace space(FeatureView view) {
    checkOpen();
    return spaces.computeIfAbsent(view, it -> ViewSpace.of(prefix, it));
  }

  private static byte[] number(long number) {
    return Long.toString(number).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "RedisOnlineStore " + prefix + " at " + server.name();
  }

  /** Settings of a store. Not safe for use by several threads. */
  public static final class Builder {

    /** What the names of all keys in Redis begin with, before a colon. */
    public static final String DEFAULT_PREFIX = "mlops4j";

    /** How long a call waits for an answer: two seconds. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(2);

    private final RedisClient client;
    private String prefix = DEFAULT_PREFIX;
    private Duration timeout = DEFAULT_TIMEOUT;

    private Builder(RedisClient client) {
      this.client = Objects.requireNonNull(client, "client");
    }

    /**
     * What the names of all keys in Redis begin with. Stores with other prefixes do not see each
     * other.
     *
     * @throws IllegalArgumentException if it is blank or has a brace, which Redis gives a meaning
     */
    public Builder prefix(String prefix) {
      if (prefix.isBlank() || prefix.contains("{") || prefix.contains("}")) {
        throw new IllegalArgumentException(
            "prefix is \"" + prefix + "\"; it is not blank and has no braces");
      }
      this.prefix = prefix;
      return this;
    }

    /**
     * How long a call waits for an answer; one that adds or removes many events waits another
     * second for every 10,000 of them.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder timeout(Duration timeout) {
      if (timeout.isNegative() || timeout.isZero()) {
        throw new IllegalArgumentException("timeout is " + timeout + "; it is more than zero");
      }
      this.timeout = timeout;
      return this;
    }

    /**
     * The store, connected.
     *
     * @throws RedisOnlineStoreException if the server cannot be reached
     */
    public RedisOnlineStore build() {
      return new RedisOnlineStore(this);
    }
  }
}
