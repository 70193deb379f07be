package dev.mlops4j.pipeline;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** An outside process whose output is read, and that is killed with all it has started. */
final class ChildProcess {

  /** How long a process has to end by itself when it is told to, and its output to be read. */
  private static final long GRACE_MILLIS = 2_000;

  private final StepContext step;
  private final Process process;
  private final ProcessTree tree;
  private final Thread reader;
  private final StringBuilder tail = new StringBuilder();

  private ChildProcess(StepContext step, Process process, String directory) {
    this.step = step;
    this.process = process;
    this.tree = new ProcessTree(process.toHandle(), ProcessStepBuilder.FILES, directory);
    this.reader = new Thread(this::read, "mlops4j-pipeline-output");
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Starts it.
   *
   * @param files its own directory, which it is told, so that what it starts can be found by it
   * @throws ProcessFailedException if it cannot be started
   */
  static ChildProcess start(StepContext step, Path files, ProcessBuilder builder) {
    String directory = files.toString();
    builder.environment().put(ProcessStepBuilder.FILES, directory);
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      return new ChildProcess(step, process, directory);
    } catch (IOException e) {
      throw new ProcessFailedException(
          "the process of step \"" + step.name() + "\" could not be started: " + e.getMessage(),
          -1,
          e);
    }
  }

  /**
   * Waits for its end, and for that of its output.
   *
   * @throws InterruptedException if the thread was interrupted; the process is dead then
   */
  int await() throws InterruptedException {
    try {
      int exitCode = process.waitFor();
      // A process that it left behind may hold the other end of the pipe for ever.
      reader.join(GRACE_MILLIS);
      return exitCode;
    } finally {
      kill();
      closeOutput();
    }
  }

  /** The end of its output. */
  String tail() {
    synchronized (tail) {
      return tail.toString();
    }
  }

  private void kill() {
    if (!process.isAlive()) {
      return;
    }
    tree.askToEnd();
    boolean interrupted = Thread.interrupted();
    try {
      boolean unused = process.waitFor(GRACE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    tree.kill();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Ends the reading of the output if something that was left behind holds it open. Closing waits
   * for a read that goes on, so that it has a thread of its own.
   */
  private void closeOutput() {
    if (!reader.isAlive()) {
      return;
    }
    Thread closer =
        new Thread(
            () -> {
              try {
                process.getInputStream().close();
              } catch (IOException e) {
                // Nobody reads it any longer.
              }
            },
            "mlops4j-pipeline-output-close");
    closer.setDaemon(true);
    closer.start();
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      char[] piece = new char[4_096];
      for (int read = lines.read(piece); read >= 0; read = lines.read(piece)) {
        String text = new String(piece, 0, read);
        step.keep(text);
        synchronized (tail) {
          tail.append(text);
          tail.delete(0, Math.max(0, tail.length() - ProcessOutput.MOST_OUTPUT));
        }
      }
    } catch (IOException e) {
      step.keep("(the output ended with: " + e.getMessage() + ")\n");
    }
  }
}
