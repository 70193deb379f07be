package dev.mlops4j.feature;

import static dev.mlops4j.data.ColumnType.BOOLEAN;
import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.INT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.data.ColumnType.TIMESTAMP;
import static dev.mlops4j.data.ColumnType.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.data.Floats;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Events stored by any version of the library are read by this one. */
class EventCodecTest {

  private static final EventCodec CODEC =
      new EventCodec(
          FeatureView.named("all_types")
              .key("k", STRING)
              .eventTime("t")
              .feature("number", FLOAT64)
              .feature("whole", INT64)
              .feature("time", TIMESTAMP)
              .feature("truth", BOOLEAN)
              .feature("text", STRING)
              .build());

  private static final List<Object[]> EVENTS =
      List.of(
          new Object[] {1.5, -7L, Instant.parse("2013-01-01T12:00:00.000001Z"), true, "JFK"},
          new Object[] {null, null, null, null, null},
          new Object[] {-0.0, Long.MIN_VALUE, Instant.EPOCH.minusNanos(1_000), false, ""},
          new Object[] {
            Double.POSITIVE_INFINITY,
            Long.MAX_VALUE,
            Instant.EPOCH,
            true,
            "Z\u00fcrich \ud83d\ude00"
          },
          new Object[] {Double.NaN, 0L, Instant.EPOCH.plusNanos(1_000), null, "a\0b"});

  @Test
  void eventsOfVersion1AreReadAndWrittenAsTheyWere() throws IOException {
    List<String> stored = lines("event-1.hex");
    assertThat(stored).hasSameSizeAs(EVENTS);
    for (int i = 0; i < EVENTS.size(); i++) {
      assertThat(CODEC.decode(HexFormat.of().parseHex(stored.get(i)))).isEqualTo(EVENTS.get(i));
      assertThat(HexFormat.of().formatHex(CODEC.encode(EVENTS.get(i)))).isEqualTo(stored.get(i));
    }
  }

  @Test
  void anEventOfALaterFormOrCutOffIsRefused() throws IOException {
    byte[] event = HexFormat.of().parseHex(lines("event-1.hex").get(0));
    for (int length = 0; length < event.length; length++) {
      byte[] cut = Arrays.copyOf(event, length);
      assertThatThrownBy(() -> CODEC.decode(cut))
          .isInstanceOf(FeatureDataException.class)
          .hasMessage("view \"all_types\": a stored event is cut off");
    }
    event[0] = 2;
    assertThatThrownBy(() -> CODEC.decode(event))
        .isInstanceOf(FeatureDataException.class)
        .hasMessage("view \"all_types\": a stored event has form 2, this library reads 1");
  }

  @Test
  void arraysOfVersion1AreReadAndWrittenAsTheyWere() throws IOException {
    EventCodec codec = new EventCodec(withArray(3));
    List<Object[]> events =
        List.of(
            new Object[] {Floats.of(1.5f, -0.0f, 0.1f), "JFK"},
            new Object[] {null, "JFK"},
            new Object[] {Floats.of(Float.NaN, Float.NEGATIVE_INFINITY, Float.MIN_VALUE), null});
    List<String> stored = lines("event-1-floats.hex");
    assertThat(stored).hasSameSizeAs(events);
    for (int i = 0; i < events.size(); i++) {
      assertThat(codec.decode(HexFormat.of().parseHex(stored.get(i)))).isEqualTo(events.get(i));
      assertThat(HexFormat.of().formatHex(codec.encode(events.get(i)))).isEqualTo(stored.get(i));
    }
  }

  @Test
  void arraysOfAnotherLengthOrCutOffAreRefused() throws IOException {
    byte[] event = HexFormat.of().parseHex(lines("event-1-floats.hex").get(0));
    EventCodec codec = new EventCodec(withArray(3));
    for (int length = 0; length < event.length; length++) {
      byte[] cut = Arrays.copyOf(event, length);
      assertThatThrownBy(() -> codec.decode(cut))
          .isInstanceOf(FeatureDataException.class)
          .hasMessage("view \"items\": a stored event is cut off");
    }
    assertThatThrownBy(() -> new EventCodec(withArray(4)).decode(event))
        .isInstanceOf(FeatureDataException.class)
        .hasMessage(
            "view \"items\": a stored event has an array of 3 elements, the column is FLOATS(4)");
    assertThatThrownBy(() -> codec.encode(new Object[] {Floats.of(1), null}))
        .isInstanceOf(FeatureDataException.class)
        .hasMessage("view \"items\": an array has 1 elements, the column is FLOATS(3)");
  }

  private static FeatureView withArray(int length) {
    return FeatureView.named("items")
        .key("k", STRING)
        .eventTime("t")
        .feature("embedding", floats(length))
        .feature("text", STRING)
        .build();
  }

  private static List<String> lines(String file) throws IOException {
    try (InputStream in = EventCodecTest.class.getResourceAsStream(file)) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
    }
  }
}
