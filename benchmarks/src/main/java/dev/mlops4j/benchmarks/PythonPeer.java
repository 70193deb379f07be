package dev.mlops4j.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A peer in a Python process of its own, asked by a line of JSON and answering by one. */
public final class PythonPeer implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String name;
  private final Process process;
  private final BufferedWriter requests;
  private final BufferedReader answers;

  /**
   * Starts {@code NAME_peer.py} with the Python of the environment of that name, and waits until it
   * is ready. What it says besides its answers is in {@code NAME.log}.
   *
   * @param directory the benchmarks' directory
   */
  public PythonPeer(Path directory, String name, Path... arguments) throws IOException {
    this.name = name;
    List<String> command = new ArrayList<>();
    command.add(directory.resolve(name).resolve("bin/python").toString());
    command.add("benchmarks/src/main/python/" + name + "_peer.py");
    for (Path argument : arguments) {
      command.add(argument.toString());
    }
    process =
        new ProcessBuilder(command)
            .redirectError(directory.resolve(name + ".log").toFile())
            .start();
    requests = process.outputWriter(StandardCharsets.UTF_8);
    answers = process.inputReader(StandardCharsets.UTF_8);
    answer();
  }

  /** Runs a command. */
  public JsonNode ask(Map<String, Object> command) throws IOException {
    requests.write(JSON.writeValueAsString(command));
    requests.newLine();
    requests.flush();
    return answer();
  }

  private JsonNode answer() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException(name + " has ended; see " + name + ".log in the benchmarks' directory");
    }
    JsonNode answer = JSON.readTree(line);
    if (answer.has("error")) {
      throw new IOException(name + ": " + answer.get("error").asText());
    }
    return answer;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
