package dev.mlops4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.storage.Database;
import dev.mlops4j.tracking.JdbcTrackingStore;
import dev.mlops4j.tracking.Liveness;
import dev.mlops4j.tracking.RunStart;
import dev.mlops4j.tracking.RunStatus;
import dev.mlops4j.tracking.TrackingStore;
import dev.mlops4j.workspace.ProcessIdentity;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What must hold of the tables, on every database. */
abstract class JdbcTrackingStoreContract extends TrackingStoreContract {

  private static final Instant START = Instant.parse("2026-03-01T08:00:00Z");
  private static final int ROUNDS = 40;

  /** The one database of a test, once more. */
  abstract Database openDatabase();

  @Override
  protected TrackingStore openStore() {
    return new JdbcTrackingStore(openDatabase());
  }

  @Test
  void anEnvironmentGoesWithTheLastRunThatHadIt() {
    TrackingStore store = openStore();
    store.create(start("a", "train --name ann"));
    store.create(start("b", "train --name ann"));
    store.create(start("c", "train --name bob"));
    purge(store, "a");
    assertThat(commands()).containsExactlyInAnyOrder("train --name ann", "train --name bob");
    purge(store, "b");
    assertThat(commands()).containsExactly("train --name bob");
  }

  @Test
  void aRunThatStartsDuringAPurgeHasItsEnvironment() {
    TrackingStore store = openStore();
    TrackingStore other = openStore();
    store.create(start("gone 0", "train"));
    for (int i = 0; i < ROUNDS; i++) {
      String gone = "gone " + i;
      String next = "gone " + (i + 1);
      CompletableFuture<Void> purge =
          CompletableFuture.runAsync(() -> purge(store, gone), task -> new Thread(task).start());
      other.create(start(next, "train"));
      purge.join();
      assertThat(other.find(next).orElseThrow().environment()).containsEntry("command", "train");
    }
  }

  private List<String> commands() {
    return openDatabase()
        .read(
            tx ->
                tx.query(
                    "SELECT value FROM run_environment WHERE entry = 'command'",
                    row -> row.getString(1)));
  }

  private static void purge(TrackingStore store, String id) {
    store.end(id, RunStatus.KILLED, START, null);
    store.delete(id, START, new Liveness(START, process -> true));
    while (!store.purge(START.plusSeconds(1), 10).isEmpty()) {
      assertThat(store.find(id)).isEmpty();
    }
  }

  private static RunStart start(String id, String command) {
    return new RunStart(
        id,
        "delay",
        id,
        START,
        ProcessIdentity.current(),
        new TreeMap<>(Map.of("command", command)));
  }
}
