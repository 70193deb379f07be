package dev.mlops4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TestClockTest {

  @Test
  void standsStillUntilItIsToldOtherwise() {
    Instant start = Instant.parse("2013-07-01T00:00:00Z");
    TestClock clock = TestClock.at("2013-07-01T00:00:00Z");

    assertThat(clock.instant()).isEqualTo(start);
    assertThat(clock.millis()).isEqualTo(start.toEpochMilli());

    assertThat(clock.advance(Duration.ofMinutes(15))).isEqualTo(start.plusSeconds(900));
    assertThat(clock.instant()).isEqualTo(start.plusSeconds(900));

    clock.set(start);
    assertThat(clock.instant()).isEqualTo(start);
  }
}
