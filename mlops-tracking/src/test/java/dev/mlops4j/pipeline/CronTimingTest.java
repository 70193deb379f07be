package dev.mlops4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronTimingTest {

  private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

  /** With changes by an hour, half an hour, two hours, at midnight, of a whole day, and none. */
  private static final List<String> ZONES =
      List.of(
          "America/New_York",
          "Europe/Berlin",
          "Australia/Lord_Howe",
          "Antarctica/Troll",
          "America/Santiago",
          "Africa/Casablanca",
          "Pacific/Apia",
          "Asia/Kolkata",
          "UTC");

  @Test
  void aTimeThatTheClocksLeaveOutIsPlannedForTheMomentOfTheChange() {
    Timing timing = CronTiming.of("30 2 * * *", NEW_YORK);

    assertThat(after(timing, "2026-03-07T12:00:00Z", 2))
        .containsExactly("2026-03-08T07:00:00Z", "2026-03-09T06:30:00Z");
  }

  @Test
  void aTimeThatComesTwiceIsPlannedForTheFirst() {
    Timing timing = CronTiming.of("30 1 * * *", NEW_YORK);

    assertThat(after(timing, "2026-10-31T12:00:00Z", 2))
        .containsExactly("2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z");
  }

  @Test
  void everyHalfHourStaysOneWhenTheClocksChange() {
    Timing timing = CronTiming.of("*/30 * * * *", NEW_YORK);

    assertThat(after(timing, "2026-11-01T05:00:00Z", 4))
        .containsExactly(
            "2026-11-01T05:30:00Z",
            "2026-11-01T06:00:00Z",
            "2026-11-01T06:30:00Z",
            "2026-11-01T07:00:00Z");
    assertThat(after(timing, "2026-03-08T06:00:00Z", 3))
        .containsExactly("2026-03-08T06:30:00Z", "2026-03-08T07:00:00Z", "2026-03-08T07:30:00Z");
  }

  @ParameterizedTest
  @ValueSource(strings = {"30 */1 * * *", "30 0-23 * * *", "0 30 12-23,0-11 * * *"})
  void eachHourInWhateverFormIsRealTime(String expression) {
    Timing timing = CronTiming.of(expression, NEW_YORK);

    assertThat(after(timing, "2026-11-01T05:00:00Z", 3))
        .containsExactly("2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z", "2026-11-01T07:30:00Z");
    assertThat(after(timing, "2026-03-08T06:00:00Z", 2))
        .containsExactly("2026-03-08T06:30:00Z", "2026-03-08T07:30:00Z");
  }

  @Test
  void severalTimesThatAreLeftOutAreOnePlannedTime() {
    Timing timing = CronTiming.of("*/20 1-3 * * *", NEW_YORK);

    assertThat(after(timing, "2026-03-08T06:20:00Z", 3))
        .containsExactly("2026-03-08T06:40:00Z", "2026-03-08T07:00:00Z", "2026-03-08T07:20:00Z");
  }

  @Test
  void bothDirectionsAgreeWithLookingAtEveryMinute() {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    for (String name : ZONES) {
      ZoneId zone = ZoneId.of(name);
      for (Instant middle : moments(zone)) {
        String expression = randomExpression(random);
        requireAsByHand(expression, zone, middle, "seed " + seed + ": " + expression + " " + name);
      }
    }
  }

  private static void requireAsByHand(String expression, ZoneId zone, Instant middle, String when) {
    Timing timing = CronTiming.of(expression, zone);
    Instant from = middle.truncatedTo(ChronoUnit.MINUTES).minus(2, ChronoUnit.DAYS);
    Instant to = from.plus(4, ChronoUnit.DAYS);
    List<Instant> expected = new CronByHand(expression, zone).planned(from, to);

    List<Instant> forth = new ArrayList<>();
    Optional<Instant> next = timing.next(from.minusNanos(1));
    while (next.isPresent() && next.get().isBefore(to)) {
      forth.add(next.get());
      next = timing.next(next.get());
    }
    assertThat(forth).as(when).isEqualTo(expected);

    List<Instant> back = new ArrayList<>();
    Optional<Instant> latest = timing.latest(to.minusNanos(1));
    while (latest.isPresent() && !latest.get().isBefore(from)) {
      back.add(0, latest.get());
      latest = timing.latest(latest.get().minusNanos(1));
    }
    assertThat(back).as(when + ", back").isEqualTo(expected);
  }

  /** The changes of the clocks in some years, or a few days if there are none. */
  private static List<Instant> moments(ZoneId zone) {
    List<Instant> moments = new ArrayList<>();
    Instant last = Instant.parse("2011-06-01T00:00:00Z");
    ZoneOffsetTransition change = zone.getRules().nextTransition(last);
    while (change != null && moments.size() < 12) {
      last = change.getInstant();
      moments.add(last);
      change = zone.getRules().nextTransition(last);
    }
    while (moments.size() < 12) {
      last = last.plus(23, ChronoUnit.DAYS);
      moments.add(last);
    }
    return moments;
  }

  private static String randomExpression(Random random) {
    int hour = random.nextInt(24);
    int early = random.nextInt(4);
    List<String> minutes = List.of("*", "*/15", "0", "30", "59", "10-20", "5,35");
    List<String> hours =
        List.of(
            "*",
            "*/1",
            "0-23",
            "12-23,0-11",
            "*/2",
            "" + hour,
            "" + early,
            "0-3",
            early + "," + hour,
            "1-23");
    List<String> days = List.of("*", "*", "*", "1", "13", "8-14", "30");
    List<String> daysOfWeek = List.of("*", "*", "*", "SUN", "7", "0", "1-5", "MON,THU");
    return any(random, minutes)
        + " "
        + any(random, hours)
        + " "
        + any(random, days)
        + " * "
        + any(random, daysOfWeek);
  }

  private static String any(Random random, List<String> values) {
    return values.get(random.nextInt(values.size()));
  }

  @Test
  void sixFieldsBeginWithTheSecond() {
    Timing timing = CronTiming.of("*/20 59 23 31 12 *", ZoneOffset.UTC);

    assertThat(after(timing, "2026-01-01T00:00:00Z", 4))
        .containsExactly(
            "2026-12-31T23:59:00Z",
            "2026-12-31T23:59:20Z",
            "2026-12-31T23:59:40Z",
            "2027-12-31T23:59:00Z");
  }

  @Test
  void aLeapDayComesInLeapYears() {
    Timing timing = CronTiming.of("0 12 29 2 *", NEW_YORK);

    assertThat(after(timing, "2026-01-01T00:00:00Z", 2))
        .containsExactly("2028-02-29T17:00:00Z", "2032-02-29T17:00:00Z");
    assertThat(timing.latest(Instant.parse("2026-01-01T00:00:00Z")))
        .contains(Instant.parse("2024-02-29T17:00:00Z"));
  }

  @ParameterizedTest
  @CsvSource({
    "60 3 * * MON, minute, 0",
    "0 25 * * MON, hour, 2",
    "0 3 32 * MON, day of month, 4",
    "0 3 * 13 MON, month, 6",
    "0 3 * * MOO, day of week, 8",
    "0 3 * * 9, day of week, 8",
    "0  3-x * * MON, hour, 3",
    "61 0 3 * * MON, second, 0",
    "0 0 24 * * MON, hour, 4"
  })
  void aWrongFieldIsNamedAndPointedAt(String expression, String field, int position) {
    assertThatThrownBy(() -> CronTiming.of(expression, NEW_YORK))
        .isInstanceOf(InvalidScheduleException.class)
        .hasMessageContaining("in the " + field)
        .hasMessageContaining("\n  " + " ".repeat(position) + "^")
        .asInstanceOf(InstanceOfAssertFactories.type(InvalidScheduleException.class))
        .satisfies(
            e -> {
              assertThat(e.field()).contains(field);
              assertThat(e.position()).isEqualTo(position);
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "* * * *", "* * * * * * *", "@daily"})
  void anotherNumberOfFieldsIsRefusedWithTheForm(String expression) {
    assertThatThrownBy(() -> CronTiming.of(expression, NEW_YORK))
        .isInstanceOf(InvalidScheduleException.class)
        .hasMessageContaining("five fields");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0 0 30 2 *", "0 0 31 4,6 *"})
  void aDateThatNeverComesIsRefused(String expression) {
    assertThatThrownBy(() -> CronTiming.of(expression, NEW_YORK))
        .isInstanceOf(InvalidScheduleException.class)
        .hasMessageContaining("never comes");
  }

  @Test
  void aTimingIsReadFromItsText() {
    Timing cron = CronTiming.of("0  3 * * MON", NEW_YORK);

    assertThat(cron.text()).isEqualTo("cron 0 3 * * MON in America/New_York");
    assertThat(Timing.parse(cron.text())).isEqualTo(cron);
    assertThatThrownBy(() -> Timing.parse("sundial noon"))
        .isInstanceOf(InvalidScheduleException.class)
        .hasMessageContaining("sundial");
  }

  private static List<String> after(Timing timing, String from, int count) {
    List<String> planned = new ArrayList<>();
    Instant last = Instant.parse(from);
    while (planned.size() < count) {
      last = timing.next(last).orElseThrow();
      planned.add(last.toString());
    }
    return planned;
  }
}
