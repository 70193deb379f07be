package dev.mlops4j.benchmarks.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops4j.benchmarks.Comparison;
import dev.mlops4j.benchmarks.DisagreementException;
import dev.mlops4j.benchmarks.Report;
import dev.mlops4j.benchmarks.Units;
import dev.mlops4j.benchmarks.http.Wrk.Load;
import dev.mlops4j.benchmarks.predict.RequestRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One row a request, as JSON of the Open Inference Protocol V2: our server and MLServer. */
public final class HttpComparison implements Comparison {

  private static final String MODEL = "trees";
  private static final int REQUESTS = 500;
  private static final int ROUNDS = 3;
  private static final int WARMUP_SECONDS = 25;
  private static final int SECONDS = 5;
  private static final double TOLERANCE = 1e-6;

  private final ObjectMapper json = new ObjectMapper();

  /** Creates the comparison. */
  public HttpComparison() {}

  @Override
  public void run(Path directory, Report report) throws Exception {
    Path trained = directory.resolve("trained/xgboost-100x6").toAbsolutePath();
    Path work = Files.createDirectories(directory.resolve("http").toAbsolutePath());
    List<String> bodies = bodies(RequestRows.complete(trained, REQUESTS));
    Path script = Files.writeString(work.resolve("requests.lua"), lua(bodies));
    try (Server ours = ours(trained, work);
        Server peer = mlServer(trained, work, directory.resolve("mlserver").toAbsolutePath())) {
      check(report, bodies, ours, peer);
      Wrk wrk = new Wrk(script);
      wrk.run(ours.url(), WARMUP_SECONDS);
      wrk.run(peer.url(), WARMUP_SECONDS);
      List<Load> oursLoads = new ArrayList<>();
      List<Load> peerLoads = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        oursLoads.add(wrk.run(ours.url(), SECONDS));
        peerLoads.add(wrk.run(peer.url(), SECONDS));
      }
      report.note("http-v2 ours: %s", oursLoads);
      report.note("http-v2 mlserver: %s", peerLoads);
      report.rates("http-v2", "requests", rate(oursLoads), rate(peerLoads));
      report.millis("http-v2-p99", p99(oursLoads), p99(peerLoads));
      report.megabytes("http-v2-memory", ours.megabytes(), peer.megabytes());
    }
  }

  private static double rate(List<Load> loads) {
    return Units.median(loads.stream().map(Load::rate).toList());
  }

  private static double p99(List<Load> loads) {
    return Units.median(loads.stream().map(Load::p99).toList());
  }

  private static Server ours(Path trained, Path work) throws Exception {
    int port = Server.freePort();
    return new Server(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-cp",
            absolute(System.getProperty("java.class.path")),
            OwnServer.class.getName(),
            trained.resolve("model.ubj").toString(),
            MODEL,
            Integer.toString(port)),
        Map.of(),
        Files.createDirectories(work.resolve("ours")),
        "http://127.0.0.1:" + port + "/v2/models/" + MODEL);
  }

  private static String absolute(String classPath) {
    String separator = System.getProperty("path.separator");
    List<String> entries = new ArrayList<>();
    for (String entry : List.of(classPath.split(separator, -1))) {
      entries.add(Path.of(entry).toAbsolutePath().toString());
    }
    return String.join(separator, entries);
  }

  /**
   * MLServer as it is shipped, with two settings in its favour: no log of accesses, which its debug
   * mode writes, and one thread for each prediction. Left to itself XGBoost takes a thread a core
   * for a single row, and on a machine where the cores have other work they wait for each other:
   * measured, a tenth of the requests a second.
   */
  private Server mlServer(Path trained, Path work, Path environment) throws Exception {
    int port = Server.freePort();
    Path home = Files.createDirectories(work.resolve("mlserver"));
    write(
        home.resolve("settings.json"),
        Map.of(
            "host",
            "127.0.0.1",
            "http_port",
            port,
            "grpc_port",
            Server.freePort(),
            "metrics_port",
            Server.freePort(),
            "debug",
            false));
    write(
        home.resolve("model-settings.json"),
        Map.of(
            "name",
            MODEL,
            "implementation",
            "mlserver_xgboost.XGBoostModel",
            "parameters",
            Map.of("uri", trained.resolve("model.ubj").toString())));
    return new Server(
        List.of(environment.resolve("bin/mlserver").toString(), "start", "."),
        Map.of("OMP_NUM_THREADS", "1"),
        home,
        "http://127.0.0.1:" + port + "/v2/models/" + MODEL);
  }

  private void write(Path file, Map<String, Object> settings) throws IOException {
    json.writeValue(file.toFile(), settings);
  }

  private void check(Report report, List<String> bodies, Server ours, Server peer)
      throws Exception {
    double greatest = 0;
    for (String body : bodies) {
      double difference = Math.abs(prediction(ours.infer(body)) - prediction(peer.infer(body)));
      greatest = difference <= greatest ? greatest : difference;
    }
    if (!(greatest <= TOLERANCE)) {
      throw new DisagreementException(
          "http-v2: the servers differ by " + greatest + ", tolerance " + TOLERANCE);
    }
    report.note(
        "http-v2: %d requests, the greatest difference of the servers is %.1e, tolerance %.0e",
        bodies.size(), greatest, TOLERANCE);
  }

  private double prediction(String answer) throws IOException {
    return json.readTree(answer).at("/outputs/0/data/0").asDouble(Double.NaN);
  }

  private static List<String> bodies(float[][] rows) {
    List<String> bodies = new ArrayList<>();
    for (float[] row : rows) {
      StringBuilder data = new StringBuilder();
      for (float value : row) {
        data.append(data.isEmpty() ? "" : ",").append(value);
      }
      bodies.add(
          String.format(
              Locale.ROOT,
              "{\"inputs\":[{\"name\":\"rows\",\"shape\":[1,%d],\"datatype\":\"FP32\","
                  + "\"data\":[%s]}]}",
              row.length,
              data));
    }
    return bodies;
  }

  /** Sends the bodies in turn. */
  private static String lua(List<String> bodies) {
    StringBuilder script = new StringBuilder("local bodies = {\n");
    bodies.forEach(body -> script.append("  '").append(body).append("',\n"));
    return script
        .append("}\n")
        .append("local requests = {}\n")
        .append("local next = 0\n")
        .append("init = function(args)\n")
        .append("  local headers = { ['Content-Type'] = 'application/json' }\n")
        .append("  for i, body in ipairs(bodies) do\n")
        .append("    requests[i] = wrk.format('POST', nil, headers, body)\n")
        .append("  end\n")
        .append("end\n")
        .append("request = function()\n")
        .append("  next = next % #requests + 1\n")
        .append("  return requests[next]\n")
        .append("end\n")
        .toString();
  }
}
