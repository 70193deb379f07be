package dev.mlops4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CellTimeTest {

  private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

  private final CellTime time = new CellTime();

  @ParameterizedTest
  @CsvSource({
    "2013-01-01T10:15:00Z, 2013-01-01T10:15:00Z",
    "2013-01-01T10:15Z, 2013-01-01T10:15:00Z",
    "2013-01-01 10:15:00+00:00, 2013-01-01T10:15:00Z",
    "2013-01-01T10:15:00-05:00, 2013-01-01T15:15:00Z",
    "2013-01-01T10:15:00+0530, 2013-01-01T04:45:00Z",
    "2013-01-01T10:15:00+05, 2013-01-01T05:15:00Z",
    "2013-01-01T10:15:00.5Z, 2013-01-01T10:15:00.500Z",
    "2013-01-01T10:15:00.123456789Z, 2013-01-01T10:15:00.123456Z",
    "1969-12-31T23:59:59.999999999Z, 1969-12-31T23:59:59.999999Z",
    "2012-02-29T00:00:00Z, 2012-02-29T00:00:00Z",
    "0000-01-01T00:00:00Z, 0000-01-01T00:00:00Z",
    "+12013-01-01T10:15:00Z, +12013-01-01T10:15:00Z",
    "-0044-03-15T10:15:00Z, -0044-03-15T10:15:00Z",
  })
  void readsIsoInstants(String text, String instant) throws CellException {
    assertThat(read(text, null)).isEqualTo(Instant.parse(instant));
    assertThat(read(text, NEW_YORK)).as("its own offset counts").isEqualTo(Instant.parse(instant));
  }

  @Test
  void readsWhatInstantWrites() throws CellException {
    Random random = new Random(3);
    for (int i = 0; i < 20_000; i++) {
      Instant instant = Timestamps.fromMicros(random.nextLong() >> random.nextInt(40));

      assertThat(read(instant.toString(), null)).isEqualTo(instant);
    }
  }

  @Test
  void readsLocalTimesAsTheZonesRulesSay() throws CellException {
    Random random = new Random(4);
    for (int i = 0; i < 20_000; i++) {
      LocalDateTime local =
          LocalDateTime.ofEpochSecond(random.nextInt(2_000_000_000), 0, ZoneOffset.UTC);
      if (NEW_YORK.getRules().getValidOffsets(local).size() == 1) {
        assertThat(read(local.toString(), NEW_YORK)).isEqualTo(local.atZone(NEW_YORK).toInstant());
      }
    }
    assertThat(read("2013-07-01", NEW_YORK)).isEqualTo(Instant.parse("2013-07-01T04:00:00Z"));
    assertThat(read("2013-07-01 00:00", ZoneOffset.ofHours(2)))
        .isEqualTo(Instant.parse("2013-06-30T22:00:00Z"));
  }

  @Test
  void refusesATimeWithoutAZone() {
    assertThatThrownBy(() -> read("2013-01-01T10:15:00", null))
        .isInstanceOf(CellException.class)
        .hasMessage("a timestamp without a zone; write Z or an offset, or give the reader a zone");
    assertThatThrownBy(() -> read("2013-01-01", null)).hasMessageContaining("without a zone");
  }

  @Test
  void refusesATimeThatTheClocksSkipOrShowTwice() {
    assertThatThrownBy(() -> read("2013-03-10T02:30:00", NEW_YORK))
        .isInstanceOf(CellException.class)
        .hasMessage("the clocks of America/New_York skip this time; write the offset");
    assertThatThrownBy(() -> read("2013-11-03T01:30:00", NEW_YORK))
        .isInstanceOf(CellException.class)
        .hasMessage("the clocks of America/New_York show this time twice; write the offset");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "2013",
        "2013-1-1T10:15:00Z",
        "2013-13-01T10:15:00Z",
        "2013-02-29T10:15:00Z",
        "2013-01-32T10:15:00Z",
        "2013-00-01T10:15:00Z",
        "2013-01-00T10:15:00Z",
        "2013-01-01T24:00:00Z",
        "2013-01-01T10:60:00Z",
        "2013-01-01T10:15:60Z",
        "2013-01-01T10:15:00.Z",
        "2013-01-01T10:15:00.1234567890Z",
        "2013-01-01T10:15:00+19:00",
        "2013-01-01T10:15:00+05:60",
        "2013-01-01T10:15:00+5",
        "2013-01-01T10:15:00Zx",
        "2013-01-01T10:15:00 Z",
        "2013-01-01T",
        "01/02/2013 10:15",
        "1357035300",
        "-",
        "+5"
      })
  void refusesWhatIsNoTimestamp(String text) {
    assertThatThrownBy(() -> read(text, NEW_YORK))
        .isInstanceOf(CellException.class)
        .hasMessageStartingWith("not an ISO 8601 timestamp such as 2013-01-01T10:15:00Z");
  }

  @Test
  void refusesAYearThatMicrosecondsCannotHold() {
    assertThatThrownBy(() -> read("+999999999-01-01T00:00:00Z", null))
        .hasMessage("beyond the range of TIMESTAMP");
  }

  private Instant read(String text, @Nullable ZoneId zone) throws CellException {
    char[] padded = ("9" + text + "9").toCharArray();
    return Timestamps.fromMicros(time.micros(padded, 1, text.length(), zone));
  }
}
