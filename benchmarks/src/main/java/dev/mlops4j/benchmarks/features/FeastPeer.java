package dev.mlops4j.benchmarks.features;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** Feast in a Python process of its own, asked by a line of JSON and answering by one. */
final class FeastPeer implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final BufferedWriter requests;
  private final BufferedReader answers;

  /** Starts it on the data, and waits until it is ready. */
  FeastPeer(Path directory) throws IOException {
    process =
        new ProcessBuilder(
                directory.resolve("feast/bin/python").toString(),
                "benchmarks/src/main/python/feast_peer.py",
                directory.resolve("feast-data").toString(),
                directory.resolve("feast-scratch").toString())
            .redirectError(directory.resolve("feast.log").toFile())
            .start();
    requests = process.outputWriter(StandardCharsets.UTF_8);
    answers = process.inputReader(StandardCharsets.UTF_8);
    answer();
  }

  /** Runs a command. */
  JsonNode ask(Map<String, Object> command) throws IOException {
    requests.write(JSON.writeValueAsString(command));
    requests.newLine();
    requests.flush();
    return answer();
  }

  private JsonNode answer() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("Feast has ended; see feast.log in the benchmarks' directory");
    }
    JsonNode answer = JSON.readTree(line);
    if (answer.has("error")) {
      throw new IOException("Feast: " + answer.get("error").asText());
    }
    return answer;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
