package dev.mlops4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

class DatasetBuilderTest {

  private static final Schema SCHEMA =
      Schema.builder()
          .required("origin", ColumnType.STRING)
          .optional("wind_speed", ColumnType.FLOAT64)
          .optional("gusts", ColumnType.INT64)
          .optional("foggy", ColumnType.BOOLEAN)
          .optional("observed_at", ColumnType.TIMESTAMP)
          .build();

  private static final Instant NOON = Instant.parse("2013-07-01T12:00:00Z");

  @Test
  void holdsEveryTypeAndWhatIsMissing() {
    Dataset dataset =
        Dataset.builder(SCHEMA)
            .add("JFK", 12.5, 3L, true, NOON)
            .add("LGA", null, null, null, null)
            .add("JFK", Double.NaN, -1L, false, NOON.minusNanos(1))
            .build();

    assertThat(dataset.rowCount()).isEqualTo(3);
    assertThat(dataset.strings("origin").dictionary()).containsExactly("JFK", "LGA");
    assertThat(dataset.strings("origin").codeAt(2)).isZero();
    assertThat(dataset.doubles("wind_speed").doubleAt(0)).isEqualTo(12.5);
    assertThat(dataset.doubles("wind_speed").doubleAt(1)).isNaN();
    assertThat(dataset.column("wind_speed").isMissing(1)).isTrue();
    assertThat(dataset.column("wind_speed").isMissing(2)).as("NaN is a value").isFalse();
    assertThat(dataset.longs("gusts").longAt(1)).isZero();
    assertThat(dataset.booleans("foggy").booleanAt(0)).isTrue();
    assertThat(dataset.booleans("foggy").missingCount()).isEqualTo(1);
    assertThat(dataset.row(1).value("observed_at")).isNull();
    assertThat(dataset.row(2).instant("observed_at"))
        .as("cut off towards the past")
        .isEqualTo(NOON.minusNanos(1_000));
  }

  @Test
  void takesNarrowerNumbers() {
    Dataset dataset =
        Dataset.builder(SCHEMA)
            .add("JFK", 3, 4, null, null)
            .add("JFK", 1.5f, (short) 5, null, null)
            .build();

    assertThat(dataset.doubles("wind_speed").doubleAt(0)).isEqualTo(3.0);
    assertThat(dataset.longs("gusts").longAt(1)).isEqualTo(5);
  }

  @Test
  void leavesNothingBehindOfARowThatFailed() {
    DatasetBuilder builder = Dataset.builder(SCHEMA);

    assertThatThrownBy(() -> builder.add("JFK", 1.0, 2L, "yes", null))
        .isInstanceOf(SchemaException.class)
        .hasMessage("column \"foggy\" is BOOLEAN, a value given for it is String");
    builder.set(0, "LGA").endRow();

    Dataset dataset = builder.build();
    assertThat(dataset.rowCount()).isEqualTo(1);
    assertThat(dataset.row(0).text("origin")).isEqualTo("LGA");
    assertThat(dataset.row(0).isMissing("wind_speed")).isTrue();
    assertThat(dataset.row(0).isMissing("gusts")).isTrue();
  }

  @Test
  void refusesAMissingRequiredValueAndGoesOn() {
    DatasetBuilder builder = Dataset.builder(SCHEMA).add("JFK", 1.0, 2L, true, NOON);

    assertThatThrownBy(() -> builder.add(null, 1.0, 2L, true, NOON))
        .isInstanceOf(SchemaException.class)
        .hasMessage("row 1 has no value in column \"origin\", which is required");
    builder.set(0, "EWR").endRow();

    assertThat(builder.rowCount()).isEqualTo(2);
    assertThat(builder.build().row(1).isMissing("wind_speed")).isTrue();
  }

  @Test
  void refusesARowOfAnotherWidth() {
    assertThatThrownBy(() -> Dataset.builder(SCHEMA).add("JFK", 1.0))
        .isInstanceOf(SchemaException.class)
        .hasMessageStartingWith("a row of (origin STRING required, ")
        .hasMessageEndingWith("has 5 values, found 2");
  }

  @Test
  void refusesUnboxedValuesOfAnotherType() {
    DatasetBuilder builder = Dataset.builder(SCHEMA);

    assertThatThrownBy(() -> builder.setDouble(2, 1.0)).hasMessageContaining("\"gusts\" is INT64");
    assertThatThrownBy(() -> builder.setLong(1, 1)).hasMessageContaining("\"wind_speed\" is FLO");
    assertThatThrownBy(() -> builder.setMicros(2, 1)).hasMessageContaining("\"gusts\" is INT64");
  }

  @Test
  void refusesANumberWithDecimalsInAnIntegerColumn() {
    assertThatThrownBy(() -> Dataset.builder(SCHEMA).add("JFK", 1.0, 2.0, true, NOON))
        .isInstanceOf(SchemaException.class)
        .hasMessage("column \"gusts\" is INT64, a value given for it is Double");
  }

  @Test
  void refusesTextThatIsNotUnicode() {
    assertThatThrownBy(() -> Dataset.builder(SCHEMA).add("a\uD800b", 1.0, 2L, true, NOON))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("\"origin\" was given text that is not Unicode");
  }

  @Test
  void columnsThatAreFilledAheadAreTheRowsTheyWouldBe() {
    BitSet missing = new BitSet();
    missing.set(1);
    Dataset byColumns =
        Dataset.builder(SCHEMA)
            .add("JFK", 1.0, 2L, true, NOON)
            .setAll(0, new Object[] {"LGA", "EWR", "JFK", "not this"}, 3)
            .setDoubles(1, new double[] {Double.NaN, 7.0, -0.0}, 3, missing)
            .setLongs(2, new long[] {4, 5, 6}, 3, missing)
            .setAll(3, new Object[] {true, null, false}, 3)
            .setMicros(4, new long[] {1, 2, 3, 4}, 3, new BitSet())
            .endRows(3)
            .build();

    assertThat(byColumns.digest())
        .isEqualTo(
            Dataset.builder(SCHEMA)
                .add("JFK", 1.0, 2L, true, NOON)
                .add("LGA", Double.NaN, 4L, true, Timestamps.fromMicros(1))
                .add("EWR", null, null, null, Timestamps.fromMicros(2))
                .add("JFK", -0.0, 6L, false, Timestamps.fromMicros(3))
                .build()
                .digest());
  }

  @Test
  void refusesCountsThatFitNothingAndChangesNothing() {
    DatasetBuilder builder = Dataset.builder(SCHEMA).add("JFK", 1.0, 2L, true, NOON);

    assertThatThrownBy(() -> builder.endRows(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found -1");
    assertThatThrownBy(() -> builder.setDoubles(1, new double[2], 3, new BitSet()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("count is from 0 to 2 here, found 3");
    assertThatThrownBy(() -> builder.setLongs(1, new long[1], 1, new BitSet()))
        .isInstanceOf(SchemaException.class);
    assertThat(builder.endRows(0).build().rowCount()).isEqualTo(1);
  }

  @Test
  void cellsFilledAheadAreForgottenWithTheirRows() {
    Schema schema =
        Schema.builder()
            .required("a", ColumnType.FLOAT64)
            .optional("v", ColumnType.floats(2))
            .build();
    DatasetBuilder builder = Dataset.builder(schema);
    builder.setAll(1, new Object[] {new float[] {1, 2}, new float[] {3, 4}}, 2);
    assertThatThrownBy(() -> builder.endRows(2)).isInstanceOf(SchemaException.class);
    builder.set(0, 1.0).endRow();
    builder.set(0, 2.0).set(1, new float[] {5, 6}).endRow();

    Dataset rows = builder.build();
    assertThat(rows.column("v").isMissing(0)).isTrue();
    assertThat(rows.column("v").get(1)).isEqualTo(Floats.of(new float[] {5, 6}));
  }

  @Test
  void refusesAnInstantBeyondTheRange() {
    assertThatThrownBy(() -> Dataset.builder(SCHEMA).add("JFK", 1.0, 2L, true, Instant.MAX))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("\"observed_at\" was given an instant beyond the range");
  }

  @Test
  void goesOnAfterBuildWithoutChangingWhatWasBuilt() {
    DatasetBuilder builder = Dataset.builder(SCHEMA).add("JFK", 1.0, 2L, true, NOON);
    Dataset first = builder.build();
    builder.add("LGA", null, null, null, null);

    assertThat(first.rowCount()).isEqualTo(1);
    assertThat(first.strings("origin").dictionary()).containsExactly("JFK");
    assertThat(builder.build().rowCount()).isEqualTo(2);
  }

  @Test
  void growsPastItsFirstCapacityWithMissingValuesInBetween() {
    DatasetBuilder builder = Dataset.builder(SCHEMA);
    for (int i = 0; i < 1_000; i++) {
      builder.set(0, "A" + i % 7);
      if (i % 3 == 0) {
        builder.setDouble(1, i).setLong(2, i).setMicros(4, i);
      }
      builder.endRow();
    }
    Dataset dataset = builder.build();

    assertThat(dataset.column("wind_speed").missingCount()).isEqualTo(666);
    for (int i = 0; i < 1_000; i++) {
      assertThat(dataset.column("gusts").get(i)).isEqualTo(i % 3 == 0 ? (long) i : null);
      assertThat(dataset.strings("origin").get(i)).isEqualTo("A" + i % 7);
    }
  }
}
