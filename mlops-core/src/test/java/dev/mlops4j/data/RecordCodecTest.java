package dev.mlops4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordCodecTest {

  enum Cabin {
    ECONOMY,
    FIRST {
      @Override
      public String toString() {
        return "first class";
      }
    }
  }

  record Everything(
      double aDouble,
      @Nullable Double boxedDouble,
      float aFloat,
      @Nullable Float boxedFloat,
      long aLong,
      @Nullable Long boxedLong,
      int anInt,
      @Nullable Integer boxedInt,
      short aShort,
      @Nullable Short boxedShort,
      boolean truth,
      @Nullable Boolean boxedTruth,
      @Nullable String text,
      @Nullable Cabin cabin,
      @Nullable Instant instant) {}

  record Passenger(@Required String flight, @Sensitive @Nullable String name, int seat) {}

  record Seat(int seat) {}

  record SecretSeat(@Sensitive int seat) {}

  record Choosy(int value) {
    Choosy {
      if (value < 0) {
        throw new IllegalArgumentException("value is at least 0, found " + value);
      }
    }
  }

  record Unsupported(LocalDate day, List<String> names, int fine) {}

  @Test
  void whatIsReadBackEqualsWhatWasWritten() {
    Random random = new Random(42);
    List<Everything> records = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      records.add(everything(random));
    }

    Dataset dataset = Dataset.ofRecords(Everything.class, records);

    assertThat(dataset.toRecords(Everything.class)).isEqualTo(records);
    assertThat(dataset.digest())
        .isEqualTo(
            Dataset.ofRecords(Everything.class, dataset.toRecords(Everything.class)).digest());
  }

  @Test
  void primitiveAndAnnotatedComponentsAreRequired() {
    Schema schema = RecordCodec.of(Passenger.class).schema();

    assertThat(schema.fields())
        .containsExactly(
            new Field("flight", ColumnType.STRING, true, false),
            new Field("name", ColumnType.STRING, false, true),
            new Field("seat", ColumnType.INT64, true, false));
  }

  @Test
  void namesAllComponentsThatNoColumnCanHold() {
    assertThatThrownBy(() -> RecordCodec.of(Unsupported.class))
        .isInstanceOf(SchemaException.class)
        .hasMessage(
            "no column can hold these components of "
                + Unsupported.class.getName()
                + ": day is java.time.LocalDate, names is java.util.List; use numbers, boolean,"
                + " String, an enum, Instant, or float[] or Floats with @Length, or write a"
                + " RecordCodec");
  }

  @Test
  void refusesARecordWithoutARequiredValue() {
    assertThatThrownBy(
            () -> Dataset.ofRecords(Passenger.class, List.of(new Passenger(null, "x", 1))))
        .isInstanceOf(SchemaException.class)
        .hasMessage("row 0 has no value in column \"flight\", which is required");
  }

  @Test
  void findsColumnsByNameAndIgnoresOthers() {
    Schema schema =
        Schema.builder()
            .optional("other", ColumnType.STRING)
            .optional("seat", ColumnType.INT64)
            .build();
    Dataset dataset = Dataset.builder(schema).add("x", 12L).build();

    assertThat(dataset.toRecords(Seat.class)).containsExactly(new Seat(12));
  }

  @Test
  void refusesARowThatDoesNotFit() {
    assertThatThrownBy(() -> seats("sitz", ColumnType.INT64, 1L).toRecords(Seat.class))
        .isInstanceOf(SchemaException.class)
        .hasMessage(Seat.class.getName() + " needs a column \"seat\"; there are: (sitz INT64)");
    assertThatThrownBy(() -> seats("seat", ColumnType.STRING, "12").toRecords(Seat.class))
        .isInstanceOf(SchemaException.class)
        .hasMessage("column \"seat\" is STRING, " + Seat.class.getName() + " needs INT64");
    assertThatThrownBy(() -> seats("seat", ColumnType.INT64, null).toRecords(Seat.class))
        .isInstanceOf(SchemaException.class)
        .hasMessage(
            "column \"seat\" is missing in a row, " + Seat.class.getName() + " requires it");
  }

  @Test
  void refusesANumberThatDoesNotFitAndHidesItIfSensitive() {
    Dataset dataset = seats("seat", ColumnType.INT64, 3_000_000_000L);

    assertThatThrownBy(() -> dataset.toRecords(Seat.class))
        .isInstanceOf(SchemaException.class)
        .hasMessage(
            "column \"seat\" has 3000000000, which does not fit into the component of "
                + Seat.class.getName());
    assertThatThrownBy(() -> dataset.toRecords(SecretSeat.class))
        .isInstanceOf(SchemaException.class)
        .hasMessageNotContaining("3000000000");
  }

  @Test
  void refusesATextThatIsNoConstant() {
    record Ticket(Cabin cabin) {}
    Dataset dataset = seats("cabin", ColumnType.STRING, "BUSINESS");

    assertThatThrownBy(() -> dataset.toRecords(Ticket.class))
        .isInstanceOf(SchemaException.class)
        .hasMessage("column \"cabin\" has a value that is no constant of " + Cabin.class.getName());
  }

  @Test
  void letsARecordRefuseItsValues() {
    assertThatThrownBy(() -> seats("value", ColumnType.INT64, -1L).toRecords(Choosy.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("value is at least 0, found -1");
  }

  @Test
  void instantsAreKeptToTheMicrosecond() {
    record Event(Instant at) {}
    Instant fine = Instant.parse("1969-12-31T23:59:59.123456789Z");

    assertThat(Dataset.ofRecords(Event.class, List.of(new Event(fine))).toRecords(Event.class))
        .containsExactly(new Event(Instant.parse("1969-12-31T23:59:59.123456Z")));
  }

  private static Dataset seats(String name, ColumnType type, @Nullable Object value) {
    return Dataset.builder(Schema.builder().optional(name, type).build())
        .add(new Object[] {value})
        .build();
  }

  private static Everything everything(Random random) {
    return new Everything(
        Double.longBitsToDouble(random.nextLong()),
        maybe(random, random.nextGaussian()),
        random.nextFloat(),
        maybe(random, random.nextBoolean() ? Float.NaN : Float.MIN_VALUE),
        random.nextLong(),
        maybe(random, random.nextLong()),
        random.nextInt(),
        maybe(random, random.nextInt()),
        (short) random.nextInt(),
        maybe(random, (short) random.nextInt()),
        random.nextBoolean(),
        maybe(random, random.nextBoolean()),
        maybe(random, random.nextInt(4) == 0 ? "" : "text " + random.nextInt(50)),
        maybe(random, Cabin.values()[random.nextInt(2)]),
        maybe(random, Timestamps.fromMicros(random.nextLong())));
  }

  private static <V> @Nullable V maybe(Random random, V value) {
    return random.nextInt(4) == 0 ? null : value;
  }
}
