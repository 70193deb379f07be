package dev.mlops4j.feature;

import static dev.mlops4j.feature.RandomCase.dataset;
import static dev.mlops4j.feature.RandomCase.minutes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Lookups whose windows are kept, between pushes, late events, repeated ones, heaps of them,
 * erasures and retention, by one store or another on the same workspace, at moments that go back
 * and forth: each is what the plainest reading of the rules says, to the bit.
 */
class OnlineWindowsTest {

  private static final int CASES = 500;
  private static final int SOAK_CASES = 10_000;

  /** Of how many cases one is in SQLite, as each push is a commit. */
  private static final int SQLITE_EVERY = 8;

  private static final int CASES_OF_A_WORKSPACE = 200;
  private static final int STEPS = 180;
  private static final int HEAP = 70;
  private static final Duration LOOK_BACK = minutes(45);

  @TempDir private Path directory;
  private final MutableClock clock = new MutableClock(Instant.EPOCH);

  @Test
  void everyLookupIsTheBruteForce() {
    run(0, CASES);
  }

  /** A late event of a past that nobody looks back to, for a key that was brought up before. */
  @Test
  void aCaseInWhichAnOldBringUpLackedALateEvent() {
    run(8_612, 8_613);
  }

  @Test
  @Tag("soak")
  void everyLookupIsTheBruteForceInManyCases() {
    for (int from = CASES; from < SOAK_CASES; from += CASES_OF_A_WORKSPACE) {
      run(from, Math.min(from + CASES_OF_A_WORKSPACE, SOAK_CASES));
    }
  }

  private void run(int from, int to) {
    try (Workspace workspace = workspace("shared_" + from);
        Workspace trimmed = workspace("trimmed_" + from)) {
      for (int seed = from; seed < to; seed++) {
        switch (seed % SQLITE_EVERY) {
          case 0 -> inSqlite(seed, workspace);
          case SQLITE_EVERY / 2 -> trimmed(seed, trimmed);
          default -> inMemory(seed);
        }
      }
    }
  }

  private void inMemory(int seed) {
    Case one = new Case(seed);
    History history = new InMemoryHistory();
    one.run(
        List.of(
            new FeatureStore.Builder(history, clock, null)
                .maxEventsPerLookup(one.cap)
                .hotWindows(one.windows())
                .open()),
        history);
  }

  private void inSqlite(int seed, Workspace workspace) {
    Case one = new Case(seed);
    try (FeatureStore first = open(one, FeatureStore.builder(workspace));
        FeatureStore second = open(one, FeatureStore.builder(workspace))) {
      one.run(List.of(first, second), null);
    }
  }

  private void trimmed(int seed, Workspace workspace) {
    Case one = new Case(seed);
    OnlineStore online = new InMemoryOnlineStore();
    FeatureStore.Builder builder = FeatureStore.builder(workspace);
    // What was beyond the retention by a later clock is gone from such a store.
    one.isClockSetBack = one.view.retention().isEmpty();
    try (FeatureStore store = open(one, builder.online(online).lookBack(LOOK_BACK))) {
      one.run(List.of(store), null);
    }
  }

  private static FeatureStore open(Case one, FeatureStore.Builder builder) {
    return builder.hotWindows(one.windows()).open();
  }

  private Workspace workspace(String name) {
    return Workspace.at(directory.resolve(name)).clock(clock).open();
  }

  /** What happens to the events of two keys, at random. */
  private final class Case {

    private final Random random;
    private final FeatureView view;
    private final int cap;
    private final List<ReferenceFeatures.Event> events = new ArrayList<>();
    private final Set<String> ids = new HashSet<>();
    private boolean isClockSetBack = true;
    private int made;

    Case(int seed) {
      this.random = new Random(seed + 5_000_000L);
      this.view = view(seed, random.nextBoolean());
      this.cap = random.nextInt(5) == 0 ? 1 + random.nextInt(60) : 1_000_000;
    }

    /** One that states an event id, as the events here come again by it. */
    private static FeatureView view(int seed, boolean pushed) {
      int next = seed;
      FeatureView view;
      do {
        view = (pushed ? RandomCase.pushed(next) : RandomCase.ingested(next)).view;
        next += SOAK_CASES;
      } while (view.eventId().isEmpty());
      return view;
    }

    /** Sometimes with room for some keys alone. */
    HotWindows windows() {
      return new HotWindows(random.nextInt(4) == 0 ? 100 : 1_000_000, 1 + random.nextInt(4));
    }

    void run(List<FeatureStore> stores, History counted) {
      clock.set(Instant.parse("2024-03-01T00:00:00Z").plus(minutes(random.nextInt(1_000))));
      stores.get(0).register(view);
      for (int step = 0; step < STEPS; step++) {
        FeatureStore store = stores.get(random.nextInt(3) == 0 ? stores.size() - 1 : 0);
        int what = random.nextInt(100);
        if (what < 35) {
          clock.set(clock.instant().plus(pause()));
        } else if (what < 65) {
          push(store);
        } else if (what < 68) {
          ingest(store, random.nextInt(6) == 0 ? HEAP : 1 + random.nextInt(4));
        } else if (what < 69) {
          erase(store);
        } else if (what < 70) {
          removeBeyondRetention(store);
        } else {
          lookUp(stores.get(random.nextInt(stores.size())), counted, step);
        }
      }
    }

    private Duration pause() {
      return switch (random.nextInt(12)) {
        case 0 -> minutes(random.nextInt(90));
        case 1 -> Duration.ofNanos(1_000);
        case 2 -> isClockSetBack ? minutes(-random.nextInt(10)) : minutes(random.nextInt(10));
        default -> minutes(random.nextInt(3));
      };
    }

    private void push(FeatureStore store) {
      Map<String, Object> row = row();
      boolean fresh = ids.add((String) row.get("id"));
      assertThat(store.push(view, row)).isEqualTo(fresh);
      if (fresh) {
        events.add(new ReferenceFeatures.Event(row, clock.instant(), (String) row.get("id")));
      }
    }

    private void ingest(FeatureStore store, int size) {
      List<ReferenceFeatures.Event> rows = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        Map<String, Object> row = row();
        Instant time = (Instant) row.get("time");
        Instant known =
            view.knownTime().isPresent()
                ? (Instant) row.get("known")
                : time.plus(view.availableAfter());
        rows.add(new ReferenceFeatures.Event(row, known, (String) row.get("id")));
      }
      long added = rows.stream().filter(row -> ids.add(row.id())).peek(events::add).count();
      assertThat(store.ingest(view, dataset(rows)).added()).isEqualTo((int) added);
    }

    private void erase(FeatureStore store) {
      List<Object> key = key();
      List<ReferenceFeatures.Event> erased =
          events.stream().filter(event -> isOf(event, key)).toList();
      assertThat(store.erase(view, EntityKey.of(view, key.toArray()))).isEqualTo(erased.size());
      remove(erased);
    }

    private void removeBeyondRetention(FeatureStore store) {
      if (view.retention().isEmpty()) {
        assertThat(store.removeBeyondRetention(view)).isZero();
        return;
      }
      Instant first = clock.instant().minus(view.retention().get());
      List<ReferenceFeatures.Event> old =
          events.stream().filter(event -> event.time(view).isBefore(first)).toList();
      assertThat(store.removeBeyondRetention(view)).isEqualTo(old.size());
      remove(old);
    }

    private void remove(List<ReferenceFeatures.Event> removed) {
      events.removeAll(removed);
      removed.forEach(event -> ids.remove(event.id()));
    }

    private void lookUp(FeatureStore store, History counted, int step) {
      List<Object> values = key();
      EntityKey key = EntityKey.of(view, values.toArray());
      Instant at = moment();
      Instant t = at.isAfter(clock.instant()) ? clock.instant() : at;
      boolean tooMany = counted != null && isTooMany(counted, key, t);
      String what = "case " + view.name() + " step " + step + " at " + at + " " + view.definition();
      try {
        FeatureValues found = store.get(view, key, at);
        assertThat(tooMany).as(what).isFalse();
        assertThat(answer(found))
            .as(what)
            .isEqualTo(ReferenceFeatures.at(view, events, values, t, clock.instant()));
      } catch (TooManyEventsException e) {
        assertThat(tooMany).as(what).isTrue();
      }
    }

    /** Whether a scan of the key's events comes to more than the cap. */
    private boolean isTooMany(History history, EntityKey key, Instant t) {
      Evaluator.Question question =
          new Evaluator(view, cap).at(Micros.of(t), Micros.of(clock.instant()));
      try {
        history.scan(view, key, question.latest(), question);
        return false;
      } catch (TooManyEventsException e) {
        return true;
      }
    }

    private ReferenceFeatures.Answer answer(FeatureValues values) {
      List<ReferenceFeatures.Found> found = new ArrayList<>();
      for (int i = 0; i < view.features().size(); i++) {
        found.add(
            new ReferenceFeatures.Found(
                values.value(i), values.status(i), values.eventTime(i).orElse(null)));
      }
      return new ReferenceFeatures.Answer(found, values.eventTime().orElse(null));
    }

    private Instant moment() {
      Instant now = clock.instant();
      return switch (random.nextInt(8)) {
        case 0 -> now.minus(minutes(random.nextInt(120)));
        case 1 -> now.minusNanos(1_000L * random.nextInt(3));
        case 2 -> now.plus(minutes(random.nextInt(5)));
        case 3 -> now.minus(minutes(random.nextInt(4)));
        case 4 -> edge();
        default -> now;
      };
    }

    /** A moment when an event comes into a window or leaves it, or a microsecond beside it. */
    private Instant edge() {
      if (events.isEmpty()) {
        return clock.instant();
      }
      ReferenceFeatures.Event event =
          events.get(events.size() - 1 - random.nextInt(5) % events.size());
      List<Duration> spans = new ArrayList<>(List.of(Duration.ZERO, view.availableAfter()));
      view.features().stream()
          .map(FeatureView.Feature::window)
          .filter(window -> window != null)
          .forEach(window -> spans.add(window.window()));
      Instant edge = event.time(view).plus(spans.get(random.nextInt(spans.size())));
      return edge.plusNanos(1_000L * (random.nextInt(3) - 1));
    }

    private List<Object> key() {
      return List.of(random.nextInt(8) == 0 ? "12" : "1", 3L);
    }

    private boolean isOf(ReferenceFeatures.Event event, List<Object> key) {
      return Arrays.asList(event.row().get("a"), event.row().get("b")).equals(key);
    }

    private Map<String, Object> row() {
      Instant now = clock.instant();
      Instant time =
          switch (random.nextInt(10)) {
            case 0 -> now.minus(minutes(random.nextInt(150)));
            case 1 -> now.plus(minutes(random.nextInt(20)));
            case 2 -> now.minus(minutes(random.nextInt(10)));
            default -> now.minus(Duration.ofSeconds(random.nextInt(90)));
          };
      List<Object> key = key();
      Map<String, Object> row = new HashMap<>();
      row.put("a", key.get(0));
      row.put("b", key.get(1));
      row.put("time", time);
      row.put("known", time.plus(minutes(random.nextInt(4) == 0 ? random.nextInt(60) : 0)));
      row.put("id", "id" + (random.nextInt(15) == 0 ? random.nextInt(made + 1) : made++));
      row.put("number", RandomCase.number(random));
      row.put("text", random.nextInt(6) == 0 ? null : "t" + random.nextInt(4));
      row.put("whole", random.nextInt(6) == 0 ? null : (long) random.nextInt(100));
      row.put("truth", random.nextInt(6) == 0 ? null : random.nextBoolean());
      row.put("vector", random.nextInt(6) == 0 ? null : RandomCase.vector(random));
      return row;
    }
  }
}
