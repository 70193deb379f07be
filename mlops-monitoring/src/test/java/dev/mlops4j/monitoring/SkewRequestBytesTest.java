package dev.mlops4j.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.data.Floats;
import dev.mlops4j.data.Length;
import dev.mlops4j.data.RecordCodec;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The form in which the feature log keeps requests. */
class SkewRequestBytesTest {

  record Request(
      double real, long whole, boolean truth, String text, Instant time, @Nullable Double none) {}

  private static final RecordCodec<Request> CODEC = RecordCodec.of(Request.class);

  private static final Request REQUEST =
      new Request(
          -0.0,
          Long.MIN_VALUE,
          true,
          "a\u00e9",
          Instant.parse("2024-01-01T00:00:00.000001Z"),
          null);

  /** Version 1; what was written once is read for good. */
  private static final String VERSION_1 =
      "01"
          + "00000006"
          + "00047265616c"
          + "64"
          + "8000000000000000"
          + "000577686f6c65"
          + "6c"
          + "8000000000000000"
          + "00057472757468"
          + "62"
          + "01"
          + "000474657874"
          + "73"
          + "000361c3a9"
          + "000474696d65"
          + "74"
          + "00060dd710212001"
          + "00046e6f6e65"
          + "2d";

  @Test
  void aRequestOfVersion1IsReadAndWrittenAsItWas() throws IOException {
    byte[] bytes = HexFormat.of().parseHex(VERSION_1);
    assertThat(HexFormat.of().formatHex(RequestBytes.of(CODEC.schema(), CODEC.values(REQUEST))))
        .isEqualTo(VERSION_1);
    assertThat(CODEC.read(RequestBytes.row(CODEC.schema(), bytes))).isEqualTo(REQUEST);
  }

  record Query(@Length(2) Floats embedding) {}

  @Test
  void anArrayOfVersion1IsReadAndWrittenAsItWas() throws IOException {
    RecordCodec<Query> codec = RecordCodec.of(Query.class);
    Query query = new Query(Floats.of(1.5f, -0.0f));
    String version1 =
        "0100000001" + "0009656d62656464696e67" + "66" + "00000002" + "0000c03f00000080";
    byte[] bytes = HexFormat.of().parseHex(version1);
    assertThat(HexFormat.of().formatHex(RequestBytes.of(codec.schema(), codec.values(query))))
        .isEqualTo(version1);
    assertThat(codec.read(RequestBytes.row(codec.schema(), bytes))).isEqualTo(query);
    bytes[17] = -1;
    assertThatThrownBy(() -> RequestBytes.row(codec.schema(), bytes))
        .isInstanceOf(MonitoringException.class);
  }

  @Test
  void whatIsDamagedOfALaterFormOrWithoutAColumnIsRefused() throws IOException {
    byte[] bytes = RequestBytes.of(CODEC.schema(), CODEC.values(REQUEST));
    byte[] later = bytes.clone();
    later[0] = 2;
    byte[] cut = Arrays.copyOf(bytes, bytes.length - 3);
    byte[] fewer = HexFormat.of().parseHex("0100000000");
    for (byte[] wrong : new byte[][] {later, cut, fewer}) {
      assertThatThrownBy(() -> RequestBytes.row(CODEC.schema(), wrong))
          .isInstanceOf(MonitoringException.class);
    }
  }
}
