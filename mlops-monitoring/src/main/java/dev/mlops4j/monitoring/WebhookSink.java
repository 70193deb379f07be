package dev.mlops4j.monitoring;

import dev.mlops4j.Digest;
import dev.mlops4j.report.Printable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Sends alerts to a URL: one POST for a notice, however many alerts it has. Safe for any number of
 * threads.
 *
 * <pre>{@code
 * WebhookSink pager = WebhookSink.to(URI.create("https://pager.example/alerts"))
 *     .secret(System.getenv("PAGER_SECRET"))
 *     .build();
 * Monitor.of("flight-delay", LATE).in(workspace).alertTo(pager).build();
 * }</pre>
 *
 * <p>Taken is what is answered with a status of 200 to 299. A status of 408, 429 or 500 and above,
 * and a connection that fails or times out, is tried again after a pause that doubles; any other
 * status is not, and redirects are not followed. What was not taken throws, so that the monitor
 * sends it again with the next evaluation. The thread that evaluates waits meanwhile, at the most
 * four minutes.
 */
public final class WebhookSink implements AlertSink {

  /** The header with the time of sending: seconds since 1970, by the system's clock. */
  public static final String TIMESTAMP_HEADER = "Mlops4j-Timestamp";

  /** The header with the {@link WebhookSignature}; only with a secret. */
  public static final String SIGNATURE_HEADER = "Mlops4j-Signature";

  /** The header that is the same whenever the same notice is sent. */
  public static final String DELIVERY_HEADER = "Mlops4j-Delivery";

  /** How long one attempt may take unless stated. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

  /** How often a notice is sent at most unless stated. */
  public static final int DEFAULT_ATTEMPTS = 4;

  /** The first pause between attempts unless stated. */
  public static final Duration DEFAULT_BACK_OFF = Duration.ofSeconds(1);

  private final URI uri;
  private final WebhookFormat format;
  private final byte @Nullable [] secret;
  private final Map<String, String> headers;
  private final Duration timeout;
  private final int attempts;
  private final Duration backOff;
  private final InstantSource clock;
  private final Pause pause;
  private final HttpClient client;

  private WebhookSink(Builder builder) {
    this.uri = builder.uri;
    this.format = builder.format;
    this.secret = builder.secret;
    this.headers = Map.copyOf(builder.headers);
    this.timeout = builder.timeout;
    this.attempts = builder.attempts;
    this.backOff = builder.backOff;
    this.clock = builder.clock;
    this.pause = builder.pause;
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(timeout)
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
  }

  /** Starts to configure a sink for an {@code http} or {@code https} URL. */
  public static Builder to(URI uri) {
    return new Builder(uri);
  }

  @Override
  public void alert(Alert alert) {
    notice(new AlertNotice(alert.model(), List.of(alert), List.of(), List.of()));
  }

  @Override
  public void repeated(Alert alert) {
    notice(new AlertNotice(alert.model(), List.of(), List.of(alert), List.of()));
  }

  @Override
  public void resolved(Alert alert) {
    notice(new AlertNotice(alert.model(), List.of(), List.of(), List.of(alert)));
  }

  /**
   * Sends them as repeated if the receiver forgets, as Alertmanager does; once, as they come again.
   */
  @Override
  public void stillOpen(List<Alert> alerts) {
    if (format == WebhookFormat.ALERTMANAGER) {
      send(new AlertNotice(alerts.get(0).model(), List.of(), alerts, List.of()), 1);
    }
  }

  /**
   * Sends all of it in one request.
   *
   * @throws MonitoringException if it was not taken, with the last reason; or if the thread is
   *     interrupted, and stays so
   */
  @Override
  public void notice(AlertNotice notice) {
    send(notice, attempts);
  }

  private void send(AlertNotice notice, int most) {
    String delivery = Digest.of(deliveryOf(notice)).shortHex();
    Duration next = backOff;
    String failure = "";
    for (int attempt = 1; attempt <= most; attempt++) {
      if (attempt > 1) {
        waitFor(next);
        next = next.multipliedBy(2);
      }
      try {
        int status = post(notice, delivery);
        if (status >= 200 && status < 300) {
          return;
        }
        failure = "it answered with status " + status;
        if (status != 408 && status != 429 && status < 500) {
          throw notTaken(attempt, failure, null);
        }
      } catch (IOException e) {
        failure = String.valueOf(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw notTaken(attempt, "the thread was interrupted", e);
      }
    }
    throw notTaken(most, failure, null);
  }

  private int post(AlertNotice notice, String delivery) throws IOException, InterruptedException {
    Instant now = clock.instant();
    byte[] body = format.body(notice, now);
    String timestamp = Long.toString(now.getEpochSecond());
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/json")
            .header(TIMESTAMP_HEADER, timestamp)
            .header(DELIVERY_HEADER, delivery);
    headers.forEach(request::header);
    byte[] key = secret;
    if (key != null) {
      request.header(SIGNATURE_HEADER, WebhookSignature.of(key, timestamp, body));
    }
    return statusOf(request.POST(BodyPublishers.ofByteArray(body)).build());
  }

  /** The timeout of a request ends with the headers of its answer; this one ends with the body. */
  private int statusOf(HttpRequest request) throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<Void>> answer =
        client.sendAsync(request, BodyHandlers.discarding());
    try {
      return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS).statusCode();
    } catch (TimeoutException e) {
      throw new HttpTimeoutException("it did not answer within " + timeout);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failed) {
        throw failed;
      }
      throw new IOException(e.getCause());
    } finally {
      // Does nothing once there is an answer; else it closes the connection.
      answer.cancel(true);
    }
  }

  private void waitFor(Duration time) {
    try {
      pause.pause(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw notTaken(0, "the thread was interrupted", e);
    }
  }

  private MonitoringException notTaken(int attempt, String why, @Nullable Throwable cause) {
    return new MonitoringException(
        "alerts were not taken by "
            + uri.getHost()
            + (attempt == 0 ? "" : ", sent " + attempt + " times")
            + ": "
            + why
            + "; the next evaluation sends them again",
        cause);
  }

  private static String deliveryOf(AlertNotice notice) {
    StringBuilder text = new StringBuilder(notice.model());
    for (List<Alert> alerts : List.of(notice.raised(), notice.repeated(), notice.resolved())) {
      text.append('\n');
      alerts.forEach(
          alert -> text.append(alert.id()).append(' ').append(alert.repeats()).append(' '));
    }
    return text.toString();
  }

  @Override
  public String toString() {
    return "webhook to " + uri.getHost();
  }

  /** Waits between attempts. */
  @FunctionalInterface
  interface Pause {
    void pause(Duration time) throws InterruptedException;
  }

  /** The settings of a sink. Not safe for use by several threads. */
  public static final class Builder {

    private static final Set<String> OWN_HEADERS =
        Stream.of("Content-Type", TIMESTAMP_HEADER, SIGNATURE_HEADER, DELIVERY_HEADER)
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
    private static final Duration MOST_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration MOST_BACK_OFF = Duration.ofSeconds(5);
    private static final int MOST_ATTEMPTS = 5;

    private final URI uri;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private WebhookFormat format = WebhookFormat.JSON;
    private byte @Nullable [] secret;
    private Duration timeout = DEFAULT_TIMEOUT;
    private int attempts = DEFAULT_ATTEMPTS;
    private Duration backOff = DEFAULT_BACK_OFF;
    private InstantSource clock = InstantSource.system();
    private Pause pause = time -> Thread.sleep(time.toMillis());

    private Builder(URI uri) {
      this.uri = uri;
    }

    /** What is sent; {@link WebhookFormat#JSON} unless stated. */
    public Builder format(WebhookFormat format) {
      this.format = format;
      return this;
    }

    /** Signs what is sent with the bytes of this text in UTF-8. Not signed unless stated. */
    public Builder secret(String secret) {
      this.secret = secret.getBytes(StandardCharsets.UTF_8);
      return this;
    }

    /**
     * A header more, such as {@code Authorization}; the last value of each name counts. Neither
     * {@code Content-Type} nor one of this sink's own.
     */
    public Builder header(String name, String value) {
      headers.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
      return this;
    }

    /** How long one attempt may take, to the end of the answer; at most 30 s. */
    public Builder timeout(Duration timeout) {
      this.timeout = timeout;
      return this;
    }

    /** How often a notice is sent at most before it is left to the next evaluation: 1 to 5. */
    public Builder attempts(int attempts) {
      this.attempts = attempts;
      return this;
    }

    /** The pause after the first attempt, at most 5 s; it doubles after each further one. */
    public Builder backOff(Duration backOff) {
      this.backOff = backOff;
      return this;
    }

    Builder clock(InstantSource clock) {
      this.clock = clock;
      return this;
    }

    Builder pause(Pause pause) {
      this.pause = pause;
      return this;
    }

    /**
     * The sink. It connects when it has something to send.
     *
     * @throws MonitorConfigurationException with all that is wrong
     */
    public WebhookSink build() {
      List<String> problems = problems();
      if (!problems.isEmpty()) {
        throw new MonitorConfigurationException("the webhook", problems);
      }
      return new WebhookSink(this);
    }

    private List<String> problems() {
      List<String> problems = new ArrayList<>();
      boolean http = "http".equalsIgnoreCase(uri.getScheme());
      if ((!http && !"https".equalsIgnoreCase(uri.getScheme()))
          || uri.getHost() == null
          || uri.getUserInfo() != null) {
        // Not shown, as it may have a password in it.
        problems.add(
            "the URL is not accepted: http or https, with a host, without a user; give a token by"
                + " header(name, value)");
      }
      if (secret != null && secret.length == 0) {
        problems.add("secret is empty: give it some characters, or leave it out");
      }
      headers.forEach((name, value) -> problemOfHeader(name, value).ifPresent(problems::add));
      if (timeout.toMillis() < 1 || timeout.compareTo(MOST_TIMEOUT) > 0) {
        problems.add("timeout(" + timeout + ") is not accepted: 1 ms to " + MOST_TIMEOUT);
      }
      if (attempts < 1 || attempts > MOST_ATTEMPTS) {
        problems.add("attempts(" + attempts + ") is not accepted: 1 to " + MOST_ATTEMPTS);
      }
      if (backOff.isNegative() || backOff.compareTo(MOST_BACK_OFF) > 0) {
        problems.add("backOff(" + backOff + ") is not accepted: 0 to " + MOST_BACK_OFF);
      }
      return problems;
    }

    /** Without the value, which may be a secret. */
    private static Optional<String> problemOfHeader(String name, String value) {
      String setting = "header(\"" + Printable.of(name) + "\", ...) is not accepted: ";
      if (OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
        return Optional.of(setting + "the sink sets it itself");
      }
      try {
        HttpRequest.newBuilder().header(name, value);
        return Optional.empty();
      } catch (IllegalArgumentException e) {
        return Optional.of(
            setting
                + "a name is letters, digits and hyphens, and none that belongs to the connection,"
                + " such as Host; a value is one line of printable characters");
      }
    }
  }
}
