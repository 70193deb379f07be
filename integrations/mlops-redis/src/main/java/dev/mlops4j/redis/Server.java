package dev.mlops4j.redis;

import io.lettuce.core.LettuceFutures;
import io.lettuce.core.MapScanCursor;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandInterruptedException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A connection that runs scripts; its failures are {@link RedisOnlineStoreException}s. */
final class Server implements AutoCloseable {

  private static final String UNKNOWN = "the client's address";

  /** How many fields of a hash a server is asked for at a time. */
  private static final int PAGE = 1_000;

  private final StatefulRedisConnection<byte[], byte[]> connection;
  private final String name;
  private final Map<Script, String> digests = new EnumMap<>(Script.class);

  private Server(StatefulRedisConnection<byte[], byte[]> connection, String name) {
    this.connection = connection;
    this.name = name;
    for (Script script : Script.values()) {
      digests.put(script, connection.async().digest(script.source()));
    }
  }

  /** Connects to the client's server. */
  static Server of(RedisClient client) {
    Addresses addresses = new Addresses();
    client.addListener(addresses);
    try {
      StatefulRedisConnection<byte[], byte[]> connection = client.connect(ByteArrayCodec.INSTANCE);
      return new Server(connection, addresses.of(connection));
    } catch (RedisException e) {
      throw new RedisOnlineStoreException(
          UNKNOWN,
          "connect",
          withoutCredentials(reason(e)),
          "see that the server runs there and takes the client's credentials",
          e);
    } finally {
      client.removeListener(addresses);
    }
  }

  String name() {
    return name;
  }

  /** Runs a script that answers with a number. */
  long number(Script script, String asked, Duration timeout, List<byte[]> keys, byte[]... args) {
    return (Long) Objects.requireNonNull(run(script, asked, timeout, keys, args));
  }

  /** Runs a script that answers with a list. */
  List<?> list(Script script, String asked, Duration timeout, List<byte[]> keys, byte[]... args) {
    return (List<?>) Objects.requireNonNull(run(script, asked, timeout, keys, args));
  }

  /** Shows the fields of a hash, some perhaps twice, page by page: the visitor may take long. */
  void forEachField(byte[] hash, String asked, Duration timeout, Consumer<byte[]> visitor) {
    ScanArgs page = ScanArgs.Builder.limit(PAGE);
    ScanCursor cursor = ScanCursor.INITIAL;
    while (!cursor.isFinished()) {
      ScanCursor from = cursor;
      MapScanCursor<byte[], byte[]> found =
          Objects.requireNonNull(
              translated(
                  asked,
                  timeout,
                  () -> await(connection.async().hscan(hash, from, page), timeout)));
      found.getMap().keySet().forEach(visitor);
      cursor = found;
    }
  }

  private @Nullable Object run(
      Script script, String asked, Duration timeout, List<byte[]> keys, byte[]... args) {
    RedisScriptingAsyncCommands<byte[], byte[]> commands = connection.async();
    byte[][] keyArray = keys.toArray(byte[][]::new);
    return translated(
        asked,
        timeout,
        () -> {
          try {
            String digest = Objects.requireNonNull(digests.get(script));
            return await(commands.evalsha(digest, script.output(), keyArray, args), timeout);
          } catch (RedisNoScriptException e) {
            // A server that was started or emptied anew.
            return await(commands.eval(script.source(), script.output(), keyArray, args), timeout);
          }
        });
  }

  private <T extends @Nullable Object> T translated(
      String asked, Duration timeout, Supplier<T> call) {
    try {
      return call.get();
    } catch (RedisCommandTimeoutException e) {
      throw failure(
          asked,
          "no answer within " + timeout,
          "see that the server runs and is reached, or give the store a longer timeout; the call"
              + " may have been carried out, and doing it again is safe",
          e);
    } catch (RedisCommandInterruptedException e) {
      throw failure(
          asked,
          "the thread was interrupted",
          "the call may have been carried out, and doing it again is safe",
          e);
    } catch (RedisCommandExecutionException e) {
      throw failure(asked, "it answered \"" + reason(e) + "\"", toDo(reason(e)), e);
    } catch (RedisException e) {
      throw failure(
          asked,
          "the connection failed (" + withoutCredentials(reason(e)) + ")",
          "see that the server runs and that its client was not shut down; a client connects again"
              + " by itself",
          e);
    }
  }

  private static <T> @Nullable T await(RedisFuture<T> answer, Duration timeout) {
    return LettuceFutures.awaitOrCancel(answer, timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  private static String toDo(String answer) {
    if (answer.contains("WRONGTYPE")) {
      return "something else writes keys with the store's prefix: give the store another one";
    }
    if (answer.contains("OOM")) {
      return "give the server more memory, or have features looked up less far back";
    }
    return "nothing was changed; see the server's log and its configuration";
  }

  RedisOnlineStoreException failure(
      String asked, String found, String toDo, @Nullable Throwable cause) {
    return new RedisOnlineStoreException(name, asked, found, toDo, cause);
  }

  private static String reason(RedisException e) {
    Throwable deepest = e;
    while (deepest.getCause() instanceof RedisException cause) {
      deepest = cause;
    }
    return String.valueOf(deepest.getMessage()).lines().findFirst().orElse("");
  }

  private static String withoutCredentials(String text) {
    return text.replaceAll("//[^/@]*@", "//");
  }

  @Override
  public void close() {
    connection.close();
  }

  /** Notes the addresses of new connections: a client does not tell its own. */
  private static final class Addresses implements RedisConnectionStateListener {

    private final Map<RedisChannelHandler<?, ?>, SocketAddress> addresses =
        new ConcurrentHashMap<>();

    @Override
    public void onRedisConnected(RedisChannelHandler<?, ?> connection, SocketAddress address) {
      addresses.put(connection, address);
    }

    String of(Object connection) {
      SocketAddress address = addresses.get(connection);
      return address == null ? UNKNOWN : address.toString().replaceFirst("^[^/]*/(?=.)", "");
    }
  }
}
