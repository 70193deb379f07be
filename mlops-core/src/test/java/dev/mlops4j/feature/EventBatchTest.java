package dev.mlops4j.feature;

import static dev.mlops4j.data.ColumnType.BOOLEAN;
import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.INT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.data.ColumnType.TIMESTAMP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.Floats;
import dev.mlops4j.data.Schema;
import dev.mlops4j.data.Timestamps;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Events packed from columns are, byte by byte, those packed from objects. */
class EventBatchTest {

  private static final List<Field> VALUES =
      List.of(
          new Field("double", FLOAT64, false, false),
          new Field("widened", FLOAT64, false, false),
          new Field("long", INT64, false, false),
          new Field("flag", BOOLEAN, false, false),
          new Field("text", STRING, false, false),
          new Field("moment", TIMESTAMP, false, false),
          new Field("array", ColumnType.floats(3), false, false));
  private static final String[] TEXTS = {"", "a", "\u00e4\ufffe", "\ud83d\ude00", "x".repeat(900)};

  @ParameterizedTest
  @CsvSource({"0, false", "1, false", "500, false", "500, true"})
  void bytesAreThoseOfTheObjects(int rows, boolean withKnownTime) {
    FeatureView.Builder view =
        FeatureView.named("v").key("word", STRING).key("number", INT64).key("flagged", BOOLEAN);
    view.eventTime("at");
    if (withKnownTime) {
      view.knownTime("known");
    } else {
      view.availableAfter(Duration.ofHours(3));
    }
    VALUES.forEach(value -> view.feature(value.name(), value.type()));
    EventReader reader = new EventReader(view.build());
    Dataset dataset = dataset(rows);

    Iterable<FeatureEvent> events = reader.eventsByContent(dataset);
    assertThat(events).isInstanceOf(EventBatch.class).hasSize(rows);
    if (rows == 0) {
      return;
    }
    PackedEvents ofObjects = new PackedEvents(7, false, new EventCodec(view.build()));
    events.forEach(ofObjects::add);
    PackedEvents ofColumns = new PackedEvents(7, false, new EventCodec(view.build()));
    ofColumns.addAll(events);

    assertThat(ofColumns.size()).isEqualTo(rows);
    assertThat(written(ofColumns)).usingRecursiveComparison().isEqualTo(written(ofObjects));
  }

  private static List<Object[]> written(PackedEvents packed) {
    List<Object[]> rows = new ArrayList<>();
    packed.sorted(Long.MAX_VALUE).forEach(part -> part.forEach(rows::add));
    return rows;
  }

  private static Dataset dataset(int rows) {
    List<Field> fields = new ArrayList<>();
    fields.add(new Field("word", STRING, true, false));
    fields.add(new Field("number", INT64, true, false));
    fields.add(new Field("flagged", BOOLEAN, true, false));
    fields.add(new Field("at", TIMESTAMP, true, false));
    fields.add(new Field("known", TIMESTAMP, true, false));
    for (Field value : VALUES) {
      ColumnType type = value.name().equals("widened") ? INT64 : value.type();
      fields.add(new Field(value.name(), type, false, false));
    }
    Random random = new Random(rows);
    DatasetBuilder builder = Dataset.builder(Schema.of(fields));
    IntStream.range(0, rows).forEach(row -> builder.add(row(random)));
    return builder.build();
  }

  private static @Nullable Object[] row(Random random) {
    @Nullable Object[] row = {
      text(random),
      random.nextLong() >> random.nextInt(64),
      random.nextBoolean(),
      Timestamps.fromMicros(random.nextLong() >> 12),
      Timestamps.fromMicros(random.nextLong() >> 12),
      random.nextInt(9) == 0 ? (Object) Double.NaN : (Object) random.nextGaussian(),
      random.nextLong(),
      random.nextLong(),
      random.nextBoolean(),
      text(random),
      Timestamps.fromMicros(random.nextLong() >> 12),
      Floats.of(random.nextFloat(), -0.0f, Float.NaN)
    };
    for (int i = row.length - VALUES.size(); i < row.length; i++) {
      row[i] = random.nextInt(4) == 0 ? null : row[i];
    }
    return row;
  }

  private static String text(Random random) {
    return TEXTS[random.nextInt(TEXTS.length)];
  }
}
