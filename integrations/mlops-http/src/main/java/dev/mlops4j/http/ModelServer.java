package dev.mlops4j.http;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Objects;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link ServingHandler} with a port of its own.
 *
 * <pre>{@code
 * try (ModelServer server = ModelServer.of(ServingHandler.of(predictor.untyped()).build())
 *     .port(8080)
 *     .start()) {
 *   ...
 * }
 * }</pre>
 *
 * <p>It listens on the loopback interface unless told otherwise, because it has no encryption: put
 * a proxy in front of it, or keep it inside a pod. Closing it refuses new requests and finishes
 * those under way. Safe for any number of threads.
 */
public final class ModelServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ModelServer.class);

  private final Javalin javalin;

  private ModelServer(Javalin javalin) {
    this.javalin = javalin;
  }

  /** Starts to set up a server. */
  public static Builder of(ServingHandler handler) {
    return new Builder(handler);
  }

  /** The port it listens on. */
  public int port() {
    return javalin.port();
  }

  /**
   * Stops: no request begins any more, those under way are answered. Closing twice does nothing.
   */
  @Override
  public void close() {
    javalin.stop();
  }

  /** Sets up a server. Not safe for use by several threads. */
  public static final class Builder {

    /** The interface unless set otherwise. */
    public static final String DEFAULT_HOST = "127.0.0.1";

    /** The port unless set otherwise. */
    public static final int DEFAULT_PORT = 8080;

    /** How long a connection may stay silent unless set otherwise. */
    public static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofSeconds(30);

    /** How long closing waits for requests under way unless set otherwise. */
    public static final Duration DEFAULT_STOP_TIMEOUT = Duration.ofSeconds(10);

    private static final int MAX_PORT = 65_535;
    private static final int MIN_THREADS = 8;

    /** Besides those that work or wait: they read requests, and turn away. */
    private static final int MORE_THREADS = 16;

    private static final int MOST_THREADS_UNLESS_SET = 1_000;

    private final ServingHandler handler;
    private String host = DEFAULT_HOST;
    private int port = DEFAULT_PORT;
    private int threads;
    private Duration idleTimeout = DEFAULT_IDLE_TIMEOUT;
    private Duration stopTimeout = DEFAULT_STOP_TIMEOUT;

    private Builder(ServingHandler handler) {
      this.handler = Objects.requireNonNull(handler, "handler");
      this.threads = (int) Math.min(MOST_THREADS_UNLESS_SET, handler.places() + MORE_THREADS);
    }

    /** Listens on this interface; {@code 0.0.0.0} is all of them. */
    public Builder host(String host) {
      this.host = Objects.requireNonNull(host, "host");
      return this;
    }

    /**
     * Listens on this port; 0 is any free one.
     *
     * @throws IllegalArgumentException if it is no port
     */
    public Builder port(int port) {
      if (port < 0 || port > MAX_PORT) {
        throw new IllegalArgumentException("a port is from 0 to " + MAX_PORT + ", found " + port);
      }
      this.port = port;
      return this;
    }

    /**
     * The most threads: 16 more than requests work or wait at once, unless set. A client that sends
     * slowly takes a thread until it has sent its request; requests that find no thread wait for
     * one. Many more threads than that do not serve more under overload, but let some requests wait
     * for seconds.
     *
     * @throws IllegalArgumentException if there are fewer than 8
     */
    public Builder threads(int threads) {
      if (threads < MIN_THREADS) {
        throw new IllegalArgumentException(
            "a server has " + MIN_THREADS + " threads or more, found " + threads);
      }
      this.threads = threads;
      return this;
    }

    /** Ends connections on which nothing comes for so long, also within a request. */
    public Builder idleTimeout(Duration timeout) {
      this.idleTimeout = positive("idleTimeout", timeout);
      return this;
    }

    /** How long closing waits for requests under way. */
    public Builder stopTimeout(Duration timeout) {
      this.stopTimeout = positive("stopTimeout", timeout);
      return this;
    }

    private static Duration positive(String setting, Duration timeout) {
      if (timeout.isZero() || timeout.isNegative()) {
        throw new IllegalArgumentException(setting + " is more than 0, found " + timeout);
      }
      return timeout;
    }

    /**
     * The server, which listens when this returns.
     *
     * @throws RuntimeException if the port is taken
     */
    public ModelServer start() {
      Javalin javalin = Javalin.create(this::configure);
      javalin.start();
      LOG.info("models are served at http://{}:{}", host, javalin.port());
      return new ModelServer(javalin);
    }

    private void configure(JavalinConfig config) {
      config.startup.showJavalinBanner = false;
      config.startup.showOldJavalinVersionWarning = false;
      config.startup.startupWatcherEnabled = false;
      config.http.compressionStrategy = CompressionStrategy.NONE;
      config.http.maxRequestSize = handler.maxBodyBytes();
      config.jetty.host = host;
      config.jetty.port = port;
      QueuedThreadPool pool = new QueuedThreadPool(threads);
      pool.setName("mlops4j-http");
      pool.setDaemon(true);
      config.jetty.threadPool = pool;
      config.jetty.modifyServer(this::graceful);
      config.jetty.modifyHttpConfiguration(
          http -> {
            http.setSendServerVersion(false);
            http.setIdleTimeout(idleTimeout.toMillis());
          });
      for (HandlerType method :
          new HandlerType[] {
            HandlerType.GET,
            HandlerType.POST,
            HandlerType.PUT,
            HandlerType.DELETE,
            HandlerType.PATCH
          }) {
        config.routes.addHttpHandler(method, "/*", this::answer);
      }
    }

    private void graceful(Server server) {
      server.setStopTimeout(stopTimeout.toMillis());
      server.insertHandler(new GracefulHandler());
    }

    private void answer(Context context) throws IOException {
      ServingResponse response;
      int length = context.contentLength();
      if (length > handler.maxBodyBytes()) {
        response = handler.tooLarge(context.path());
      } else {
        try (InputStream body = context.bodyInputStream()) {
          // A stated length is all there is; a buffer for it grows with what comes.
          byte[] bytes = body.readNBytes(length < 0 ? handler.maxBodyBytes() + 1 : length);
          response =
              handler.handle(
                  new ServingRequest(
                      context.method().name(), context.path(), context.headerMap(), bytes));
        }
      }
      context.status(response.status());
      response.headers().forEach(context::header);
      // Not as the context's result, which Javalin copies through 32 kB for each answer.
      context.res().setContentLength(response.body().length);
      context.res().getOutputStream().write(response.body());
    }
  }
}
