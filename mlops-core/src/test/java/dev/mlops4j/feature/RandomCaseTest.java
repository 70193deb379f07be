package dev.mlops4j.feature;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.feature.RandomCase.Question;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** The random cases have in them what they are there for: a law is not tested where it is idle. */
class RandomCaseTest {

  private static final int CASES = 500;
  private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
  private static final Duration MICRO = Duration.ofNanos(1_000);

  /** What every kind of case has. */
  private static final List<String> SITUATIONS =
      List.of(
          "a local time that the clocks show twice, both times",
          "events before and after the clocks skip an hour",
          "events of the keys (1, 23) and (12, 3)",
          "a question without a part of its key",
          "the latest event exactly as old as the ttl",
          "the latest event a microsecond older than the ttl",
          "an event exactly as old as a window",
          "an event a microsecond younger than a window",
          "an event of the moment of a question",
          "an event a microsecond after a question",
          "an event exactly as old as the retention",
          "an event a microsecond older than the retention",
          "an event that becomes visible at a question",
          "an event that becomes visible a microsecond after a question",
          "an event known later than its availability delay",
          "a latest event that was stale before it was visible",
          "events of one time and known time",
          "an id that is stated",
          "rows that say the same, and state no id",
          "a stored null that is answered",
          "a null in a window",
          "an infinity that is answered",
          "nothing found");

  private static final List<String> NOT_IN_TABLES =
      List.of("a NaN that is answered", "a -0.0 in an event", "an id that comes twice");

  private final Map<String, Integer> counts = new TreeMap<>();

  @Test
  void pushedEventsHaveAllSituations() {
    check(RandomCase::pushed, true);
  }

  @Test
  void ingestedEventsHaveAllSituations() {
    check(RandomCase::ingested, true);
  }

  @Test
  void tablesHaveAllSituationsThatSqliteKeeps() {
    check(RandomCase::table, false);
  }

  private void check(IntFunction<RandomCase> cases, boolean keepsAllNumbers) {
    SITUATIONS.forEach(situation -> counts.put(situation, 0));
    if (keepsAllNumbers) {
      NOT_IN_TABLES.forEach(situation -> counts.put(situation, 0));
    }
    int withoutIds = 0;
    for (int seed = 0; seed < CASES; seed++) {
      RandomCase one = cases.apply(seed);
      withoutIds += one.view.eventId().isEmpty() ? 1 : 0;
      events(one);
      one.questions.forEach(question -> question(one, question));
    }
    assertThat(counts).allSatisfy((what, count) -> assertThat(count).as(what).isPositive());
    assertThat(withoutIds).isBetween(CASES / 3, 2 * CASES / 3);
  }

  private void saw(String situation, boolean is) {
    if (is
        && counts.computeIfPresent(situation, (what, count) -> count + 1) == null
        && !NOT_IN_TABLES.contains(situation)) {
      throw new AssertionError("\"" + situation + "\" is not listed");
    }
  }

  private void events(RandomCase one) {
    Set<List<Object>> keys = new HashSet<>();
    Set<List<Object>> moments = new HashSet<>();
    Set<List<Object>> said = new HashSet<>();
    Set<String> ids = new HashSet<>();
    Set<List<Object>> twice = new HashSet<>();
    boolean before = false;
    boolean after = false;
    for (ReferenceFeatures.Event event : one.events) {
      Map<String, Object> row = event.row();
      Instant time = event.time(one.view);
      List<Object> key = List.of(row.get("a"), row.get("b"));
      keys.add(key);
      saw("events of one time and known time", !moments.add(List.of(key, time, event.known())));
      List<Object> says =
          Arrays.asList(
              key,
              time,
              event.known(),
              row.get("number"),
              row.get("text"),
              row.get("whole"),
              row.get("truth"));
      boolean stated = one.view.eventId().isPresent();
      saw("rows that say the same, and state no id", !said.add(says) && !stated);
      saw("an id that is stated", stated);
      saw("an id that comes twice", !ids.add(event.id()) && stated);
      saw("a -0.0 in an event", Double.valueOf(-0.0).equals(row.get("number")));
      LocalDateTime local = time.atZone(NEW_YORK).toLocalDateTime();
      ZoneOffset offset = time.atZone(NEW_YORK).getOffset();
      List<ZoneOffset> offsets = NEW_YORK.getRules().getValidOffsets(local);
      if (offsets.size() == 2) {
        twice.add(List.of(local, offset));
        saw(
            "a local time that the clocks show twice, both times",
            offsets.stream().allMatch(other -> twice.contains(List.<Object>of(local, other))));
      }
      boolean spring = local.getMonthValue() == 3;
      before |= spring && !NEW_YORK.getRules().isDaylightSavings(time);
      after |= spring && NEW_YORK.getRules().isDaylightSavings(time);
    }
    saw("events before and after the clocks skip an hour", before && after);
    saw(
        "events of the keys (1, 23) and (12, 3)",
        keys.contains(List.<Object>of("1", 23L)) && keys.contains(List.<Object>of("12", 3L)));
  }

  private void question(RandomCase one, Question question) {
    FeatureView view = one.view;
    Instant at = question.at();
    saw("a question without a part of its key", question.a() == null || question.b() == null);
    List<Object> key = Arrays.asList(question.a(), question.b());
    ReferenceFeatures.Answer answer = ReferenceFeatures.at(view, one.events, key, at, at);
    saw("nothing found", answer.eventTime() == null);
    boolean takesLatest = view.features().stream().anyMatch(feature -> feature.window() == null);
    if (answer.eventTime() != null && takesLatest && view.ttl().isPresent()) {
      Duration ttl = view.ttl().get();
      Duration age = Duration.between(answer.eventTime(), at);
      saw("the latest event exactly as old as the ttl", age.equals(ttl));
      saw("the latest event a microsecond older than the ttl", age.equals(ttl.plus(MICRO)));
      saw(
          "a latest event that was stale before it was visible",
          view.availableAfter().compareTo(ttl) > 0 && age.compareTo(ttl) > 0);
    }
    for (int i = 0; i < view.features().size(); i++) {
      ReferenceFeatures.Found found = answer.found().get(i);
      boolean latest = view.features().get(i).window() == null;
      saw(
          "a stored null that is answered",
          latest && found.status() == FeatureValues.Status.PRESENT && found.value() == null);
      saw(
          "an infinity that is answered",
          found.value() instanceof Double number && number.isInfinite());
      saw("a NaN that is answered", Double.valueOf(Double.NaN).equals(found.value()));
    }
    for (ReferenceFeatures.Event event : one.events) {
      if (Arrays.asList(event.row().get("a"), event.row().get("b")).equals(key)) {
        edges(view, event, at);
      }
    }
  }

  private void edges(FeatureView view, ReferenceFeatures.Event event, Instant at) {
    Instant time = event.time(view);
    Instant available = time.plus(view.availableAfter());
    Instant activation = event.known().isAfter(available) ? event.known() : available;
    Duration age = Duration.between(time, at);
    saw("an event that becomes visible at a question", activation.equals(at));
    saw(
        "an event that becomes visible a microsecond after a question",
        activation.equals(at.plus(MICRO)));
    saw("an event a microsecond after a question", time.equals(at.plus(MICRO)));
    saw("an event known later than its availability delay", event.known().isAfter(available));
    if (view.retention().isPresent()) {
      Duration retention = view.retention().get();
      saw("an event exactly as old as the retention", age.equals(retention));
      saw("an event a microsecond older than the retention", age.equals(retention.plus(MICRO)));
    }
    if (activation.isAfter(at)) {
      return;
    }
    saw("an event of the moment of a question", age.isZero());
    for (FeatureView.Feature feature : view.features()) {
      Aggregation window = feature.window();
      if (window != null) {
        saw("an event exactly as old as a window", age.equals(window.window()));
        saw(
            "an event a microsecond younger than a window",
            age.equals(window.window().minus(MICRO)));
        saw(
            "a null in a window",
            window.column() != null
                && event.row().get(window.column()) == null
                && age.compareTo(window.window()) < 0);
      }
    }
  }
}
