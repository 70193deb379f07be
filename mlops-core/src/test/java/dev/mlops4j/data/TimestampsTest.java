package dev.mlops4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampsTest {

  @ParameterizedTest
  @ValueSource(
      longs = {
        Long.MIN_VALUE,
        Long.MIN_VALUE + 1,
        Long.MIN_VALUE + 999_999,
        -1_000_001,
        -1_000_000,
        -1,
        0,
        1,
        999_999,
        1_000_000,
        Long.MAX_VALUE
      })
  void everyLongIsAnInstantAndComesBack(long micros) {
    assertThat(Timestamps.toMicros(Timestamps.fromMicros(micros))).isEqualTo(micros);
  }

  @Test
  void whatIsFinerIsCutOffTowardsThePast() {
    assertThat(Timestamps.toMicros(Instant.ofEpochSecond(1, 1_999))).isEqualTo(1_000_001);
    assertThat(Timestamps.toMicros(Instant.ofEpochSecond(-1, 1_999))).isEqualTo(-999_999);
  }

  @Test
  void whatIsBeyondALongIsRefused() {
    Instant first = Timestamps.fromMicros(Long.MIN_VALUE);
    Instant last = Timestamps.fromMicros(Long.MAX_VALUE);

    assertThatThrownBy(() -> Timestamps.toMicros(first.minusNanos(1)))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> Timestamps.toMicros(last.plusNanos(1_000)))
        .isInstanceOf(ArithmeticException.class);
  }
}
