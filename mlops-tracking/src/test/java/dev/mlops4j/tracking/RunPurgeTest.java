package dev.mlops4j.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.storage.Database;
import dev.mlops4j.storage.Durability;
import dev.mlops4j.workspace.ProcessIdentity;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunPurgeTest {

  @TempDir Path directory;
  private final MovableClock clock = new MovableClock();

  @Test
  void aBatchThatIsSmallerThanAskedForDoesNotEndThePurge() {
    try (Database database = Database.sqlite(directory.resolve("metadata.db"), Durability.FULL)) {
      TrackingStore store = new JdbcTrackingStore(database);
      for (String id : List.of("a", "b", "c")) {
        store.create(
            new RunStart(
                id, "delay", id, clock.instant(), ProcessIdentity.current(), new TreeMap<>()));
        store.end(id, RunStatus.FINISHED, clock.instant(), null);
        store.delete(id, clock.instant(), Liveness.at(clock.instant()));
      }

      PurgedRuns purged =
          new RunPurge(oneAtATime(store), null, clock).purge(Duration.ZERO, Tracking.PURGE_GRACE);

      assertThat(purged.ids()).containsExactlyInAnyOrder("a", "b", "c");
    }
  }

  /** A store whose batches of purged runs are smaller than asked for. */
  private static TrackingStore oneAtATime(TrackingStore store) {
    return (TrackingStore)
        Proxy.newProxyInstance(
            TrackingStore.class.getClassLoader(),
            new Class<?>[] {TrackingStore.class},
            (proxy, method, args) -> {
              if (method.getName().equals("purge")) {
                args[1] = 1;
              }
              return method.invoke(store, args);
            });
  }
}
