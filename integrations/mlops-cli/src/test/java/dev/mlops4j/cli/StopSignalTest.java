package dev.mlops4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the end of a program waits for. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StopSignalTest {

  @Test
  void theProgramEndsAlthoughTheWorkIgnoresItsInterrupt(@TempDir Path directory)
      throws InterruptedException {
    StopSignal signal =
        StopSignal.over(Workspace.open(directory.resolve("workspace")), Duration.ofMillis(1));
    Thread hook = new Thread(signal::end);
    hook.start();
    boolean interrupted = false;
    while (hook.isAlive()) {
      try {
        hook.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    assertThat(interrupted).as("the work was interrupted").isTrue();
    signal.close();
  }

  @Test
  void theProgramWaitsForWorkThatEnds(@TempDir Path directory) throws InterruptedException {
    Workspace workspace = Workspace.open(directory.resolve("workspace"));
    StopSignal signal = StopSignal.over(workspace, Duration.ofDays(1));
    Thread hook = new Thread(signal::end);
    hook.start();
    signal.close();
    boolean ended = false;
    while (!ended) {
      try {
        hook.join();
        ended = true;
      } catch (InterruptedException e) {
        // The hook's, to this thread that works.
      }
    }
    assertThat(hook.isAlive()).isFalse();
  }
}
