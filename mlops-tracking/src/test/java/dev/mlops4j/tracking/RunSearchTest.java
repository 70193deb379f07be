package dev.mlops4j.tracking;

import static dev.mlops4j.tracking.SearchField.metric;
import static dev.mlops4j.tracking.SearchField.param;
import static dev.mlops4j.tracking.SearchField.runName;
import static dev.mlops4j.tracking.SearchField.startTime;
import static dev.mlops4j.tracking.SearchField.status;
import static dev.mlops4j.tracking.SearchField.tag;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.storage.Database;
import dev.mlops4j.storage.Durability;
import dev.mlops4j.storage.Migration;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Searches, and deletion; what a search means is in the kit of the store. */
class RunSearchTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  @TempDir Path directory;
  private final MovableClock clock = new MovableClock();
  private Workspace workspace;
  private Tracking tracking;

  @BeforeEach
  void open() {
    workspace = Workspace.at(directory).systemClock(clock).open();
    tracking = Tracking.in(workspace);
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  @Test
  void callsAndTextFindTheSame() {
    run("a", "6", 0.9);
    run("b", "6", 0.7);
    run("c", "7", 0.95);
    run("d", "6", 0.85);
    RunSearch calls =
        tracking
            .search("delay")
            .where(metric("auc").greaterThan(0.8).and(param("depth").is("6")))
            .orderBy(metric("auc").descending());
    RunSearch text =
        tracking
            .search("delay")
            .where("metrics.auc > 0.8 and params.depth = '6'")
            .orderBy("metrics.auc desc");
    assertThat(names(calls.page())).containsExactly("a", "d");
    assertThat(text.page()).isEqualTo(calls.page());
    assertThat(calls.first().orElseThrow().name()).isEqualTo("a");
    assertThat(tracking.search("delay").where("params.depth = '9'").first()).isEmpty();
  }

  @Test
  void conditionsAddUpAndTheLastOrderCounts() {
    run("a", "6", 0.9);
    run("b", "7", 0.8);
    run("c", "7", 0.7);
    RunSearch search =
        tracking
            .search("delay")
            .where(param("depth").is("7"))
            .orderBy(metric("auc").descending())
            .orderBy(metric("auc").ascending())
            .where("metrics.auc > 0");
    assertThat(names(search.page())).containsExactly("c", "b");
  }

  @Test
  void withoutAnOrderTheNewestComesFirstAndPagesFollow() {
    for (String name : List.of("a", "b", "c")) {
      run(name, "1", 0);
      clock.advance(SECOND);
    }
    RunSearch search = tracking.search("delay").limit(2);
    RunPage first = search.page();
    RunPage second = search.after(first.next()).page();
    assertThat(names(first)).containsExactly("c", "b");
    assertThat(names(second)).containsExactly("a");
    assertThat(second.next()).isNull();
    assertThat(names(search.after(null).page())).containsExactly("c", "b");
  }

  @Test
  void experimentsAreSearchedTogetherAndAllOfThem() {
    run("a", "1", 0);
    tracking.run("other", "b", run -> {});
    tracking.run("third", "c", run -> {});
    assertThat(names(tracking.search("delay", "third").page())).containsExactly("c", "a");
    assertThat(names(tracking.searchAll().page())).containsExactly("c", "b", "a");
    assertThat(tracking.search("unknown").page().runs()).isEmpty();
  }

  @Test
  void anAbandonedRunIsFoundAsOneOnceItIs() {
    Run run = tracking.start("delay");
    assertThat(tracking.search("delay").where(status().is(RunStatus.RUNNING)).page().runs())
        .hasSize(1);
    clock.advance(Tracking.ABANDONED_AFTER.plusNanos(1));
    RunRecord found = tracking.search("delay").where("status = 'ABANDONED'").first().orElseThrow();
    assertThat(found).isEqualTo(tracking.run(run.id()));
    assertThat(found.status()).isEqualTo(RunStatus.ABANDONED);
    assertThat(tracking.search("delay").where("status = 'RUNNING'").first()).isEmpty();
  }

  @Test
  void aLimitOutOfBoundsIsRefused() {
    assertThatThrownBy(() -> tracking.search("delay").limit(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 to 1000, found 0");
    assertThatThrownBy(() -> tracking.search("delay").limit(1001))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** With none, the indexes of the order are walked; with all, each run is looked at. */
  @ParameterizedTest
  @ValueSource(ints = {0, 3})
  void howRunsAreSoughtChangesNothing(int few) {
    Random random = new Random(7);
    double[] values = {Double.NaN, Double.NEGATIVE_INFINITY, 0.1, 0.2, 0.3, 0.4, 0.5};
    for (int i = 0; i < 40; i++) {
      int number = i;
      tracking.run(
          random.nextInt(4) > 0 ? "delay" : "other",
          "run " + number,
          run -> {
            if (random.nextInt(5) > 0) {
              run.metric("auc", values[random.nextInt(values.length)]);
            }
            if (random.nextInt(5) > 0) {
              run.param("depth", random.nextInt(4) > 0 ? "6" : "x".repeat(99) + "🛫" + number % 2);
            }
            if (random.nextInt(2) > 0) {
              run.tag("note", "a🛫" + random.nextInt(2));
            }
          });
      clock.advance(SECOND);
    }
    TrackingStore other = new JdbcTrackingStore(workspace.database(Area.METADATA), few);
    List<String> filters =
        List.of(
            "metrics.auc > 0.15",
            "metrics.auc >= 0.2 and params.depth = '6'",
            "metrics.auc != 0.3 and metrics.auc < 0.5",
            "metrics.auc = nan",
            "metrics.auc is not null",
            "params.depth in ('6', '7')",
            "params.depth like 'x%' and metrics.auc is null",
            "params.depth = '" + "x".repeat(99) + "🛫0'",
            "tags.note = 'a🛫1' and params.depth is not null",
            "tags.note != 'a🛫1' or end_time > 0",
            "run_name like 'run _'");
    List<String> orders =
        List.of(
            "metrics.auc desc",
            "metrics.auc",
            "params.depth, metrics.auc desc",
            "tags.note desc",
            "run_name",
            "end_time desc, params.depth desc",
            "metrics.none desc");
    int found = 0;
    for (String filter : filters) {
      for (String order : orders) {
        for (List<String> experiments : List.of(List.of("delay"), List.<String>of())) {
          RunQuery query =
              new RunQuery(
                  experiments,
                  Filter.parse(filter),
                  Order.parse(order),
                  Lifecycle.ACTIVE,
                  RunQuery.MAX_LIMIT,
                  null,
                  Liveness.at(clock.instant()));
          List<RunRecord> expected = sorted(experiments, query);
          assertThat(pages(other, query)).as("%s by %s", filter, order).isEqualTo(expected);
          found += expected.size();
        }
      }
    }
    assertThat(found).isGreaterThan(500);
  }

  /** The same by the store that looks at each run, on one page. */
  private List<RunRecord> sorted(List<String> experiments, RunQuery query) {
    RunSearch search =
        RunSearch.of(new JdbcTrackingStore(workspace.database(Area.METADATA)), clock, experiments);
    return search
        .where(query.filter() == null ? metric("x").isNull() : query.filter())
        .orderBy(query.order().toArray(Order[]::new))
        .limit(RunQuery.MAX_LIMIT)
        .page()
        .runs();
  }

  private static List<RunRecord> pages(TrackingStore store, RunQuery query) {
    List<RunRecord> all = new ArrayList<>();
    String cursor = null;
    do {
      RunPage page =
          store.search(
              new RunQuery(
                  query.experiments(),
                  query.filter(),
                  query.order(),
                  query.lifecycle(),
                  4,
                  cursor,
                  query.liveness()));
      all.addAll(page.runs());
      cursor = page.next();
    } while (cursor != null && all.size() < 100);
    return all;
  }

  @Test
  void theIndexesOfValuesAreWalked() {
    run("a", "6", 0.9);
    Database database = workspace.database(Area.METADATA);
    List<String> plan =
        database.read(
            tx ->
                tx.query(
                    "EXPLAIN QUERY PLAN SELECT r.no, k0.latest_value AS v0 FROM metric k0"
                        + " CROSS JOIN run r WHERE k0.metric = ? AND r.no = k0.run_no AND"
                        + " k0.latest_value IS NOT NULL AND k0.latest_value > ?"
                        + " ORDER BY v0 DESC, r.started_at DESC, r.no DESC LIMIT ?",
                    row -> row.getString("detail"),
                    "auc",
                    0.5,
                    50));
    assertThat(plan).anyMatch(line -> line.contains("metric_by_value"));
    assertThat(plan).noneMatch(line -> line.endsWith("B-TREE FOR ORDER BY"));
  }

  @Test
  void aDeletedRunIsNeitherListedNorFoundUntilItIsRestored() {
    RunRecord a = run("a", "6", 0.9);
    run("b", "6", 0.8);
    tracking.delete(a.id());
    assertThat(tracking.runs("delay")).extracting(RunRecord::name).containsExactly("b");
    assertThat(names(tracking.search("delay").page())).containsExactly("b");
    assertThat(names(tracking.search("delay").lifecycle(Lifecycle.DELETED).page()))
        .containsExactly("a");
    assertThat(names(tracking.search("delay").lifecycle(Lifecycle.ALL).page()))
        .containsExactly("b", "a");
    assertThat(tracking.run(a.id()).deletedAt()).isEqualTo(clock.instant());
    tracking.restore(a.id());
    assertThat(tracking.run(a.id())).isEqualTo(a);
    assertThat(names(tracking.search("delay").page())).containsExactly("b", "a");
  }

  @Test
  void aRunThatGoesOnIsNotDeletedButAnAbandonedOneIs() {
    Run run = tracking.start("delay");
    assertThatThrownBy(() -> tracking.delete(run.id()))
        .isInstanceOfSatisfying(
            RunNotEndedException.class, e -> assertThat(e.runId()).isEqualTo(run.id()))
        .hasMessageContaining("is RUNNING");
    assertThat(tracking.run(run.id()).deletedAt()).isNull();
    clock.advance(Tracking.ABANDONED_AFTER.plus(SECOND));
    tracking.delete(run.id());
    assertThat(tracking.runs("delay")).isEmpty();
    assertThatThrownBy(() -> tracking.delete("unknown")).isInstanceOf(NoSuchRunException.class);
    assertThatThrownBy(() -> tracking.restore("unknown")).isInstanceOf(NoSuchRunException.class);
  }

  @Test
  void purgeRemovesWhatWasDeletedLongEnoughAgo() {
    List<String> old = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      RunRecord run = run("old", "6", 0.9);
      tracking.delete(run.id());
      old.add(run.id());
    }
    clock.advance(Duration.ofDays(1));
    RunRecord young = run("young", "6", 0.9);
    tracking.delete(young.id());
    RunRecord kept = run("kept", "6", 0.9);

    assertThat(tracking.purge(Duration.ofDays(1))).containsExactlyInAnyOrderElementsOf(old);
    assertThat(tracking.purge(Duration.ofDays(1))).isEmpty();
    assertThat(tracking.run(young.id()).deletedAt()).isNotNull();
    assertThat(tracking.purge(Duration.ZERO)).containsExactly(young.id());
    assertThatThrownBy(() -> tracking.run(old.get(0))).isInstanceOf(NoSuchRunException.class);
    assertThat(tracking.run(kept.id())).isEqualTo(kept);
    assertThatThrownBy(() -> tracking.purge(Duration.ofDays(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(rows("run")).isEqualTo(1);
    assertThat(rows("metric_point")).isEqualTo(1);
    assertThat(rows("run_param")).isEqualTo(1);
  }

  @Test
  void runsOfASchemaBeforeDeletionAreFoundAndItsLibraryGoesOn() {
    Path file = directory.resolve("older.db");
    List<Migration> older = JdbcTrackingSchema.STEPS.subList(0, 1);
    String insert =
        "INSERT INTO run (id, experiment, name, status, started_at, seen_at, host, process_space,"
            + " pid, process_started, environment)"
            + " VALUES (?, 'delay', 'old', 'FINISHED', 1, 1, 'h', 's', 1, '1', 'e')";
    try (Database database = Database.sqlite(file, Durability.NORMAL)) {
      database
          .withSchema(JdbcTrackingSchema.COMPONENT, older)
          .write(tx -> tx.update(insert, "first"));
    }
    RunQuery all =
        new RunQuery(
            List.of(), null, List.of(), Lifecycle.ACTIVE, 9, null, Liveness.at(clock.instant()));
    try (Database database = Database.sqlite(file, Durability.NORMAL)) {
      assertThat(new JdbcTrackingStore(database).search(all).runs()).hasSize(1);
    }
    try (Database database = Database.sqlite(file, Durability.NORMAL)) {
      database
          .withSchema(JdbcTrackingSchema.COMPONENT, older)
          .write(tx -> tx.update(insert, "second"));
      assertThat(new JdbcTrackingStore(database).search(all).runs())
          .extracting(RunRecord::id)
          .containsExactly("second", "first");
    }
  }

  @Test
  void odderSearchesFindWhatTheySay() {
    run("a", "6", 0.9);
    tracking.run("delay", "b", run -> run.tag("note", "50% off"));
    assertThat(names(tracking.search("delay").where(tag("note").like("50\\%%")).page()))
        .containsExactly("b");
    assertThat(names(tracking.search("delay").where(param("depth").is("6").not()).page()))
        .containsExactly("b");
    assertThat(names(tracking.search("delay").where(param("depth").isNot("7")).page()))
        .containsExactly("a");
    assertThat(
            names(
                tracking
                    .search("delay")
                    .where(runName().in("a", "b").and(startTime().is(clock.instant())))
                    .orderBy(runName().ascending())
                    .page()))
        .containsExactly("a", "b");
  }

  private long rows(String table) {
    return workspace
        .database(Area.METADATA)
        .read(tx -> tx.first("SELECT count(*) FROM " + table, row -> row.getLong(1)).orElseThrow());
  }

  private RunRecord run(String name, String depth, double auc) {
    return tracking.run(
        "delay",
        name,
        run -> {
          run.param("depth", depth);
          run.metric("auc", auc);
        });
  }

  private static List<String> names(RunPage page) {
    return page.runs().stream().map(RunRecord::name).toList();
  }
}
