package dev.mlops4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the end of a program waits for. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StopSignalTest {

  @TempDir Path directory;
  private final CompletableFuture<StopSignal> made = new CompletableFuture<>();

  @Test
  void theProgramEndsAlthoughTheWorkDoesNotStopWhenItIsInterrupted() throws Exception {
    Workspace workspace = Workspace.open(directory.resolve("workspace"));
    Thread work =
        new Thread(
            () -> {
              made.complete(StopSignal.over(workspace, Duration.ofMillis(1)));
              while (!Thread.currentThread().isInterrupted()) {
                Thread.onSpinWait();
              }
            });
    work.start();
    StopSignal signal = made.get();
    signal.end();
    work.join();
    assertThat(work.isAlive()).as("it was interrupted").isFalse();
    signal.close();
  }

  @Test
  void theProgramWaitsForWorkThatStops() throws Exception {
    Workspace workspace = Workspace.open(directory.resolve("workspace"));
    CompletableFuture<String> stopped = new CompletableFuture<>();
    Thread work =
        new Thread(
            () -> {
              StopSignal signal = StopSignal.over(workspace, Duration.ofDays(1));
              made.complete(signal);
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                stopped.complete("interrupted");
              }
              signal.close();
            });
    work.start();
    made.get().end();
    assertThat(stopped).isCompletedWithValue("interrupted");
    work.join();
  }
}
