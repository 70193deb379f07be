package dev.mlops4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class IntervalTimingTest {

  private static final Instant ANCHOR = Instant.parse("2026-01-01T00:05:00Z");

  private final Timing timing = new IntervalTiming(Duration.ofMinutes(15), ANCHOR);

  @Test
  void itCountsFromItsAnchorInBothDirections() {
    assertThat(timing.next(ANCHOR)).contains(ANCHOR.plus(Duration.ofMinutes(15)));
    assertThat(timing.next(ANCHOR.minusNanos(1_000))).contains(ANCHOR);
    assertThat(timing.latest(ANCHOR)).contains(ANCHOR);
    assertThat(timing.latest(ANCHOR.minusNanos(1_000)))
        .contains(ANCHOR.minus(Duration.ofMinutes(15)));
  }

  @Test
  void itIsReadFromItsText() {
    assertThat(timing.text()).isEqualTo("every PT15M from 2026-01-01T00:05:00Z");
    assertThat(Timing.parse(timing.text())).isEqualTo(timing);
  }

  @Test
  void lessThanASecondAndMoreThanTheNanosecondsOfALongAreRefused() {
    Timing longest = new IntervalTiming(Duration.ofDays(100_000), ANCHOR);
    assertThat(longest.latest(ANCHOR.minusSeconds(1)))
        .contains(ANCHOR.minus(Duration.ofDays(100_000)));
    assertThatThrownBy(() -> Timing.every(Duration.ofDays(100_001), ANCHOR))
        .isInstanceOf(InvalidScheduleException.class)
        .hasMessageContaining("PT1S to PT2400000H");
    assertThatThrownBy(() -> new IntervalTiming(Duration.ofMillis(999), ANCHOR))
        .isInstanceOf(InvalidScheduleException.class)
        .hasMessageContaining("PT0.999S");
  }
}
