package dev.mlops4j.benchmarks.calibration;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mlops4j.benchmarks.PythonPeer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Judges draws; used by one thread. */
@FunctionalInterface
interface Side {

  /** Of each draw whether it is an alert; null where it cannot say anything. */
  @Nullable Boolean[] judge(Cell cell, Draws draws) throws IOException;

  /** Our default; a draw on any free core. */
  static Side ours() {
    return (cell, draws) ->
        IntStream.range(0, draws.count())
            .parallel()
            .mapToObj(i -> OwnVerdict.alerts(cell.kind(), draws.reference()[i], draws.current()[i]))
            .toArray(Boolean[]::new);
  }

  /**
   * A peer.
   *
   * @param command what it is asked
   * @param file where it is given the draws
   */
  static Side of(PythonPeer peer, String command, Path file) {
    return (cell, draws) -> {
      draws.write(file);
      JsonNode answer =
          peer.ask(
              Map.of(
                  "command",
                  command,
                  "file",
                  file.toString(),
                  "reference",
                  cell.reference(),
                  "current",
                  cell.current(),
                  "count",
                  draws.count(),
                  "kind",
                  cell.kind().form()));
      JsonNode alerts = answer.get("alerts");
      @Nullable Boolean[] said = new @Nullable Boolean[alerts.size()];
      for (int i = 0; i < said.length; i++) {
        said[i] = alerts.get(i).isNull() ? null : alerts.get(i).asBoolean();
      }
      return said;
    };
  }
}
