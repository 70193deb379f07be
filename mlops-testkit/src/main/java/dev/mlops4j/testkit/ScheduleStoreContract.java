package dev.mlops4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.pipeline.FiringRecord;
import dev.mlops4j.pipeline.FiringRecord.State;
import dev.mlops4j.pipeline.NoSuchScheduleException;
import dev.mlops4j.pipeline.ScheduleState;
import dev.mlops4j.pipeline.ScheduleStore;
import dev.mlops4j.workspace.ProcessIdentity;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ScheduleStore} must do. The author of a backend extends it and says how a store
 * is opened.
 */
public abstract class ScheduleStoreContract {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00.123456Z");
  private static final String NAME = "train";
  private static final String TIMING = "every PT1H from 1970-01-01T00:00:00Z";
  private static final int THREADS = 8;

  private ScheduleStore store;

  /** A kit for one kind of store. */
  protected ScheduleStoreContract() {}

  /**
   * Opens the store of this test. The first call in a test gives an empty one; a later call opens
   * the same store anew, as another process does or this one after a restart, while those opened
   * before may still be in use.
   *
   * @throws IOException if it cannot be opened
   */
  protected abstract ScheduleStore openStore() throws IOException;

  @BeforeEach
  void openEmptyStore() throws IOException {
    store = openStore();
  }

  /** What a schedule is. */
  @Nested
  class Definitions {

    @Test
    void anEmptyStoreHasNone() {
      assertThat(store.find(NAME)).isEmpty();
      assertThat(store.all()).isEmpty();
      for (Runnable call : callsOfAScheduleThatIsNotThere()) {
        assertThatThrownBy(call::run)
            .isInstanceOf(NoSuchScheduleException.class)
            .hasMessageContaining(NAME);
      }
    }

    @Test
    void aNewOneIsSettledUpToItsDefinition() throws IOException {
      ScheduleState defined = store.define(NAME, TIMING, START);

      assertThat(defined)
          .isEqualTo(new ScheduleState(NAME, TIMING, START, START, 0, null, null, List.of()));
      assertThat(openStore().find(NAME)).contains(defined);
    }

    @Test
    void definingTheSameChangesNothingAndAnotherTimingCountsAnew() {
      store.define(NAME, TIMING, START);
      begin(START);
      ScheduleState again = store.define(NAME, TIMING, START.plusSeconds(10));
      assertThat(again.definedAt()).isEqualTo(START);

      ScheduleState other = store.define(NAME, "another", START.plusSeconds(20));

      assertThat(other.timing()).isEqualTo("another");
      assertThat(other.definedAt()).isEqualTo(START.plusSeconds(20));
      assertThat(other.plannedTo()).isEqualTo(START.plusSeconds(20));
      assertThat(other.tokens()).isEqualTo(1);
      assertThat(other.open()).hasSize(1);
    }

    @Test
    void theyAreListedByName() {
      store.define("b", TIMING, START);
      store.define("A", TIMING, START);
      store.define("a", TIMING, START);

      assertThat(store.all()).extracting(ScheduleState::name).containsExactly("A", "a", "b");
    }

    @Test
    void aPauseKeepsItsReasonAndItsEndSettlesWhatPassed() {
      store.define(NAME, TIMING, START);
      store.resume(NAME, START.plusSeconds(1));
      assertThat(state().plannedTo()).as("there was no pause").isEqualTo(START);

      store.pause(NAME, START.plusSeconds(2), "late data");
      store.pause(NAME, START.plusSeconds(3), "another");
      assertThat(state().pausedAt()).isEqualTo(START.plusSeconds(2));
      assertThat(state().pauseReason()).isEqualTo("late data");

      store.resume(NAME, START.plusSeconds(4));
      assertThat(state().isPaused()).isFalse();
      assertThat(state().plannedTo()).isEqualTo(START.plusSeconds(4));
    }
  }

  /** Hosts whose clocks differ. */
  @Nested
  class Clocks {

    @Test
    void aHostThatIsBehindUnsettlesNothing() {
      store.define(NAME, TIMING, START);
      FiringRecord held = begin(START.plusSeconds(10));
      store.end(held, State.DONE, START.plusSeconds(11), "done");

      store.pause(NAME, START.plusSeconds(4), "a reason");
      store.resume(NAME, START.plusSeconds(5));
      assertThat(state().isPaused()).isFalse();
      assertThat(state().plannedTo()).isEqualTo(START.plusSeconds(10));

      ScheduleState defined = store.define(NAME, "another", START.plusSeconds(6));
      assertThat(defined.plannedTo()).isEqualTo(START.plusSeconds(10));
    }

    @Test
    void whatAClockFarAheadSettledIsUnsettledOnRequest() {
      store.define(NAME, TIMING, START.plus(Duration.ofDays(999)));

      store.settle(NAME, START);

      assertThat(state().plannedTo()).isEqualTo(START);
    }

    @Test
    void whatHasEndedIsNotRunAgainThoughItsTimeIsNotSettled() {
      store.define(NAME, TIMING, START);
      FiringRecord held = begin(START.plusSeconds(1));
      store.end(held, State.DONE, START.plusSeconds(2), "done");
      FiringRecord ended = store.history(NAME, 1).get(0);
      store.settle(NAME, START);

      assertThat(begin(START.plusSeconds(1))).isEqualTo(ended);

      assertThat(store.history(NAME, 10)).containsExactly(ended);
      assertThat(state().plannedTo()).isEqualTo(START.plusSeconds(1));
      assertThat(state().tokens()).isEqualTo(1);
    }
  }

  /** How firings begin and end. */
  @Nested
  class Firings {

    @Test
    void whatBeginsGetsATokenAndIsKeptAsItIs() throws IOException {
      store.define(NAME, TIMING, START);

      FiringRecord begun = begin(START.plusSeconds(1));

      assertThat(begun).isEqualTo(running(1, START.plusSeconds(1), 1));
      assertThat(openStore().find(NAME).orElseThrow())
          .isEqualTo(
              new ScheduleState(
                  NAME, TIMING, START, START.plusSeconds(1), 1, null, null, List.of(begun)));
      assertThat(store.history(NAME, 10)).containsExactly(begun);
    }

    @Test
    void nothingBeginsUnlessAllIsAsItWasSeen() {
      ScheduleState seen = store.define(NAME, TIMING, START);
      FiringRecord held = begin(START.plusSeconds(1));
      requireRefused(seen);

      ScheduleState beforeRenewal = state();
      store.renew(held, START.plusSeconds(99));
      requireRefused(beforeRenewal);

      ScheduleState beforePause = state();
      store.pause(NAME, START, "a reason");
      requireRefused(beforePause);

      ScheduleState beforeEnd = state();
      store.end(held, State.DONE, START, "done");
      requireRefused(beforeEnd);
      assertThat(store.history(NAME, 10)).hasSize(1);
    }

    private void requireRefused(ScheduleState seen) {
      Instant planned = START.plusSeconds(50);
      assertThat(store.advance(seen, planned, running(1, planned, 0))).isEmpty();
    }

    @Test
    void whatIsTakenOverKeepsItsIdAndRunAndTheFormerHolderIsRefused() {
      store.define(NAME, TIMING, START);
      FiringRecord former = begin(START.plusSeconds(1));
      assertThat(store.track(former, "run-1")).isTrue();
      FiringRecord again = running(2, former.planned(), 0);

      FiringRecord taken = store.advance(state(), state().plannedTo(), again).orElseThrow();

      assertThat(taken.id()).isEqualTo(former.id());
      assertThat(taken.token()).isEqualTo(2);
      assertThat(taken.attempts()).isEqualTo(2);
      assertThat(taken.runId()).isEqualTo("run-1");
      assertThat(store.renew(former, START.plusSeconds(60))).isFalse();
      assertThat(store.track(former, "run-2")).isFalse();
      assertThat(store.end(former, State.DONE, START, "late")).isFalse();
      assertThat(store.end(taken, State.DONE, START.plusSeconds(9), "well")).isTrue();
      assertThat(store.history(NAME, 10)).extracting(FiringRecord::text).containsExactly("well");
    }

    @Test
    void anEndIsRecordedOnce() {
      store.define(NAME, TIMING, START);
      FiringRecord held = begin(START.plusSeconds(1));

      assertThat(store.end(held, State.FAILED, START.plusSeconds(7), "no data")).isTrue();
      assertThat(store.end(held, State.DONE, START.plusSeconds(8), "done")).isFalse();
      assertThat(store.renew(held, START.plusSeconds(60))).isFalse();

      FiringRecord ended = store.history(NAME, 10).get(0);
      assertThat(ended.state()).isEqualTo(State.FAILED);
      assertThat(ended.endedAt()).isEqualTo(START.plusSeconds(7));
      assertThat(ended.leaseUntil()).isNull();
      assertThat(ended.text()).isEqualTo("no data");
      assertThat(state().open()).isEmpty();
    }

    @Test
    void whatItsHolderGivesBackWaits() {
      store.define(NAME, TIMING, START);
      FiringRecord held = begin(START.plusSeconds(1));

      assertThat(store.end(held, State.WAITING, START.plusSeconds(7), null)).isTrue();

      FiringRecord waiting = state().open().get(0);
      assertThat(waiting.state()).isEqualTo(State.WAITING);
      assertThat(waiting.attempts()).as("the attempt is given back").isZero();
      assertThat(waiting.endedAt()).isNull();
      assertThat(waiting.id()).isEqualTo(held.id());
    }

    @Test
    void whatAPersonAsksForWaitsOnce() {
      store.define(NAME, TIMING, START);

      FiringRecord first = store.request(waiting(NAME, "now-1"));
      FiringRecord second = store.request(waiting(NAME, "now-2"));

      assertThat(first).isEqualTo(waiting(NAME, "now-1"));
      assertThat(second).isEqualTo(first);
      assertThat(state().open()).containsExactly(first);
    }

    @Test
    void whatAPersonAsksForWaitsOnceBesideWhatWasGivenBack() {
      store.define(NAME, TIMING, START);
      store.end(begin(START.plusSeconds(1)), State.WAITING, START.plusSeconds(2), null);

      FiringRecord first = store.request(waiting(NAME, "now-1"));

      assertThat(store.request(waiting(NAME, "now-2"))).isEqualTo(first);
      assertThat(state().open()).hasSize(2);
    }

    @Test
    void whatWasSkippedNeedsNoToken() {
      ScheduleState seen = store.define(NAME, TIMING, START);
      FiringRecord skipped = skipped("skipped", START);

      assertThat(store.advance(seen, START.plusSeconds(5), skipped)).contains(skipped);

      assertThat(state().tokens()).isZero();
      assertThat(state().plannedTo()).isEqualTo(START.plusSeconds(5));
      assertThat(state().open()).isEmpty();
    }

    @Test
    void ofThoseThatAskAtOnceOneBegins() throws Exception {
      ScheduleState seen = store.define(NAME, TIMING, START);
      ExecutorService threads = Executors.newFixedThreadPool(THREADS);
      try {
        List<Future<Optional<FiringRecord>>> asked = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
          ScheduleStore own = openStore();
          asked.add(threads.submit(() -> own.advance(seen, START, running(1, START, 0))));
        }
        int begun = 0;
        for (Future<Optional<FiringRecord>> each : asked) {
          begun += each.get().isPresent() ? 1 : 0;
        }
        assertThat(begun).isEqualTo(1);
      } finally {
        threads.shutdownNow();
      }
    }

    @Test
    void theLastOnesAreKeptAndListedTheLatestFirst() {
      store.define(NAME, TIMING, START);
      store.define("other", TIMING, START);
      store.request(waiting("other", "now"));
      FiringRecord open = begin(START);
      int more = 5;
      for (int i = 1; i <= ScheduleStore.KEPT + more; i++) {
        Instant planned = START.plusSeconds(i);
        FiringRecord skipped = skipped("at " + i, planned);
        assertThat(store.advance(state(), planned, skipped)).isPresent();
      }

      List<FiringRecord> all = store.history(NAME, Integer.MAX_VALUE);

      assertThat(all.get(0).id()).isEqualTo("at " + (ScheduleStore.KEPT + more));
      assertThat(all).as("what is open is not forgotten").last().isEqualTo(open);
      assertThat(all).hasSizeBetween(ScheduleStore.KEPT, ScheduleStore.KEPT + 2);
      assertThat(store.history(NAME, 2)).isEqualTo(all.subList(0, 2));
      assertThat(store.history("other", 10)).hasSize(1);
    }
  }

  private List<Runnable> callsOfAScheduleThatIsNotThere() {
    return List.of(
        () -> store.request(waiting(NAME, "now")),
        () -> store.pause(NAME, START, "a reason"),
        () -> store.resume(NAME, START),
        () -> store.settle(NAME, START),
        () -> store.history(NAME, 1));
  }

  private ScheduleState state() {
    return store.find(NAME).orElseThrow();
  }

  private FiringRecord begin(Instant planned) {
    return store.advance(state(), planned, running(1, planned, 0)).orElseThrow();
  }

  private static FiringRecord running(int attempt, Instant planned, long token) {
    Instant until = planned.plus(Duration.ofSeconds(30));
    return new FiringRecord(
        NAME + "@" + planned,
        NAME,
        planned,
        false,
        State.RUNNING,
        3,
        attempt,
        token,
        ProcessIdentity.current(),
        until,
        planned,
        null,
        null,
        null);
  }

  private static FiringRecord waiting(String schedule, String id) {
    return new FiringRecord(
        id, schedule, START, true, State.WAITING, 0, 0, 0, null, null, null, null, null, null);
  }

  private static FiringRecord skipped(String id, Instant planned) {
    return new FiringRecord(
        id,
        NAME,
        planned,
        false,
        State.SKIPPED,
        0,
        0,
        0,
        null,
        null,
        null,
        planned,
        "too late",
        null);
  }
}
