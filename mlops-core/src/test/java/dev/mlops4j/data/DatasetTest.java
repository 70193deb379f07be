package dev.mlops4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DatasetTest {

  private static final Schema SCHEMA =
      Schema.builder()
          .required("origin", ColumnType.STRING)
          .optional("wind_speed", ColumnType.FLOAT64)
          .optional("gusts", ColumnType.INT64)
          .optional("foggy", ColumnType.BOOLEAN)
          .optional("observed_at", ColumnType.TIMESTAMP)
          .build();

  private static final Dataset READINGS =
      Dataset.builder(SCHEMA)
          .add("JFK", 1.0, 1L, true, Instant.EPOCH)
          .add("LGA", null, null, null, null)
          .add("EWR", 3.0, 3L, false, Instant.EPOCH.plusSeconds(1))
          .build();

  @Test
  void selectsRowsInTheOrderGivenAndAsOftenAsAsked() {
    Dataset selected = READINGS.select(2, 1, 2);

    assertThat(selected.rows().map(row -> row.text("origin"))).containsExactly("EWR", "LGA", "EWR");
    assertThat(selected.rows().map(row -> row.value("gusts"))).containsExactly(3L, null, 3L);
    assertThat(selected.rows().map(row -> row.booleanValue("foggy")))
        .containsExactly(false, null, false);
    assertThat(selected.column("wind_speed").missingCount()).isEqualTo(1);
    assertThat(selected.timestamps("observed_at").microsAt(0)).isEqualTo(1_000_000);
    assertThat(selected.column("observed_at").isMissing(1)).isTrue();
    assertThat(READINGS.select().rowCount()).isZero();
  }

  @Test
  void whatIsChosenOfItKeepsItsSource() {
    Dataset stated = READINGS.withSource("CSV a.csv");

    assertThat(READINGS.source()).isEmpty();
    assertThat(stated.digest()).isEqualTo(READINGS.digest());
    assertThat(stated.select(1).source()).isEqualTo("CSV a.csv");
    assertThat(stated.filter(row -> true).source()).isEqualTo("CSV a.csv");
    assertThat(stated.columns("origin").source()).isEqualTo("CSV a.csv");
    assertThat(Dataset.ofRecords(Reading.class, List.of(new Reading("JFK"))).source())
        .isEqualTo("records of " + Reading.class.getName());
  }

  record Reading(String origin) {}

  @Test
  void refusesARowThatIsNotThere() {
    assertThatThrownBy(() -> READINGS.select(0, 3)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> READINGS.row(-1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void filtersRows() {
    Dataset calm = READINGS.filter(row -> row.doubleValue("wind_speed") < 2);

    assertThat(calm.rowCount()).isEqualTo(1);
    assertThat(calm.digest()).isEqualTo(READINGS.select(0).digest());
  }

  @Test
  void keepsTheColumnsAskedForInThatOrder() {
    Dataset kept = READINGS.columns("gusts", "origin");

    assertThat(kept.schema().names()).containsExactly("gusts", "origin");
    assertThat(kept.schema().field("origin").required()).isTrue();
    assertThat(kept.row(2).longValue("gusts")).isEqualTo(3);
    assertThatThrownBy(() -> READINGS.columns("gusts", "gusts"))
        .isInstanceOf(SchemaException.class)
        .hasMessage("column \"gusts\" is declared twice");
  }

  @Test
  void saysWhichColumnsThereAreWhenOneIsUnknown() {
    assertThatThrownBy(() -> READINGS.column("wind"))
        .isInstanceOf(SchemaException.class)
        .hasMessage("no column \"wind\"; there are: origin, wind_speed, gusts, foggy, observed_at");
  }

  @Test
  void saysWhatAColumnIsWhenItIsReadAsAnotherType() {
    assertThatThrownBy(() -> READINGS.doubles("origin"))
        .isInstanceOf(SchemaException.class)
        .hasMessage("column \"origin\" was read as FLOAT64, but it is STRING");
    assertThatThrownBy(() -> READINGS.longs("wind_speed")).isInstanceOf(SchemaException.class);
    assertThatThrownBy(() -> READINGS.booleans("gusts")).isInstanceOf(SchemaException.class);
    assertThatThrownBy(() -> READINGS.strings("gusts")).isInstanceOf(SchemaException.class);
    assertThatThrownBy(() -> READINGS.timestamps("gusts")).isInstanceOf(SchemaException.class);
    assertThatThrownBy(() -> READINGS.row(0).instant("gusts"))
        .isInstanceOf(SchemaException.class)
        .hasMessage("column \"gusts\" was read as a Instant, but it is INT64");
    assertThatThrownBy(() -> READINGS.row(0).doubleValue("origin"))
        .isInstanceOf(SchemaException.class);
  }

  @Test
  void rowsReadIntegersAsNumbersAndMissingOnesAsNaN() {
    assertThat(READINGS.row(0).doubleValue("gusts")).isEqualTo(1.0);
    assertThat(READINGS.row(1).doubleValue("gusts")).isNaN();
    assertThat(READINGS.row(1).instant("observed_at")).isNull();
  }

  @Test
  void printsNoValues() {
    assertThat(READINGS).asString().startsWith("Dataset 3 rows (origin STRING required, ");
    assertThat(READINGS.row(0)).asString().doesNotContain("JFK");
  }
}
