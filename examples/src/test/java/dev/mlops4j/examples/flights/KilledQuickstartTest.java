package dev.mlops4j.examples.flights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.RunStatus;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Takes a quarter of an hour: the whole program, killed ten times on its way. */
@Tag("soak")
class KilledQuickstartTest {

  private static final int KILLS = 10;
  private static final int LONGEST_LIFE_SECONDS = 60;
  private static final int SHORTEST_LIFE_SECONDS = 3;

  @TempDir Path directory;

  @Test
  void killedAtRandomMomentsItGoesOnAndLosesNothing() throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    Path workspace = directory.resolve("workspace");
    Set<String> finished = new HashSet<>();
    Set<String> versions = new HashSet<>();
    for (int kill = 0; kill < KILLS; kill++) {
      Process program = start(workspace, directory.resolve("life-" + kill + ".txt"));
      int seconds =
          SHORTEST_LIFE_SECONDS + random.nextInt(LONGEST_LIFE_SECONDS - SHORTEST_LIFE_SECONDS);
      boolean ended = program.waitFor(seconds, TimeUnit.SECONDS);
      program.destroyForcibly().waitFor();
      if (ended) {
        assertThat(program.exitValue()).as("seed %d, life %d", seed, kill).isZero();
      }
      requireNothingLost(workspace, finished, versions, "seed " + seed + ", kill " + kill);
    }
    Path output = directory.resolve("last-life.txt");
    Process last = start(workspace, output);
    assertThat(last.waitFor(10, TimeUnit.MINUTES)).isTrue();
    List<String> lines = Files.readAllLines(output);
    assertThat(last.exitValue()).as("seed %d%n%s", seed, String.join("\n", lines)).isZero();
    assertThat(lines.get(lines.size() - 1))
        .startsWith("quickstart: ok")
        .contains("skew=0 served=170618 versions=3");
    requireNothingLost(workspace, finished, versions, "seed " + seed + ", the end");
  }

  private static Process start(Path workspace, Path output) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx1g",
            "-classpath",
            System.getProperty("java.class.path"),
            FlightsQuickstart.class.getName(),
            workspace.toString())
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .directory(new File("."))
        .start();
  }

  /** Every run and version seen before is there, and every version's package is whole. */
  private static void requireNothingLost(
      Path directory, Set<String> finished, Set<String> versions, String when) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Workspace workspace = Workspace.open(directory)) {
      Set<String> runs = new HashSet<>();
      for (RunRecord run : Tracking.in(workspace).runs(FlightTraining.MODEL, RunStatus.FINISHED)) {
        runs.add(run.id());
      }
      assertThat(runs).as(when).containsAll(finished);
      finished.addAll(runs);
      Registry registry = Registry.in(workspace);
      Set<String> labels = new HashSet<>();
      if (registry.models().contains(FlightTraining.MODEL)) {
        for (ModelVersion version : registry.versions(FlightTraining.MODEL)) {
          labels.add(version.label() + " " + version.packageDigest());
          assertThat(registry.load(version).manifest().format()).isEqualTo(version.format());
        }
      }
      assertThat(labels).as(when).containsAll(versions);
      versions.addAll(labels);
    }
  }
}
