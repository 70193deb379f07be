package dev.mlops4j.feature;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.INT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The order of places is that of keys' bytes and events, and parts end between keys. */
class PackedEventsTest {

  private static final FeatureView VIEW =
      FeatureView.named("v")
          .key("word", STRING)
          .key("number", INT64)
          .eventTime("at")
          .feature("value", FLOAT64)
          .build();
  private static final EventCodec CODEC = new EventCodec(VIEW);
  private static final String[] WORDS = {"", "a", "ab", "b", "\u00e4", "\uffee", "\ud83d\ude00"};
  private static final long[] NUMBERS = {Long.MIN_VALUE, -1, 0, 1, 255, 256, Long.MAX_VALUE};

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 100, 3_000})
  void eventsComeInTheOrderOfTheirKeysAndThenTheirOwn(int count) {
    Random random = new Random(count);
    List<FeatureEvent> events = new ArrayList<>();
    PackedEvents packed = new PackedEvents(7, true, CODEC);
    for (int i = 0; i < count; i++) {
      FeatureEvent event = event(random, i);
      events.add(event);
      packed.add(event);
    }
    events.sort(
        (one, other) -> {
          int byKey = Arrays.compareUnsigned(one.key().toBytes(), other.key().toBytes());
          return byKey != 0 ? byKey : one.compareTo(other);
        });
    List<Iterable<Object[]>> parts = packed.sorted(500);

    List<FeatureEvent> found = new ArrayList<>();
    EntityKey last = null;
    for (Iterable<Object[]> part : parts) {
      int before = found.size();
      for (Object[] row : part) {
        byte[] ofKey = EventPlace.ofKey(VIEW, (byte[]) row[0]);
        EntityKey key = EventPlace.key(VIEW, ofKey);
        FeatureEvent event =
            EventPlace.event(key, (byte[]) row[0], ofKey.length, CODEC, (byte[]) row[2]);
        assertThat(row[1]).isEqualTo(event.eventTime());
        assertThat((byte[]) row[3]).endsWith(event.id().getBytes(UTF_8)).startsWith(0, 0, 0, 7);
        found.add(event);
      }
      assertThat(found.get(before).key()).isNotEqualTo(last);
      last = found.get(found.size() - 1).key();
    }
    assertThat(found).isEqualTo(events);
  }

  private static FeatureEvent event(Random random, int row) {
    return new FeatureEvent(
        EntityKey.of(
            VIEW, WORDS[random.nextInt(WORDS.length)], NUMBERS[random.nextInt(NUMBERS.length)]),
        NUMBERS[random.nextInt(NUMBERS.length)],
        NUMBERS[random.nextInt(NUMBERS.length)],
        WORDS[random.nextInt(WORDS.length)] + row,
        new Object[] {random.nextInt(3) == 0 ? null : (Object) random.nextDouble()});
  }
}
