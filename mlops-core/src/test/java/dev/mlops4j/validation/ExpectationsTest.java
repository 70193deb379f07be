package dev.mlops4j.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Schema;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Test;

class ExpectationsTest {

  private static final Instant JANUARY = Instant.parse("2013-01-01T00:00:00Z");
  private static final Instant JULY = Instant.parse("2013-07-01T00:00:00Z");

  private static final Schema SCHEMA =
      Schema.builder()
          .optional("carrier", ColumnType.STRING)
          .optional("distance", ColumnType.INT64)
          .optional("wind", ColumnType.FLOAT64)
          .optional("departure", ColumnType.TIMESTAMP)
          .optional("passenger", ColumnType.STRING)
          .optional("late", ColumnType.BOOLEAN)
          .sensitive("passenger")
          .build();

  private static final Dataset FLIGHTS =
      Dataset.builder(SCHEMA)
          .add("UA", 1400, 10.0, JANUARY, "Ann", true)
          .add("AA", -5, Double.NaN, JULY, "Bob", false)
          .add("XX", 7000, null, JULY.minusNanos(1_000), "Ann", null)
          .add(null, null, 1048.36, null, null, null)
          .build();

  @Test
  void ofArraysTypeAndMissingValuesAreChecked() {
    Dataset items =
        Dataset.builder(Schema.builder().optional("embedding", ColumnType.floats(2)).build())
            .add(new Object[] {new float[2]})
            .add(new Object[] {null})
            .build();

    ValidationReport report =
        Expectations.named("items")
            .column("embedding", c -> c.type(ColumnType.floats(2)).nullShareAtMost(0.5))
            .column("embedding", c -> c.type(ColumnType.floats(3)).between(0, 1))
            .unique("embedding")
            .build()
            .check(items);

    assertThat(report.results())
        .filteredOn(result -> result.outcome() == Outcome.VIOLATED)
        .extracting(ExpectationResult::found)
        .containsExactly(
            "it is FLOATS(2)",
            "a column of FLOATS(2), which is not a number",
            "arrays are no keys: embedding");
  }

  @Test
  void holdWhereTheDataAreAsExpected() {
    ValidationReport report =
        Expectations.named("flights")
            .rowCount(4, 4)
            .columns("carrier", "late")
            .schema(SCHEMA)
            .column("carrier", c -> c.oneOf("UA", "AA", "XX").matches("[A-Z]{2}"))
            .column("distance", c -> c.nullShareAtMost(0.25).between(-5, 7000))
            .column("departure", c -> c.inPeriod(JANUARY, JULY.plusSeconds(1)))
            .unique("carrier", "passenger")
            .build()
            .check(FLIGHTS);

    assertThat(report.results()).allMatch(result -> result.outcome() == Outcome.HELD);
    assertThat(report.passed()).isTrue();
    assertThat(report.orThrow()).isSameAs(report);
  }

  @Test
  void reportEveryFailureWithTheFirstRowsAndValues() {
    Expectations expectations =
        Expectations.named("flights")
            .rowCount(1_000, 500_000)
            .column("distance", c -> c.nullShareAtMost(0).between(0, 6000))
            .column("carrier", c -> c.oneOf("UA", "AA"))
            .column(Severity.WARN, "wind", c -> c.between(0, 100))
            .column("departure", c -> c.inPeriod(JANUARY, JULY))
            .column("tailnum", c -> c.matches("N.*"))
            .unique("passenger")
            .build();

    assertThat(expectations.check(FLIGHTS))
        .hasToString(
            """
            flights: 4 of 13 expectations hold for 4 rows, 7 failed, 1 warnings
            outcome  column     expected                                                  found
            -------  ---------  --------------------------------------------------------  --------------------------------------------------------
            ok       distance   is a column
            ok       carrier    is a column
            ok       wind       is a column
            ok       departure  is a column
            FAIL     tailnum    is a column                                               only carrier, distance, wind, departure, passenger, late
            FAIL                between 1000 and 500000 rows                              4 rows
            FAIL     distance   no value missing                                          1 of 4 rows otherwise: row 3
            FAIL     distance   between 0 and 6000                                        2 of 4 rows otherwise: row 1 (-5), row 2 (7000)
            FAIL     carrier    one of UA, AA                                             1 of 4 rows otherwise: row 2 (XX)
            WARN     wind       between 0 and 100                                         2 of 4 rows otherwise: row 1 (NaN), row 3 (1048.36)
            FAIL     departure  from 2013-01-01T00:00:00Z to before 2013-07-01T00:00:00Z  1 of 4 rows otherwise: row 1 (2013-07-01T00:00:00Z)
            -        tailnum    matches N.*                                               no such column
            FAIL                unique by passenger                                       1 of 4 rows otherwise: row 2""");
  }

  @Test
  void throwWithAllFailuresAndWithoutWhatHolds() {
    ValidationReport report =
        Expectations.named("flights")
            .rowCount(1, 10)
            .column("distance", c -> c.between(0, 6000))
            .column(Severity.WARN, "wind", c -> c.between(0, 100))
            .column("tailnum", c -> {})
            .build()
            .check(FLIGHTS);

    assertThatExceptionOfType(ExpectationsFailedException.class)
        .isThrownBy(report::orThrow)
        .withMessage(
            """
            flights: 3 of 6 expectations hold for 4 rows, 2 failed, 1 warnings
              FAIL  tailnum: is a column; found only carrier, distance, wind, departure, passenger, late
              FAIL  distance: between 0 and 6000; found 2 of 4 rows otherwise: row 1 (-5), row 2 (7000)
              Mend the data, or the expectations if the world has changed.""")
        .satisfies(e -> assertThat(e.report()).isSameAs(report));
  }

  @Test
  void doNotFailForWarnings() {
    ValidationReport report =
        Expectations.named("flights")
            .rowCount(Severity.WARN, 10, 20)
            .unique(Severity.WARN, "passenger")
            .column(Severity.WARN, "tailnum", c -> {})
            .build()
            .check(FLIGHTS);

    assertThat(report.passed()).isTrue();
    assertThat(report.warnings()).hasSize(3);
    assertThat(report.failures()).isEmpty();
  }

  @Test
  void neverShowValuesOfSensitiveColumns() {
    ValidationReport report =
        Expectations.named("flights")
            .column("passenger", c -> c.oneOf("Zoe").matches("Z.*").nullShareAtMost(0))
            .unique("passenger")
            .build()
            .check(FLIGHTS);

    assertThat(report.failures()).hasSize(4);
    assertThat(report.text()).doesNotContain("Ann").doesNotContain("Bob");
    assertThat(report.failures().get(0).firstRows()).containsExactly(0, 1, 2);
  }

  @Test
  void nameTheFirstRowsOnly() {
    DatasetBuilder builder =
        Dataset.builder(Schema.builder().optional("n", ColumnType.INT64).build());
    for (int i = 0; i < 100; i++) {
      builder.add(i);
    }

    ExpectationResult result = only(builder.build(), "n", c -> c.between(0, 9));

    assertThat(result.violations()).isEqualTo(90);
    assertThat(result.firstRows()).isEqualTo(List.of(10, 11, 12, 13, 14));
    assertThat(result.found()).endsWith("row 14 (14), ...");
  }

  @Test
  void takeIntegersOutOfASet() {
    assertThat(only(FLIGHTS, "distance", c -> c.oneOf(7000, -5, 1400)).outcome())
        .isEqualTo(Outcome.HELD);
    ExpectationResult result = only(FLIGHTS, "distance", c -> c.oneOf(7000, 1400));

    assertThat(result.asked()).isEqualTo("one of 7000, 1400");
    assertThat(result.firstRows()).containsExactly(1);
    assertThat(only(FLIGHTS, "wind", c -> c.oneOf(1)).found())
        .isEqualTo("a column of FLOAT64, which is not INT64");
  }

  @Test
  void countNaNAndTheInfinitiesAsValuesOutsideOfFiniteBounds() {
    Dataset numbers =
        Dataset.builder(Schema.builder().optional("n", ColumnType.FLOAT64).build())
            .add(Double.NaN)
            .add(Double.POSITIVE_INFINITY)
            .add(Double.NEGATIVE_INFINITY)
            .add(1.0)
            .add((Object) null)
            .build();

    assertThat(only(numbers, "n", c -> c.between(-Double.MAX_VALUE, Double.MAX_VALUE)).firstRows())
        .containsExactly(0, 1, 2);
    assertThat(
            only(numbers, "n", c -> c.between(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY))
                .firstRows())
        .containsExactly(0);
    assertThat(only(numbers, "n", c -> c.nullShareAtMost(0)).firstRows()).containsExactly(4);
  }

  @Test
  void holdForValuesThatAreAllMissingExceptTheirShare() {
    Dataset missing = FLIGHTS.select(3, 3);

    assertThat(only(missing, "carrier", c -> c.oneOf("UA").matches("x")).outcome())
        .isEqualTo(Outcome.HELD);
    assertThat(only(missing, "distance", c -> c.between(0, 1)).outcome()).isEqualTo(Outcome.HELD);
    assertThat(only(missing, "carrier", c -> c.nullShareAtMost(0.99)).isFailure()).isTrue();
    assertThat(Expectations.named("k").unique("carrier").build().check(missing).passed()).isFalse();
  }

  @Test
  void holdForADatasetWithoutRowsExceptTheirNumber() {
    ValidationReport report =
        Expectations.named("none")
            .rowCount(1, 10)
            .column("carrier", c -> c.nullShareAtMost(0).oneOf("UA"))
            .column("distance", c -> c.between(0, 1))
            .unique("carrier")
            .build()
            .check(FLIGHTS.select());

    assertThat(report.failures()).extracting(ExpectationResult::found).containsExactly("0 rows");
  }

  @Test
  void takeNegativeZeroForZeroInAKey() {
    Dataset zeros =
        Dataset.builder(Schema.builder().optional("n", ColumnType.FLOAT64).build())
            .add(0.0)
            .add(-0.0)
            .build();

    assertThat(Expectations.named("k").unique("n").build().check(zeros).passed()).isFalse();
  }

  @Test
  void areViolatedByAColumnOfAnotherType() {
    assertThat(only(FLIGHTS, "carrier", c -> c.between(0, 1)).found())
        .isEqualTo("a column of STRING, which is not a number");
    assertThat(only(FLIGHTS, "distance", c -> c.oneOf("1")).found())
        .isEqualTo("a column of INT64, which is not text");
    assertThat(only(FLIGHTS, "late", c -> c.inPeriod(JANUARY, JULY)).found())
        .isEqualTo("a column of BOOLEAN, which is not a timestamp");
    assertThat(only(FLIGHTS, "late", c -> c.type(ColumnType.STRING)).isFailure()).isTrue();
  }

  @Test
  void takeTheFirstAndTheLastInstantForAPeriodWithoutAnEnd() {
    assertThat(only(FLIGHTS, "departure", c -> c.inPeriod(Instant.MIN, Instant.MAX)).isFailure())
        .isFalse();
    assertThat(only(FLIGHTS, "departure", c -> c.inPeriod(Instant.MIN, JANUARY)).isFailure())
        .isTrue();
    assertThat(only(FLIGHTS, "departure", c -> c.inPeriod(JULY, Instant.MAX)).isFailure()).isTrue();
  }

  @Test
  void allowExactlyTheStatedShareOfMissingValues() {
    DatasetBuilder builder =
        Dataset.builder(Schema.builder().optional("n", ColumnType.INT64).build());
    for (int i = 0; i < 100; i++) {
      builder.add(i < 29 ? null : i);
    }
    Dataset dataset = builder.build();

    assertThat(only(dataset, "n", c -> c.nullShareAtMost(0.29)).outcome()).isEqualTo(Outcome.HELD);
    assertThat(only(dataset, "n", c -> c.nullShareAtMost(0.28)).isFailure()).isTrue();
    assertThat(only(dataset.select(), "n", c -> c.nullShareAtMost(0)).outcome())
        .isEqualTo(Outcome.HELD);
  }

  @Test
  void compareCompositeKeysColumnByColumn() {
    Schema schema =
        Schema.builder().optional("a", ColumnType.STRING).optional("b", ColumnType.INT64).build();
    Dataset apart =
        Dataset.builder(schema).add("1", 23).add("12", 3).add(null, 0).add("1", null).build();
    Dataset twice = Dataset.builder(schema).add(null, 1).add("x", 1).add(null, 1).build();
    Expectations unique = Expectations.named("keys").unique("a", "b").build();

    assertThat(unique.check(apart).passed()).isTrue();
    assertThat(unique.check(twice).failures().get(0).firstRows()).containsExactly(2);
  }

  @Test
  void reportAnUnknownColumnOfAKey() {
    assertThat(Expectations.named("keys").unique("carrier", "no").build().check(FLIGHTS).failures())
        .extracting(ExpectationResult::found)
        .containsExactly("no column no");
  }

  @Test
  void refuseSettingsThatMakeNoSense() {
    Expectations.Builder builder = Expectations.named("flights");

    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("expectations \"flights\" expect nothing; add rowCount, column or unique");
    assertThatThrownBy(() -> Expectations.named(" ")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.rowCount(5, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rowCount takes 0 <= least <= most, found 5 and 4");
    assertThatThrownBy(() -> builder.column("wind", c -> c.between(5, Double.NaN)))
        .hasMessage("between of column \"wind\" takes least <= most, found 5.0 and NaN");
    assertThatThrownBy(() -> builder.column("wind", c -> c.nullShareAtMost(1.5)))
        .hasMessage("nullShareAtMost of column \"wind\" is from 0 to 1, found 1.5");
    assertThatThrownBy(() -> builder.column("at", c -> c.inPeriod(JULY, JANUARY)))
        .hasMessageStartingWith("inPeriod of column \"at\" takes from before to, found 2013-07");
    assertThatThrownBy(builder::unique).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.column("carrier", c -> c.oneOf(List.of())))
        .hasMessage("oneOf of column \"carrier\" takes at least one text, found none");
    assertThatThrownBy(() -> builder.column("carrier", c -> c.matches("[A-Z")))
        .isInstanceOf(PatternSyntaxException.class)
        .hasMessageStartingWith(
            "matches of column \"carrier\" takes a regular expression of java.util.regex.Pattern,"
                + " such as \"[A-Z]{2}\"; found one with: Unclosed character class near index 3");
  }

  private static ExpectationResult only(
      Dataset dataset, String column, Consumer<ColumnExpectations> values) {
    return Expectations.named("one").column(column, values).build().check(dataset).results().get(1);
  }
}
