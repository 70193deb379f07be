package dev.mlops4j.data;

import static dev.mlops4j.data.TimestampForm.EPOCH_MICROS;
import static dev.mlops4j.data.TimestampForm.EPOCH_MILLIS;
import static dev.mlops4j.data.TimestampForm.EPOCH_SECONDS;
import static dev.mlops4j.data.TimestampForm.ISO_8601;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class JdbcPeriodTest {

  private static final Instant MOMENT = Instant.parse("2013-01-01T10:15:30.123456789Z");
  private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

  @Test
  void anEndIsRoundedUpToWhatARowCanBeAskedAt() {
    assertThat(JdbcPeriod.bound(MOMENT, null, null))
        .isEqualTo(OffsetDateTime.parse("2013-01-01T10:15:30.123457Z"));
    assertThat(JdbcPeriod.bound(MOMENT, null, NEW_YORK))
        .isEqualTo(LocalDateTime.parse("2013-01-01T05:15:30.123457"));
    assertThat(JdbcPeriod.bound(MOMENT, ISO_8601, NEW_YORK))
        .isEqualTo("2013-01-01T10:15:30.123457Z");
    assertThat(JdbcPeriod.bound(MOMENT, EPOCH_MICROS, null)).isEqualTo(1_357_035_330_123_457L);
    assertThat(JdbcPeriod.bound(MOMENT, EPOCH_MILLIS, null)).isEqualTo(1_357_035_330_124L);
    assertThat(JdbcPeriod.bound(MOMENT, EPOCH_SECONDS, null)).isEqualTo(1_357_035_331L);
    assertThat(JdbcPeriod.bound(Instant.parse("1969-12-31T23:59:58.5Z"), EPOCH_SECONDS, null))
        .isEqualTo(-1L);
  }

  @Test
  void aWholeMomentIsBoundAsItIs() {
    Instant whole = Instant.parse("1960-02-03T04:05:06Z");

    assertThat(JdbcPeriod.bound(whole, EPOCH_SECONDS, null)).isEqualTo(whole.getEpochSecond());
    assertThat(JdbcPeriod.bound(whole, ISO_8601, null)).isEqualTo("1960-02-03T04:05:06.000000Z");
  }

  @Test
  void endsBeyondWhatDatabasesTakeAreTheFirstAndTheLastTheyTake() {
    assertThat(JdbcPeriod.bound(Instant.MIN, null, null))
        .isEqualTo(OffsetDateTime.parse("0001-01-01T00:00Z"));
    assertThat(JdbcPeriod.bound(Instant.MAX, null, null))
        .isEqualTo(OffsetDateTime.parse("9999-12-31T23:59:59.999999Z"));
    assertThat(JdbcPeriod.bound(Instant.parse("0001-01-01T00:00:00Z"), null, NEW_YORK))
        .isEqualTo(LocalDateTime.parse("0001-01-01T00:00"));
    assertThat(JdbcPeriod.bound(Instant.parse("+10000-01-01T00:00:00Z"), ISO_8601, null))
        .isEqualTo("9999-12-31T23:59:59.999999Z");
    assertThat(JdbcPeriod.bound(Instant.MIN, ISO_8601, null))
        .isEqualTo("0001-01-01T00:00:00.000000Z");
    assertThat(JdbcPeriod.bound(Instant.MIN, EPOCH_MICROS, null)).isEqualTo(Long.MIN_VALUE);
    assertThat(JdbcPeriod.bound(Instant.MAX, EPOCH_MICROS, null)).isEqualTo(Long.MAX_VALUE);
    assertThat(JdbcPeriod.bound(Instant.MAX, EPOCH_SECONDS, null))
        .isEqualTo(Long.MAX_VALUE / 1_000_000 + 1);
  }
}
