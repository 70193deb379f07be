package dev.mlops4j.testkit;

import static dev.mlops4j.tracking.SearchField.metric;
import static dev.mlops4j.tracking.SearchField.param;
import static dev.mlops4j.tracking.SearchField.runName;
import static dev.mlops4j.tracking.SearchField.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.Digest;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.tracking.Filter;
import dev.mlops4j.tracking.InvalidCursorException;
import dev.mlops4j.tracking.Lifecycle;
import dev.mlops4j.tracking.Liveness;
import dev.mlops4j.tracking.MetricPoint;
import dev.mlops4j.tracking.Order;
import dev.mlops4j.tracking.RunPage;
import dev.mlops4j.tracking.RunQuery;
import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.RunStart;
import dev.mlops4j.tracking.RunStatus;
import dev.mlops4j.tracking.TrackingStore;
import dev.mlops4j.workspace.ProcessIdentity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How a {@link TrackingStore} searches: the part of {@link TrackingStoreContract} on that. */
abstract class TrackingSearchContract {

  private static final Instant START = RandomSearch.START;

  /** Takes every run for abandoned. */
  private static final Liveness DEAD =
      new Liveness(Instant.parse("2026-01-01T00:00:00Z"), process -> true);

  private static final ProcessIdentity LIVES = new ProcessIdentity("here", "here", 1, "1");
  private static final ProcessIdentity GONE = new ProcessIdentity("here", "here", 2, "1");
  private static final int RUNS = 40;
  private static final int QUERIES = 400;

  /** An empty store. */
  abstract TrackingStore store();

  @Test
  void itFindsAndSortsWhatLookingAtEveryRunDoes() {
    RandomSearch random = new RandomSearch(4711);
    List<RunRecord> runs = new ArrayList<>();
    for (int i = 0; i < RUNS; i++) {
      randomRun(random, i);
    }
    for (int i = 0; i < RUNS; i++) {
      // With its family, and so rather seldom.
      if (random.chance(0.1)) {
        store().delete("run-" + i, START, DEAD);
      }
    }
    for (int i = 0; i < RUNS; i++) {
      runs.add(liveness().judge(store().find("run-" + i).orElseThrow()));
    }
    int found = 0;
    for (int i = 0; i < QUERIES; i++) {
      List<String> experiments = new ArrayList<>();
      for (int names = random.upTo(2); names > 0; names--) {
        experiments.add(random.oneOf(List.of("delay", "'; --", "none")));
      }
      RunQuery query =
          new RunQuery(
              experiments,
              random.chance(0.1) ? null : random.filter(4),
              random.order(),
              random.oneOf(List.of(Lifecycle.values())),
              1 + random.upTo(20),
              null,
              liveness());
      List<RunRecord> expected = SearchByHand.search(runs, query);
      assertThat(pages(query)).as("%s", query).isEqualTo(expected);
      found += expected.size();
    }
    assertThat(found).isGreaterThan(QUERIES);
  }

  @Test
  void anEmptyStoreGivesAnEmptyPage() {
    assertThat(store().search(query(null))).isEqualTo(new RunPage(List.of(), null));
    assertThat(store().search(query(metric("auc").isNull(), metric("auc").descending())).runs())
        .isEmpty();
  }

  @Test
  void pagesGoOnWhereTheyEndedWhateverIsAddedMeanwhile() {
    for (int i = 0; i < 9; i++) {
      scored("run-" + i, i % 3);
    }
    RunQuery query = query(null, metric("auc").descending());
    List<String> seen = new ArrayList<>();
    String cursor = null;
    int added = 0;
    do {
      RunPage page = store().search(at(query, cursor, 2));
      page.runs().forEach(run -> seen.add(run.id()));
      cursor = page.next();
      scored("added-" + added++, 99);
      scored("added-" + added++, 1);
    } while (cursor != null && added < 100);
    assertThat(seen).doesNotHaveDuplicates().hasSizeLessThan(100);
    assertThat(seen.stream().filter(id -> id.startsWith("run-")))
        .containsExactly(
            "run-8", "run-5", "run-2", "run-7", "run-4", "run-1", "run-6", "run-3", "run-0");
  }

  @Test
  void theRunOfTheCursorMayBeGone() {
    for (int i = 0; i < 5; i++) {
      scored("run-" + i, i);
    }
    RunQuery query = query(null, metric("auc").ascending());
    RunPage first = store().search(at(query, null, 2));
    store().delete("run-1", START, DEAD);
    assertThat(store().purge(START.plusSeconds(1), 10)).containsExactly("run-1");
    assertThat(store().search(at(query, first.next(), 2)).runs())
        .extracting(RunRecord::id)
        .containsExactly("run-2", "run-3");
  }

  @Test
  void aCursorOfAnotherQueryOrADamagedOneIsRefused() {
    for (int i = 0; i < 3; i++) {
      scored("run-" + i, i);
    }
    Order best = metric("auc").descending();
    String cursor = Objects.requireNonNull(store().search(at(query(null, best), null, 1)).next());
    assertThat(cursor).matches("[A-Za-z0-9_-]+");
    List<RunQuery> others =
        List.of(
            query(metric("auc").atLeast(0), best),
            query(null, metric("auc").ascending()),
            query(null),
            new RunQuery(
                List.of("delay"), null, List.of(best), Lifecycle.ACTIVE, 1, null, liveness()),
            new RunQuery(List.of(), null, List.of(best), Lifecycle.ALL, 1, null, liveness()));
    for (RunQuery other : others) {
      assertThatThrownBy(() -> store().search(at(other, cursor, 1)))
          .isInstanceOf(InvalidCursorException.class)
          .hasMessageContaining("another search's");
    }
    for (String damaged : List.of("", "?", "AAAA", cursor + "AA", cursor.substring(4))) {
      assertThatThrownBy(() -> store().search(at(query(null, best), damaged, 1)))
          .isInstanceOf(InvalidCursorException.class);
    }
    assertThat(store().search(at(query(null, best), cursor, 50)).runs()).hasSize(2);
  }

  @Test
  void theStatusFilteredByIsTheOneShown() {
    create("lives", LIVES, START);
    create("gone", GONE, START.plusSeconds(9));
    create("unseen", LIVES, START.minusSeconds(9));
    create("ended", GONE, START);
    store().end("ended", RunStatus.FAILED, START, null);
    for (RunStatus each : RunStatus.values()) {
      assertThat(store().search(query(status().is(each))).runs())
          .allSatisfy(run -> assertThat(run.status()).isEqualTo(each));
    }
    assertThat(store().search(query(status().is(RunStatus.ABANDONED))).runs())
        .extracting(RunRecord::id)
        .containsExactly("gone", "unseen");
    assertThat(store().search(query(status().isNot(RunStatus.ABANDONED))).runs())
        .extracting(RunRecord::id)
        .containsExactlyInAnyOrder("ended", "lives");
  }

  @Test
  void theLatestValueOfAMetricCounts() {
    scored("a", 0.9);
    store().addMetrics("a", List.of(new MetricPoint("auc", 1, START, 0.1)));
    scored("b", 0.5);
    assertThat(store().search(query(metric("auc").greaterThan(0.4))).runs())
        .extracting(RunRecord::id)
        .containsExactly("b");
  }

  @Test
  void textThatTheStoreCannotHoldIsFoundNowhere() {
    scored("a", 1);
    store().addParams("a", Map.of("depth", "6"));
    assertThat(store().search(query(param("depth").is("6\0"))).runs()).isEmpty();
    assertThat(store().search(query(param("depth").isNot("6\0"))).runs()).hasSize(1);
    assertThat(store().search(query(param("depth").in("6\0", "6"))).runs()).hasSize(1);
    assertThat(store().search(query(runName().isNot("\0"))).runs()).hasSize(1);
    assertThat(store().search(query(param("width").isNot("\0"))).runs()).isEmpty();
  }

  @Test
  void aFilterAsLargeAsMayBeIsAnswered() {
    scored("a", 1);
    List<Filter> parts = new ArrayList<>();
    for (int i = 0; i < Filter.MAX_CONDITIONS - 1; i++) {
      parts.add(metric("auc").lessThan(i + 2));
    }
    List<String> values = new ArrayList<>();
    for (int i = 0; i < Filter.MAX_VALUES; i++) {
      values.add("x" + i);
    }
    parts.add(param("depth").in(values.toArray(String[]::new)).not());
    assertThat(store().search(query(new Filter.And(parts))).runs()).hasSize(1);
    assertThat(store().search(query(new Filter.Or(parts))).runs()).hasSize(1);
    Filter deep = metric("auc").is(1);
    for (int i = 0; i < Filter.MAX_DEPTH - 1; i++) {
      deep = i % 2 == 0 ? deep.or(metric("auc").isNull()) : deep.and(metric("auc").isNotNull());
    }
    assertThat(store().search(query(deep)).runs()).hasSize(1);
    String any = "%a".repeat(Filter.MAX_PATTERN_LENGTH / 2);
    store().addParams("a", Map.of("depth", "a".repeat(2_000)));
    assertThat(store().search(query(param("depth").like(any))).runs()).hasSize(1);
    assertThat(store().search(query(param("depth").ilike(any))).runs()).hasSize(1);
  }

  /** Few are parents, so that some have several children. */
  private static @Nullable String parent(RandomSearch random, int number) {
    return number > 0 && random.chance(0.5) ? "run-" + random.upTo(Math.min(number, 6) - 1) : null;
  }

  private void randomRun(RandomSearch random, int number) {
    String id = "run-" + number;
    RunStart start =
        new RunStart(
            id,
            random.chance(0.7) ? "delay" : "'; --",
            random.chance(0.5) ? id : "name of " + random.oneOf(RandomSearch.TEXTS),
            START.plusSeconds(random.upTo(5)),
            random.chance(0.7) ? LIVES : GONE,
            new TreeMap<>(),
            parent(random, number));
    store().create(start);
    Map<String, String> params = new TreeMap<>();
    Map<String, String> tags = new TreeMap<>();
    List<MetricPoint> points = new ArrayList<>();
    for (String key : RandomSearch.KEYS) {
      if (random.chance(0.7)) {
        params.put(key, random.oneOf(RandomSearch.TEXTS));
      }
      if (random.chance(0.5)) {
        tags.put(key, random.oneOf(RandomSearch.TEXTS));
      }
      if (random.chance(0.8)) {
        points.add(new MetricPoint(key, 0, START, 77));
        points.add(new MetricPoint(key, 1, START, random.oneOf(RandomSearch.NUMBERS)));
      }
    }
    store().addParams(id, params);
    store().setTags(id, tags);
    store().addMetrics(id, points);
    for (int i = random.upTo(2); i > 0; i--) {
      String name = "d" + random.oneOf(RandomSearch.TEXTS);
      String role = "a" + random.upTo(1);
      store()
          .addDatasets(
              id, List.of(new DatasetReference(name, role, Digest.of(name), random.upTo(9))));
    }
    if (random.chance(0.5)) {
      RunStatus end = random.oneOf(List.of(RunStatus.FINISHED, RunStatus.FAILED, RunStatus.KILLED));
      store().end(id, end, START.plusSeconds(3 + random.upTo(3)), null);
    }
  }

  private List<RunRecord> pages(RunQuery query) {
    List<RunRecord> all = new ArrayList<>();
    String cursor = null;
    do {
      RunPage page = store().search(at(query, cursor, query.limit()));
      assertThat(page.runs()).hasSizeLessThanOrEqualTo(query.limit());
      all.addAll(page.runs());
      cursor = page.next();
    } while (cursor != null && all.size() <= RUNS);
    return all;
  }

  private void scored(String id, double auc) {
    create(id, LIVES, START);
    store().addMetrics(id, List.of(new MetricPoint("auc", 0, START, auc)));
  }

  private void create(String id, ProcessIdentity process, Instant at) {
    store().create(new RunStart(id, "delay", id, at, process, new TreeMap<>()));
  }

  /** A run is alive that was seen at START or later, unless its process is GONE. */
  private static Liveness liveness() {
    return new Liveness(START, GONE::equals);
  }

  private static RunQuery query(@Nullable Filter filter, Order... order) {
    return new RunQuery(List.of(), filter, List.of(order), Lifecycle.ACTIVE, 100, null, liveness());
  }

  private static RunQuery at(RunQuery query, @Nullable String cursor, int limit) {
    return new RunQuery(
        query.experiments(),
        query.filter(),
        query.order(),
        query.lifecycle(),
        limit,
        cursor,
        query.liveness());
  }
}
