package dev.mlops4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.registry.HistoryEntry;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.tracking.MetricPoint;
import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.RunStatus;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a {@link WritingProcess} has said is durable. */
final class Acknowledged {

  private final List<String[]> lines = new ArrayList<>();
  private final Map<String, Integer> counts = new TreeMap<>();

  /** Reads what a process printed; a line that it did not end was not said. */
  Acknowledged(Path printed) throws IOException {
    String text = Files.readString(printed, StandardCharsets.UTF_8);
    for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
      String[] words = line.split("\t", -1);
      lines.add(words);
      counts.merge(words[0], 1, Integer::sum);
    }
  }

  /** How many writes there are of each kind. */
  Map<String, Integer> counts() {
    return counts;
  }

  /** Requires that all of it is there, and that no write has failed. */
  void requireIn(Workspace workspace, String when) {
    Reader reader = new Reader(Tracking.in(workspace), Registry.in(workspace));
    for (String[] line : lines) {
      reader.require(line, when + ": " + String.join(" ", line));
    }
  }

  /** Reads each run and each history once. */
  private static final class Reader {

    private final Tracking tracking;
    private final Registry registry;
    private final Map<String, RunRecord> runs = new HashMap<>();
    private final Map<String, Set<String>> reasons = new HashMap<>();

    Reader(Tracking tracking, Registry registry) {
      this.tracking = tracking;
      this.registry = registry;
    }

    void require(String[] line, String said) {
      switch (line[0]) {
        case "ready" -> assertThat(line).hasSize(1);
        case "run" -> {
          assertThat(run(line).name()).as(said).isEqualTo(line[2]);
          assertThat(run(line).status()).as(said).isNotEqualTo(RunStatus.RUNNING);
        }
        case "param" -> assertThat(run(line).params()).as(said).containsEntry(line[2], line[3]);
        case "tag" -> assertThat(run(line).tags()).as(said).containsEntry(line[2], line[3]);
        case "points" -> requirePoints(line, said);
        case "artifact" ->
            assertThat(tracking.artifact(line[1], line[2])).as(said).asString().isEqualTo(line[3]);
        case "end" -> assertThat(run(line).status()).as(said).isEqualTo(RunStatus.FINISHED);
        case "model" ->
            assertThat(run(line).artifacts().get("model").digest().hex())
                .as(said)
                .isEqualTo(line[2]);
        case "version" ->
            assertThat(registry.version(line[1], Integer.parseInt(line[2])).packageDigest().hex())
                .as(said)
                .isEqualTo(line[3]);
        case "change" -> assertThat(reasons(line[1])).as(said).contains(line[2]);
        default -> throw new AssertionError(said);
      }
    }

    private void requirePoints(String[] line, String said) {
      List<Double> values =
          tracking.series(line[1], line[2]).stream().map(MetricPoint::value).toList();
      assertThat(values).as(said).hasSizeGreaterThanOrEqualTo(Integer.parseInt(line[3]));
      for (int step = 0; step < values.size(); step++) {
        assertThat(values.get(step)).as(said).isEqualTo(step / 2.0);
      }
    }

    private RunRecord run(String[] line) {
      return runs.computeIfAbsent(line[1], tracking::run);
    }

    private Set<String> reasons(String model) {
      return reasons.computeIfAbsent(
          model,
          name ->
              registry.history(name).stream()
                  .map(HistoryEntry::reason)
                  .collect(Collectors.toSet()));
    }
  }
}
