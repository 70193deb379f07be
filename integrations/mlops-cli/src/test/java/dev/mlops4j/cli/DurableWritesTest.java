package dev.mlops4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Processes that write to one workspace, killed at random moments, and many at a time. */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class DurableWritesTest extends CommandLineTest {

  private static final int KILLS = 10;
  private static final int SOAK_WORKSPACES = 20;
  private static final int MOST_WRITES = 200;
  private static final long LONGEST_PAUSE_NANOS = 5_000_000;
  private static final long POLL_NANOS = 500_000;
  private static final int PROCESSES = 8;
  private static final int SECONDS = 5;
  private static final int SOAK_SECONDS = 60;
  private static final int UNTIL_KILLED = 600;

  private Path current = Path.of("");

  @Override
  Path workspace() {
    return current;
  }

  @Test
  void whatAKilledProcessHasAcknowledgedIsThereAndTheWorkspaceIsClean() throws Exception {
    killTimeAndAgain(Long.getLong("seed", System.nanoTime()));
  }

  @Test
  @Tag("soak")
  void whatAKilledProcessHasAcknowledgedIsThereAfterTwoHundredKills() throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    for (int i = 0; i < SOAK_WORKSPACES; i++) {
      killTimeAndAgain(seed + i);
    }
  }

  @Test
  void eightProcessesOfFourThreadsWriteToOneWorkspaceAndLoseNothing() throws Exception {
    writeTogether(SECONDS);
  }

  @Test
  @Tag("soak")
  void eightProcessesOfFourThreadsWriteForAMinuteAndLoseNothing() throws Exception {
    writeTogether(SOAK_SECONDS);
  }

  private void killTimeAndAgain(long seed) throws Exception {
    newWorkspace();
    Random random = new Random(seed);
    List<Acknowledged> lives = new ArrayList<>();
    for (int kill = 0; kill < KILLS; kill++) {
      String when = "seed " + seed + ", kill " + kill;
      Path printed = directory.resolve("printed-" + seed + "-" + kill);
      Process process = start(printed, "own", UNTIL_KILLED);
      begin(process);
      // One in ten is killed before it has said anything, perhaps while it opens the workspace.
      int writes = kill == KILLS - 1 ? 0 : 1 + random.nextInt(MOST_WRITES);
      awaitLines(process, printed, writes);
      LockSupport.parkNanos(random.nextLong(LONGEST_PAUSE_NANOS * (writes == 0 ? 200 : 1)));
      process.destroyForcibly().waitFor();

      lives.add(new Acknowledged(printed));
      try (Workspace opened = Workspace.open(workspace())) {
        for (Acknowledged life : lives) {
          life.requireIn(opened, when);
        }
      }
      requireClean(when);
    }
    assertThat(kinds(lives)).containsKeys("run", "param", "tag", "points", "artifact", "end");
    assertThat(kinds(lives)).containsKeys("model", "version", "change");
  }

  private void writeTogether(int seconds) throws Exception {
    newWorkspace();
    List<Path> printed = new ArrayList<>();
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      printed.add(directory.resolve("printed-" + i));
      processes.add(start(printed.get(i), "own-" + i, seconds));
    }
    for (int i = 0; i < PROCESSES; i++) {
      awaitLines(processes.get(i), printed.get(i), 1);
    }
    processes.forEach(DurableWritesTest::begin);
    for (Process process : processes) {
      assertThat(process.waitFor()).isZero();
    }
    List<Acknowledged> all = new ArrayList<>();
    try (Workspace opened = Workspace.open(workspace())) {
      for (Path each : printed) {
        assertThat(each.resolveSibling(each.getFileName() + ".err")).isEmptyFile();
        Acknowledged acknowledged = new Acknowledged(each);
        acknowledged.requireIn(opened, each.toString());
        assertThat(acknowledged.counts()).containsKeys("end", "change");
        all.add(acknowledged);
      }
    }
    System.out.println("acknowledged in " + seconds + " s: " + kinds(all));
    requireClean("the end");
  }

  private void newWorkspace() throws IOException {
    current = Files.createTempDirectory(directory, "workspace").resolve("w");
    assertThat(importing()).as(err).isZero();
  }

  private Process start(Path printed, String model, int seconds) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            WritingProcess.class.getName(),
            workspace().toString(),
            model,
            "" + seconds)
        .redirectOutput(printed.toFile())
        .redirectError(printed.resolveSibling(printed.getFileName() + ".err").toFile())
        .start();
  }

  private static void begin(Process process) {
    try {
      process.getOutputStream().write('\n');
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void awaitLines(Process process, Path printed, int lines) throws IOException {
    while (Files.readString(printed).lines().count() < lines) {
      assertThat(process.isAlive())
          .as(
              "it writes until it is killed, and says %s",
              Files.readString(printed.resolveSibling(printed.getFileName() + ".err")))
          .isTrue();
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  private void requireClean(String when) throws Exception {
    assertThat(mlops("workspace", "check")).as("%s%n%s%s", when, out, err).isZero();
    for (String file : List.of("metadata.db", "artifacts.db")) {
      Path database = workspace().resolve(file);
      if (Files.exists(database)) {
        assertThat(integrity(database)).as(when).isEqualTo("ok");
      }
    }
  }

  private static String integrity(Path database) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA integrity_check")) {
      return row.getString(1);
    }
  }

  private static Map<String, Integer> kinds(List<Acknowledged> all) {
    Map<String, Integer> sum = new TreeMap<>();
    all.forEach(each -> each.counts().forEach((kind, n) -> sum.merge(kind, n, Integer::sum)));
    return sum;
  }
}
