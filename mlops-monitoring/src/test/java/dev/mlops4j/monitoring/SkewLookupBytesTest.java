package dev.mlops4j.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.model.ServedLookup;
import dev.mlops4j.model.ServedLookup.Status;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The form in which the feature log keeps what was looked up. */
class SkewLookupBytesTest {

  private static final List<ServedLookup> LOOKUPS =
      List.of(
          new ServedLookup("a", Status.PRESENT, Instant.parse("2024-01-01T00:00:00.000001Z")),
          new ServedLookup("\u00e9", Status.STALE, Instant.parse("1969-12-31T23:59:59.999999Z")),
          new ServedLookup("m", Status.MISSING, null),
          new ServedLookup("u", Status.UNANSWERED, null));

  /** Version 1; what was written once is read for good. */
  private static final String VERSION_1 =
      "01"
          + "00000004"
          + "000161"
          + "70"
          + "01"
          + "00060dd710212001"
          + "0002c3a9"
          + "73"
          + "01"
          + "ffffffffffffffff"
          + "00016d"
          + "6d"
          + "00"
          + "000175"
          + "75"
          + "00";

  @Test
  void lookupsOfVersion1AreReadAndWrittenAsTheyWere() throws IOException {
    assertThat(HexFormat.of().formatHex(LookupBytes.of(LOOKUPS))).isEqualTo(VERSION_1);
    assertThat(LookupBytes.read(HexFormat.of().parseHex(VERSION_1))).isEqualTo(LOOKUPS);
  }

  @Test
  void whatIsNotThereOrOfALaterFormIsNotRecorded() throws IOException {
    byte[] later = LookupBytes.of(LOOKUPS);
    later[0] = 2;
    assertThat(LookupBytes.read(null)).isNull();
    assertThat(LookupBytes.read(later)).isNull();
  }

  @Test
  void whatIsDamagedIsRefused() throws IOException {
    byte[] cut = LookupBytes.of(LOOKUPS);
    byte[] unknown = cut.clone();
    unknown[8] = 'x';
    for (byte[] wrong : new byte[][] {Arrays.copyOf(cut, cut.length - 1), unknown, {}}) {
      assertThatThrownBy(() -> LookupBytes.read(wrong)).isInstanceOf(MonitoringException.class);
    }
  }
}
