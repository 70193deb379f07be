package dev.mlops4j.benchmarks.http;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A server in a process of its own, and the processes that it starts. */
final class Server implements AutoCloseable {

  /** How long a server may take to begin, and to end. */
  private static final int PATIENCE_SECONDS = 60;

  private static final int END_SECONDS = 10;

  private static final int LOOK_MILLIS = 100;
  private static final int OK = 200;

  /** What a process has in memory; what it shares with others counts in part. */
  private static final Pattern PSS = Pattern.compile("(?m)^Pss:\\s+(\\d+) kB");

  private static final double KILOBYTES_OF_A_MEGABYTE = 1024;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Process process;
  private final String model;

  /**
   * Starts a server and waits until its model is ready.
   *
   * @param environment variables that are set for it
   * @param directory where it runs and its output goes to
   * @param model the URL of the model
   */
  Server(List<String> command, Map<String, String> environment, Path directory, String model)
      throws IOException, InterruptedException {
    this.model = model;
    Path log = directory.resolve("output.log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    this.process = builder.start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!isReady()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        close();
        throw new IllegalStateException(
            "the server did not begin: " + command + "; see " + log.toAbsolutePath());
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }

  /** A port that is free at the moment. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private boolean isReady() throws InterruptedException {
    try {
      HttpRequest request = HttpRequest.newBuilder(URI.create(model + "/ready")).build();
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == OK;
    } catch (IOException e) {
      return false;
    }
  }

  /** Where inferences are asked for. */
  String url() {
    return model + "/infer";
  }

  /** The body of the answer to this inference. */
  String infer(String body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url()))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != OK) {
      throw new IllegalStateException(
          url() + " answered " + response.statusCode() + ": " + response.body());
    }
    return response.body();
  }

  /** What its processes have in memory, in megabytes. */
  double megabytes() throws IOException {
    double kilobytes = 0;
    for (ProcessHandle one : Stream.concat(Stream.of(process.toHandle()), descendants()).toList()) {
      Path rollup = Path.of("/proc", Long.toString(one.pid()), "smaps_rollup");
      Matcher matcher = PSS.matcher(Files.readString(rollup));
      if (matcher.find()) {
        kilobytes += Double.parseDouble(matcher.group(1));
      }
    }
    return kilobytes / KILOBYTES_OF_A_MEGABYTE;
  }

  private Stream<ProcessHandle> descendants() {
    return process.descendants();
  }

  /** Ends the process and those it started. */
  @Override
  public void close() {
    List<ProcessHandle> others = descendants().toList();
    process.destroy();
    try {
      process.waitFor(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    others.forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
