package dev.mlops4j.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import redis.embedded.RedisServer;
import redis.embedded.core.RedisServerBuilder;

/** A real server that can be stopped and started again, and a client of it. */
final class RunningRedis implements AutoCloseable {

  private final Path directory;
  private final String[] settings;
  private final int port = freePort();
  private final ClientResources resources =
      ClientResources.builder().reconnectDelay(Delay.constant(Duration.ofMillis(50))).build();
  private final RedisClient client;
  private RedisServer server;

  RunningRedis(Path directory, String... settings) {
    this.directory = directory;
    this.settings = settings;
    this.client = client("redis://127.0.0.1:" + port);
    start();
  }

  RedisClient client() {
    return client;
  }

  RedisClient client(String uri) {
    RedisClient made = RedisClient.create(resources, uri);
    made.setOptions(
        ClientOptions.builder()
            .socketOptions(SocketOptions.builder().connectTimeout(Duration.ofSeconds(5)).build())
            .build());
    return made;
  }

  int port() {
    return port;
  }

  void start() {
    try {
      RedisServerBuilder builder =
          RedisServer.newRedisServer()
              .port(port)
              .setting("bind 127.0.0.1")
              .setting("dir " + directory)
              .setting("save \"\"");
      for (String setting : settings) {
        builder.setting(setting);
      }
      server = builder.build();
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void stop() {
    try {
      server.stop();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
    resources.shutdown(0, 1, java.util.concurrent.TimeUnit.SECONDS).awaitUninterruptibly();
    if (server.isActive()) {
      stop();
    }
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
