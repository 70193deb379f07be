package dev.mlops4j.cli;

import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.StoredPackage;
import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.NothingToRollBackToException;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.registry.Stage;
import dev.mlops4j.tracking.Run;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A program that writes to a workspace from four threads, and prints a line for each write once it
 * is durable, which {@link Acknowledged} holds the workspace to.
 */
final class WritingProcess {

  /** The model whose first version is there, and whose stages all processes change. */
  static final String SHARED = "late";

  private static final int WRITERS_OF_RUNS = 3;
  private static final int POINTS = 40;
  private static final int FLUSHES = 3;
  private static final int ROLLBACK_EVERY = 3;

  private final Tracking tracking;
  private final Registry registry;
  private final ModelPackage logged;
  private final String ownModel;
  private final Duration time;
  private volatile long deadline;
  private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);

  private WritingProcess(Workspace workspace, String ownModel, Duration time) {
    this.tracking = Tracking.in(workspace);
    this.registry = Registry.in(workspace);
    this.logged = registry.load(registry.version(SHARED, 1));
    this.ownModel = ownModel;
    this.time = time;
  }

  /**
   * The program.
   *
   * @param args a workspace, a model of its own, and for how many seconds it writes, from when it
   *     is sent a byte
   */
  public static void main(String[] args) throws InterruptedException, IOException {
    try (Workspace workspace = Workspace.open(Path.of(args[0]))) {
      new WritingProcess(workspace, args[1], Duration.ofSeconds(Long.parseLong(args[2]))).write();
    }
  }

  private void write() throws InterruptedException, IOException {
    // What the first run of a process does once, it has done when it says that it is ready.
    tracking.start("killed").close();
    acknowledge("ready");
    if (System.in.read() < 0) {
      throw new IOException("nobody has said when to begin");
    }
    deadline = System.nanoTime() + time.toNanos();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < WRITERS_OF_RUNS; i++) {
      threads.add(thread(this::writeRun));
    }
    threads.add(thread(this::changeStages));
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private Thread thread(Turn turn) {
    return new Thread(
        () -> {
          try {
            for (int i = 0; System.nanoTime() < deadline; i++) {
              turn.take(i);
            }
          } catch (Throwable e) {
            acknowledge("failed", e.toString().replaceAll("\\s+", " "));
          }
        });
  }

  private void writeRun(int turn) {
    try (Run run = tracking.start("killed", "turn " + turn)) {
      String id = run.id();
      acknowledge("run", id, run.name());
      run.params(Map.of("turn", "" + turn, "depth", "6"));
      acknowledge("param", id, "turn", "" + turn);
      acknowledge("param", id, "depth", "6");
      for (int flush = 1; flush <= FLUSHES; flush++) {
        run.tag("flush", "" + flush);
        for (int point = 0; point < POINTS; point++) {
          long step = (flush - 1L) * POINTS + point;
          run.metric("loss", step, step / 2.0);
        }
        run.flush();
        acknowledge("points", id, "loss", "" + flush * POINTS);
      }
      acknowledge("tag", id, "flush", "" + FLUSHES);
      String text = "notes of " + id;
      run.artifact("notes/turn.txt", text);
      acknowledge("artifact", id, "notes/turn.txt", text);
      run.close();
      acknowledge("end", id);
    }
  }

  private void changeStages(int turn) {
    try (Run run = tracking.start("killed", "model of turn " + turn)) {
      StoredPackage stored = run.log(logged);
      acknowledge("model", run.id(), stored.digest().hex());
      ModelVersion version = registry.register(ownModel, stored);
      acknowledge("version", ownModel, "" + version.number(), version.packageDigest().hex());
      String reason = UUID.randomUUID().toString();
      registry.promote(version).to(Stage.PRODUCTION).expectingAnything().because(reason).commit();
      acknowledge("change", ownModel, reason);
    }
    String reason = UUID.randomUUID().toString();
    registry
        .promote(registry.version(SHARED, 1))
        .to(turn % 2 == 0 ? Stage.PRODUCTION : Stage.STAGING)
        .expectingAnything()
        .because(reason)
        .commit();
    if (registry.history(SHARED).stream().anyMatch(entry -> entry.reason().equals(reason))) {
      acknowledge("change", SHARED, reason);
    }
    if (turn % ROLLBACK_EVERY == ROLLBACK_EVERY - 1) {
      rollBack();
    }
  }

  private void rollBack() {
    String reason = UUID.randomUUID().toString();
    try {
      registry.rollback(ownModel, reason);
      acknowledge("change", ownModel, reason);
    } catch (NothingToRollBackToException e) {
      // An earlier life of this process has rolled back as far as it goes.
    }
  }

  /** One write to the file behind the standard output, which a kill does not take back. */
  private synchronized void acknowledge(String... words) {
    try {
      out.write((String.join("\t", words) + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a thread does again and again. */
  @FunctionalInterface
  private interface Turn {
    void take(int turn);
  }
}
