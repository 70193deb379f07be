package dev.mlops4j.data;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.data.ColumnType.TIMESTAMP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvSourceTest {

  private static final Instant START = Instant.parse("2024-07-01T00:00:00Z");

  private static final Schema SCHEMA =
      Schema.builder()
          .required("origin", STRING)
          .optional("observed_at", TIMESTAMP)
          .optional("wind", FLOAT64)
          .build();

  @TempDir private Path directory;

  @Test
  void aPeriodBeginsWithItsFirstMicrosecondAndEndsBeforeItsLast() throws IOException {
    Path file =
        file(
            """
            origin,observed_at,wind
            A,2024-06-30T23:59:59.999999Z,1
            B,2024-07-01T00:00:00Z,2
            C,2024-07-01T00:00:00.000001Z,3
            E,2024-07-02T00:00:00Z,5
            """);
    CsvSource source = Csv.options().schema(SCHEMA).source("observed_at", file);

    assertThat(origins(source, START, START.plus(Duration.ofDays(1)))).containsExactly("B", "C");
    assertThat(origins(source, START.plusNanos(1), Instant.MAX)).containsExactly("C", "E");
    assertThat(origins(source, Instant.MIN, START.plusNanos(1))).containsExactly("A", "B");
    assertThat(origins(source, Instant.MIN, Instant.MAX)).containsExactly("A", "B", "C", "E");
    assertThat(origins(source, START, START)).isEmpty();
  }

  @Test
  void filesAreShownOneAfterTheOtherInBatches() {
    Path first = directory.resolve("first.csv.gz");
    Path second = directory.resolve("second.csv");
    Csv.write(hours(0, 60_000), first);
    Csv.write(hours(60_000, 120_000), second);
    CsvSource source = Csv.options().schema(SCHEMA).source("observed_at", first, second);

    List<Dataset> batches = batches(source, START.plus(Duration.ofHours(100)), Instant.MAX);

    assertThat(batches)
        .extracting(Dataset::rowCount)
        .containsExactly(50_000, 9_900, 50_000, 10_000);
    assertThat(batches.get(1).row(9_899).value(2)).isEqualTo(59_999.0);
    assertThat(batches.get(2).row(0).value(2)).isEqualTo(60_000.0);
  }

  @Test
  void theSettingsAreThoseOfTheReader() throws IOException {
    Path file = file("origin;observed_at;wind\nA;2024-07-01 00:00:00;NA\n");
    CsvOptions options =
        Csv.options().separator(';').nullText("NA").zone(ZoneId.of("UTC")).sensitive("wind");
    CsvSource source = options.source("observed_at", file);
    options.separator(',').zone(ZoneId.of("America/New_York"));

    Dataset batch = batches(source, START, Instant.MAX).get(0);

    assertThat(batch.row(0).value(1)).isEqualTo(START);
    assertThat(batch.row(0).value(2)).isNull();
    assertThat(batch.schema().sensitive()).containsExactly("wind");
  }

  @Test
  void aBadCellEndsTheReadWhereverItsRowLies() throws IOException {
    Path file =
        file(
            """
            origin,observed_at,wind
            A,2024-07-01T00:00:00Z,1
            B,2023-07-01T00:00:00Z,strong
            C,2024-07-01T00:00:00Z,3
            """);
    CsvSource source = Csv.options().schema(SCHEMA).source("observed_at", file);
    List<Dataset> shown = new ArrayList<>();

    assertThatThrownBy(() -> source.read(START, Instant.MAX, shown::add))
        .isInstanceOf(CsvException.class)
        .hasMessageContaining("line 3")
        .hasMessageContaining("strong");
    assertThat(shown).isEmpty();
  }

  @Test
  void aRowWithoutATimeIsAProblemInEveryPeriod() throws IOException {
    Path file =
        file(
            """
            origin,observed_at,wind
            A,2024-07-01T00:00:00Z,1
            B,,2
            """);
    CsvSource source = Csv.options().schema(SCHEMA).source("observed_at", file);
    List<Dataset> shown = new ArrayList<>();

    assertThatThrownBy(() -> source.read(START, Instant.MAX, shown::add))
        .isInstanceOf(CsvException.class)
        .hasMessageContaining(
            "line 3, column \"observed_at\": is empty, but says when the row is of");
    assertThatThrownBy(() -> source.read(Instant.MIN, START, shown::add))
        .isInstanceOf(CsvException.class);
    assertThat(shown).isEmpty();
  }

  @Test
  void theTimeIsAColumnOfTimestamps() throws IOException {
    Path file = file("origin,observed_at,wind\nA,2024-07-01T00:00:00Z,1\n");

    assertThatThrownBy(
            () ->
                Csv.options()
                    .schema(SCHEMA)
                    .source("wind", file)
                    .read(START, Instant.MAX, batch -> {}))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("\"wind\"")
        .hasMessageContaining("FLOAT64");
    assertThatThrownBy(
            () -> Csv.options().source("seen", file).read(START, Instant.MAX, batch -> {}))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("\"seen\"");
    assertThatThrownBy(() -> Csv.options().source("observed_at"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                Csv.options()
                    .schema(SCHEMA)
                    .source("observed_at", directory.resolve("none.csv"))
                    .read(START, Instant.MAX, batch -> {}))
        .isInstanceOf(CsvException.class)
        .hasMessageContaining("no such file");
  }

  @Test
  void whatTheReaderThrowsComesBackUnchanged() {
    Path file = directory.resolve("long.csv");
    Csv.write(hours(0, 60_000), file);
    CsvSource source = Csv.options().schema(SCHEMA).source("observed_at", file);
    for (RuntimeException thrown :
        List.of(
            new IllegalStateException("enough"),
            new UncheckedIOException(new IOException("the other disk is full")))) {

      assertThatThrownBy(
              () ->
                  source.read(
                      START,
                      Instant.MAX,
                      batch -> {
                        throw thrown;
                      }))
          .isSameAs(thrown);
    }
  }

  private static Dataset hours(int from, int to) {
    DatasetBuilder rows = Dataset.builder(SCHEMA);
    for (int i = from; i < to; i++) {
      rows.add("JFK", START.plus(Duration.ofHours(i)), (double) i);
    }
    return rows.build();
  }

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("rows.csv"), text);
  }

  private static List<Dataset> batches(CsvSource source, Instant from, Instant to) {
    List<Dataset> batches = new ArrayList<>();
    source.read(from, to, batches::add);
    return batches;
  }

  private static List<Object> origins(CsvSource source, Instant from, Instant to) {
    return batches(source, from, to).stream()
        .flatMap(Dataset::rows)
        .map(row -> row.value(0))
        .toList();
  }
}
