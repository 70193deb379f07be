package dev.mlops4j.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvReadTest {

  private static final Schema SCHEMA =
      Schema.builder()
          .required("origin", ColumnType.STRING)
          .optional("wind_speed", ColumnType.FLOAT64)
          .optional("gusts", ColumnType.INT64)
          .optional("foggy", ColumnType.BOOLEAN)
          .optional("observed_at", ColumnType.TIMESTAMP)
          .build();

  private static final String TEXT =
      """
      observed_at,ignored,gusts,origin,wind_speed,foggy
      2013-01-01T06:00:00Z,x,3,JFK,10.5,true
      2013-01-01T02:00:00-05:00,,,LGA,,FALSE
      ,,,EWR,NaN,
      """;

  @TempDir private Path directory;

  @Test
  void findsDeclaredColumnsByNameAndIgnoresOthers() throws IOException {
    Path file = file(TEXT);
    Dataset dataset = Csv.options().schema(SCHEMA).read(file);

    assertThat(dataset.source()).isEqualTo("CSV " + file.toAbsolutePath());
    assertThat(dataset.digest()).isEqualTo(expected().digest());
    assertThat(dataset.schema()).isEqualTo(SCHEMA);
  }

  @Test
  void recognisesGzipByTheContentWhateverTheName() throws IOException {
    Path packed = directory.resolve("packed.csv");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write(TEXT.getBytes(StandardCharsets.UTF_8));
    }
    Path plain = Files.writeString(directory.resolve("plain.csv.gz"), TEXT);

    assertThat(Csv.options().schema(SCHEMA).read(packed).digest()).isEqualTo(expected().digest());
    assertThat(Csv.options().schema(SCHEMA).read(plain).digest()).isEqualTo(expected().digest());
  }

  @Test
  void skipsAByteOrderMark() throws IOException {
    Dataset dataset = Csv.options().schema(SCHEMA).read(file("\uFEFF" + TEXT));

    assertThat(dataset.digest()).isEqualTo(expected().digest());
  }

  @Test
  void takesAnyLineEndAndAFileWithoutALastOne() throws IOException {
    Path windows = file(TEXT.replace("\n", "\r\n"));
    Path old = file(TEXT.replace("\n", "\r"));
    Path open = file(TEXT.stripTrailing());
    Path spaced = file(TEXT.replace("\n", "\n\n"));

    for (Path file : new Path[] {windows, old, open, spaced}) {
      assertThat(Csv.options().schema(SCHEMA).read(file).digest()).isEqualTo(expected().digest());
    }
  }

  @Test
  void takesLineBreaksQuotesAndSeparatorsInQuotedCells() throws IOException {
    Dataset dataset = Csv.read(file("a,b\n\"x\n\"\"y\"\", z\",\"1\"\n\"\",2\n,3\n"));

    assertThat(dataset.strings("a").get(0)).isEqualTo("x\n\"y\", z");
    assertThat(dataset.strings("a").get(1)).as("an empty text").isEmpty();
    assertThat(dataset.strings("a").get(2)).as("missing").isNull();
    assertThat(dataset.longs("b").longAt(0)).isEqualTo(1);
  }

  @Test
  void losesNoRowAfterACarriageReturnAtTheEndOfAQuotedCell() throws IOException {
    Dataset dataset = Csv.read(file("a,b\n1,\"x\r\"\n2,y\n\"3\",\"\r\"\r\n4,z"));

    assertThat(dataset.rows().map(row -> row.longValue("a"))).containsExactly(1L, 2L, 3L, 4L);
    assertThat(dataset.rows().map(row -> row.text("b"))).containsExactly("x\r", "y", "\r", "z");
  }

  @Test
  void takesAQuoteWithinACellThatDoesNotBeginWithOneAsText() throws IOException {
    Dataset dataset = Csv.read(file("a,b\nx\"y,5\"\n"));

    assertThat(dataset.strings("a").get(0)).isEqualTo("x\"y");
    assertThat(dataset.strings("b").get(0)).isEqualTo("5\"");
  }

  @Test
  void takesAQuotedHeaderAfterAByteOrderMark() throws IOException {
    Dataset dataset = Csv.read(file("\uFEFF\"a,b\"\n1\n"));

    assertThat(dataset.schema().names()).containsExactly("a,b");
  }

  @Test
  void readsAQuotedCellLongerThanTheParsersBuffer() throws IOException {
    String text = "x\r\"\"".repeat(100_000);

    Dataset dataset = Csv.read(file("a,b\n1,\"" + text + "\"\n2,y\n"));

    assertThat(dataset.strings("b").get(0)).isEqualTo(text.replace("\"\"", "\""));
    assertThat(dataset.rowCount()).isEqualTo(2);
  }

  @Test
  void takesANullTextForMissingUnlessItIsQuotedText() throws IOException {
    Dataset dataset = Csv.options().nullText("NA").read(file("a,b\nNA,NA\n\"NA\",\"NA\"\nx,1\n"));

    assertThat(dataset.strings("a").get(0)).isNull();
    assertThat(dataset.strings("a").get(1)).isEqualTo("NA");
    assertThat(dataset.schema().field("b").type()).isEqualTo(ColumnType.INT64);
    assertThat(dataset.column("b").missingCount()).isEqualTo(2);
  }

  @Test
  void takesAnotherSeparator() throws IOException {
    Dataset dataset = Csv.options().separator(';').read(file("a;b\n1,5;2\n"));

    assertThat(dataset.strings("a").get(0)).isEqualTo("1,5");
    assertThat(dataset.longs("b").longAt(0)).isEqualTo(2);
  }

  @Test
  void takesTheZoneForTimesThatNameNone() throws IOException {
    Dataset dataset =
        Csv.options()
            .zone(ZoneId.of("America/New_York"))
            .read(file("at\n2013-01-01 05:15\n2013-07-01T05:15:00\n2013-01-01T05:15:00Z\n"));

    assertThat(dataset.rows().map(row -> row.instant("at")))
        .containsExactly(
            Instant.parse("2013-01-01T10:15:00Z"),
            Instant.parse("2013-07-01T09:15:00Z"),
            Instant.parse("2013-01-01T05:15:00Z"));
  }

  @Test
  void takesAnEmptyLineOfASingleColumnForAMissingValue() throws IOException {
    Dataset dataset = Csv.read(file("a\n1\n\n3\n"));

    assertThat(dataset.rows().map(row -> row.longValue("a"))).containsExactly(1L, null, 3L);
  }

  @Test
  void readsAFileThatIsOnlyAHeader() throws IOException {
    for (String text : new String[] {"a,b", "a,b\n", "a,b\r\n"}) {
      Dataset dataset = Csv.read(file(text));

      assertThat(dataset.rowCount()).isZero();
      assertThat(dataset.schema().names()).containsExactly("a", "b");
    }
  }

  @Test
  void infersTheNarrowestTypeThatHoldsAllValues() throws IOException {
    Dataset dataset =
        Csv.read(
            file(
                """
                int,float,mixed,truth,time,text,empty,date,zip,big,phone,late
                1,1.5,1,true,2013-01-01T06:00:00Z,a,,2013-01-01,00501,9223372036854775808,+49,1
                -2,NaN,,False,2013-01-01T06:00:00+01:00,1,,2013-01-02,10001,1,+1,2
                ,-1e3,2.5,,,,,,,,,x
                """));

    assertThat(dataset.schema().fields().stream().map(Field::type))
        .containsExactly(
            ColumnType.INT64,
            ColumnType.FLOAT64,
            ColumnType.FLOAT64,
            ColumnType.BOOLEAN,
            ColumnType.TIMESTAMP,
            ColumnType.STRING,
            ColumnType.STRING,
            ColumnType.STRING,
            ColumnType.STRING,
            ColumnType.STRING,
            ColumnType.STRING,
            ColumnType.STRING);
    assertThat(dataset.schema().fields()).noneMatch(Field::required);
    assertThat(dataset.strings("zip").get(0)).isEqualTo("00501");
    assertThat(dataset.strings("big").get(0)).isEqualTo("9223372036854775808");
  }

  @Test
  void marksInferredColumnsAsSensitive() throws IOException {
    Dataset dataset = Csv.options().sensitive("a").read(file("a,b\n1,2\n"));

    assertThat(dataset.schema().sensitive()).containsExactly("a");
  }

  @Test
  void readsAFileLongerThanAnyBuffer() throws IOException {
    StringBuilder text = new StringBuilder("n,square,name\n");
    for (long i = 0; i < 50_000; i++) {
      text.append(i).append(',').append(i * i).append(",\"name ").append(i % 100).append("\"\n");
    }

    Dataset dataset = Csv.read(file(text.toString()));

    assertThat(dataset.rowCount()).isEqualTo(50_000);
    for (int i = 0; i < 50_000; i++) {
      assertThat(dataset.longs("square").longAt(i)).isEqualTo((long) i * i);
      assertThat(dataset.strings("name").get(i)).isEqualTo("name " + i % 100);
    }
  }

  private static Dataset expected() {
    return Dataset.builder(SCHEMA)
        .add("JFK", 10.5, 3, true, Instant.parse("2013-01-01T06:00:00Z"))
        .add("LGA", null, null, false, Instant.parse("2013-01-01T07:00:00Z"))
        .add("EWR", Double.NaN, null, null, null)
        .build();
  }

  private Path file(String text) throws IOException {
    return Files.writeString(Files.createTempFile(directory, "file", ".csv"), text);
  }
}
