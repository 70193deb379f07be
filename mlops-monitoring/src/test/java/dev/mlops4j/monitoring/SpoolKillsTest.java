package dev.mlops4j.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.model.Prediction;
import dev.mlops4j.monitoring.TestData.Clock;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes that record through a spool, killed at random moments. */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class SpoolKillsTest {

  private static final int KILLS = 3;
  private static final int SOAK_KILLS = 50;
  private static final int MOST_LINES = 40;
  private static final int BETWEEN_LINES = 100;
  private static final long LONGEST_PAUSE_NANOS = 20_000_000;
  private static final long ROOM = 1L << 30;

  @TempDir Path directory;

  @Test
  void whatWasOnTheDiskIsInTheLedgerAfterTheProcessWasKilled() throws Exception {
    killTimeAndAgain(KILLS);
  }

  @Test
  @Tag("soak")
  void whatWasOnTheDiskIsInTheLedgerAfterFiftyKills() throws Exception {
    killTimeAndAgain(SOAK_KILLS);
  }

  @Test
  void whatAProcessHasSpooledIsLeftToItUntilItIsDead() throws Exception {
    Path printed = directory.resolve("printed");
    Process process = start(printed, "away", 0);
    awaitLines(process, printed, 2);
    try (Workspace workspace = workspace(directory);
        Monitor<Object, Boolean> monitor = monitor(workspace, directory)) {
      monitor.flush();
      assertThat(monitor.predictionCount()).isZero();
      process.destroyForcibly().waitFor();
      monitor.flush();
      assertThat(monitor.predictionCount()).isGreaterThanOrEqualTo(2 * BETWEEN_LINES);
    }
  }

  /** In every other life the ledger is away, so that only the spool can have it. */
  private void killTimeAndAgain(int kills) throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    Map<Integer, Integer> acknowledged = new TreeMap<>();
    for (int life = 0; life < kills; life++) {
      Path printed = directory.resolve("printed-" + life);
      Process process = start(printed, life % 2 == 0 ? "away" : "there", life);
      awaitLines(process, printed, random.nextInt(MOST_LINES));
      LockSupport.parkNanos(random.nextLong(LONGEST_PAUSE_NANOS));
      process.destroyForcibly().waitFor();

      List<String> lines = Files.readAllLines(printed);
      // The last line may be of half a number.
      acknowledged.put(life, BETWEEN_LINES * Math.max(0, lines.size() - 1));
      requireAcknowledged(acknowledged, "seed " + seed + ", life " + life);
    }
    assertThat(acknowledged.values()).anyMatch(count -> count > 0);
  }

  private void requireAcknowledged(Map<Integer, Integer> acknowledged, String when)
      throws IOException {
    Map<Integer, Integer> found = new TreeMap<>();
    try (Workspace workspace = workspace(directory);
        Monitor<Object, Boolean> monitor = monitor(workspace, directory)) {
      monitor.flush();
      assertThat(monitor.droppedCount() + monitor.lostOutcomeCount()).as(when).isZero();
      monitor.predictions(
          TestData.SERVING,
          TestData.SERVING.plus(TestData.WEEK),
          row -> {
            int life = Integer.parseInt(row.id().split("-", -1)[0]);
            int number = Integer.parseInt(row.id().split("-", -1)[1]);
            // By the time they were asked: of each life from the first one on, without a gap.
            assertThat(found.merge(life, 1, Integer::sum)).as(when).isEqualTo(number + 1);
            if (number < acknowledged.get(life)) {
              assertThat(row.outcome()).as("%s, %s", when, row.id()).contains(number % 3 == 0);
            }
          });
    }
    acknowledged.forEach(
        (life, count) ->
            assertThat(found.getOrDefault(life, 0))
                .as("%s, life %d", when, life)
                .isGreaterThanOrEqualTo(count));
  }

  private static Workspace workspace(Path directory) {
    return Workspace.at(directory.resolve("workspace")).clock(new Clock()).open();
  }

  private static Monitor<Object, Boolean> monitor(Workspace workspace, Path directory) {
    return Monitor.of(TestData.MODEL, TestData.LATE)
        .in(workspace)
        .spool(directory.resolve("spool"))
        .build();
  }

  /** The child's program: records, and says after each hundred that all before are on the disk. */
  public static void main(String[] args) throws IOException {
    Path directory = Path.of(args[0]);
    int life = Integer.parseInt(args[2]);
    if (args[1].equals("there")) {
      try (Workspace workspace = workspace(directory);
          Monitor<Object, Boolean> monitor = monitor(workspace, directory)) {
        for (int i = 0; ; i++) {
          monitor.predicted(prediction(life, i));
          monitor.outcome(id(life, i), i % 3 == 0);
          acknowledge(i, monitor::flush);
        }
      }
    }
    Ledger away =
        new StubLedger() {
          @Override
          public void write(List<LedgerEntry> entries) {
            throw new MonitoringException("the database is away");
          }
        };
    Spool spool = Spool.open(directory.resolve("spool"), TestData.MODEL, ROOM);
    long bytes = 0;
    try (LedgerWriter writer =
        new LedgerWriter(away, TestData.MODEL, BETWEEN_LINES * 2, Duration.ZERO, spool)) {
      for (int i = 0; ; i++) {
        Prediction prediction = prediction(life, i);
        long at = TestData.SERVING.getEpochSecond() * 1_000_000 + micros(life, i);
        LedgerEntry asked = LedgerEntry.Asked.of(prediction, at, at, null);
        LedgerEntry known = new LedgerEntry.Known(id(life, i), i % 3 == 0 ? "1" : "0", at);
        writer.put(asked, Duration.ofMinutes(1));
        writer.put(known, Duration.ofMinutes(1));
        bytes += SpoolRecord.of(asked).length + SpoolRecord.of(known).length;
        long all = bytes;
        acknowledge(i, () -> awaitBytes(writer, all));
      }
    }
  }

  private static void acknowledge(int number, Runnable untilDurable) {
    if ((number + 1) % BETWEEN_LINES == 0) {
      untilDurable.run();
      System.out.println(number);
      System.out.flush();
    }
  }

  /** The ledger takes nothing, so that all that was ever spooled waits. */
  private static void awaitBytes(LedgerWriter writer, long bytes) {
    while (writer.spooledBytes() < bytes) {
      LockSupport.parkNanos(100_000);
    }
  }

  private static String id(int life, int number) {
    return life + "-" + number;
  }

  private static long micros(int life, int number) {
    return life * 1_000_000_000L + number;
  }

  private static Prediction prediction(int life, int number) {
    Instant at = TestData.SERVING.plusNanos(1_000 * micros(life, number));
    return new Prediction(
        id(life, number),
        TestData.MODEL,
        1,
        at,
        TestData.SIGNATURE,
        new double[] {number, number % 3},
        new double[] {0.25});
  }

  private Process start(Path printed, String ledger, int life) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-cp",
            System.getProperty("java.class.path"),
            SpoolKillsTest.class.getName(),
            directory.toString(),
            ledger,
            "" + life)
        .redirectOutput(printed.toFile())
        .redirectError(printed.resolveSibling(printed.getFileName() + ".err").toFile())
        .start();
  }

  private static void awaitLines(Process process, Path printed, int lines) throws IOException {
    while (Files.readString(printed).lines().count() < lines) {
      assertThat(process.isAlive())
          .as(
              "it records until it is killed, and says %s",
              Files.readString(printed.resolveSibling(printed.getFileName() + ".err")))
          .isTrue();
      LockSupport.parkNanos(500_000);
    }
  }
}
