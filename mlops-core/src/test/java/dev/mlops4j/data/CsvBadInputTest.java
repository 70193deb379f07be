package dev.mlops4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvBadInputTest {

  private static final Schema SCHEMA =
      Schema.builder()
          .required("origin", ColumnType.STRING)
          .optional("wind_speed", ColumnType.FLOAT64)
          .optional("gusts", ColumnType.INT64)
          .optional("foggy", ColumnType.BOOLEAN)
          .optional("observed_at", ColumnType.TIMESTAMP)
          .build();

  private static final String HEADER = "origin,wind_speed,gusts,foggy,observed_at\n";

  @TempDir private Path directory;

  @Test
  void namesEveryBadCellWithFileLineColumnAndValue() throws IOException {
    Path file =
        file(
            HEADER
                + "JFK,1.5,3,true,2013-01-01T06:00:00Z\n"
                + "JFK,fast,3.5,maybe,yesterday\n"
                + ",1,99999999999999999999,true,2013-01-01T06:00:00\n");

    assertThatExceptionOfType(CsvException.class)
        .isThrownBy(() -> Csv.options().schema(SCHEMA).read(file))
        .withMessage(
            file
                + """
                : 7 problems
                  line 3, column "wind_speed", value "fast": not a number
                  line 3, column "gusts", value "3.5": not a whole number
                  line 3, column "foggy", value "maybe": neither true nor false
                  line 3, column "observed_at", value "yesterday": not an ISO 8601 timestamp such \
                as 2013-01-01T10:15:00Z or 2013-01-01T05:15:00-05:00
                  line 4, column "origin": is empty, but the column is required
                  line 4, column "gusts", value "99999999999999999999": beyond the range of INT64
                  line 4, column "observed_at", value "2013-01-01T06:00:00": a timestamp without \
                a zone; write Z or an offset, or give the reader a zone""")
        .satisfies(
            e -> {
              assertThat(e.file()).isEqualTo(file);
              assertThat(e.problems()).hasSize(7);
              assertThat(e.problems().get(0).column()).isEqualTo("wind_speed");
              assertThat(e.problems().get(0).line()).isEqualTo(3);
            });
  }

  @Test
  void leavesOutTheValuesOfSensitiveColumns() throws IOException {
    Schema schema =
        Schema.builder().optional("income", ColumnType.INT64).sensitive("income").build();
    Path file = file("income\nsecret\n");

    assertThatThrownBy(() -> Csv.options().schema(schema).read(file))
        .isInstanceOf(CsvException.class)
        .hasMessage(file + ": 1 problem\n  line 2, column \"income\": not a whole number");
    assertThatThrownBy(
            () -> Csv.options().sensitive("born").read(file("born\n1970-01-01T00:00:00\n")))
        .isInstanceOf(CsvException.class)
        .hasMessageContaining("line 2, column \"born\": a timestamp without a zone")
        .hasMessageNotContaining("1970");
  }

  @Test
  void stopsAfterTheStatedNumberOfProblems() throws IOException {
    Path file = file("n\n" + "x\n".repeat(100));
    Schema schema = Schema.builder().optional("n", ColumnType.INT64).build();

    assertThatExceptionOfType(CsvException.class)
        .isThrownBy(() -> Csv.options().schema(schema).read(file))
        .withMessageContaining(": 20 problems, where reading stopped\n")
        .satisfies(e -> assertThat(e.problems()).hasSize(20));
    assertThatExceptionOfType(CsvException.class)
        .isThrownBy(() -> Csv.options().schema(schema).maxProblems(3).read(file))
        .satisfies(e -> assertThat(e.problems()).hasSize(3));
  }

  @Test
  void countsTheLinesWithinQuotedCells() throws IOException {
    Path file = file("a,n\n\"one\ntwo\r\nthree\",1\n\"x\ny\",bad\nz,worse\n");
    Schema schema =
        Schema.builder().optional("a", ColumnType.STRING).optional("n", ColumnType.INT64).build();

    assertThatExceptionOfType(CsvException.class)
        .isThrownBy(() -> Csv.options().schema(schema).read(file))
        .satisfies(
            e ->
                assertThat(e.problems())
                    .extracting(CsvProblem::line)
                    .as("the line on which the cell begins")
                    .containsExactly(6L, 7L));
  }

  @Test
  void refusesRowsOfAnotherNumberOfCells() throws IOException {
    Path file = file("a,b\n1\n1,2\n1,2,3\n");

    assertThatThrownBy(() -> Csv.read(file))
        .isInstanceOf(CsvException.class)
        .hasMessage(
            file
                + """
                : 2 problems
                  line 2: 1 cells where the header has 2
                  line 4: 3 cells where the header has 2""");
  }

  @Test
  void refusesAHeaderWithANameTwiceOrNone() throws IOException {
    assertThatThrownBy(() -> Csv.read(file("a,b,a,\n1,2,3,4\n")))
        .isInstanceOf(CsvException.class)
        .hasMessageContaining("line 1, column \"a\": is in the header twice")
        .hasMessageContaining("line 1: a column of the header has no name");
  }

  @Test
  void namesAllDeclaredColumnsThatTheHeaderLacks() throws IOException {
    Path file = file("origin,gusts\nJFK,1\n");

    assertThatThrownBy(() -> Csv.options().schema(SCHEMA).read(file))
        .isInstanceOf(CsvException.class)
        .hasMessage(
            file
                + ": the header lacks \"wind_speed\", \"foggy\", \"observed_at\"; it has"
                + " \"origin\", \"gusts\"");
  }

  @Test
  void refusesToMarkAColumnThatIsNotThere() throws IOException {
    assertThatThrownBy(() -> Csv.options().sensitive("name").read(file("a,b\n1,2\n")))
        .isInstanceOf(CsvException.class)
        .hasMessageEndingWith("column \"name\" was said to be sensitive; there are: a, b");
  }

  @Test
  void refusesAnEmptyFile() throws IOException {
    for (String text : new String[] {"", "\n", "\n\n", "\uFEFF"}) {
      assertThatThrownBy(() -> Csv.read(file(text)))
          .isInstanceOf(CsvException.class)
          .hasMessageEndingWith("is empty; the first line must be a header of column names");
    }
  }

  @Test
  void refusesAQuoteThatIsNeverClosedInsteadOfSwallowingTheRest() throws IOException {
    assertThatThrownBy(() -> Csv.read(file("a,b\n1,x\n2,\"y\n3,z\n4,w\n")))
        .isInstanceOf(CsvException.class)
        .hasMessageEndingWith(
            "the quoted cell that begins on line 3 is not closed before the file ends");
    assertThatThrownBy(() -> Csv.read(file("a,b\n\"1\r\n2\",\"y\n")))
        .isInstanceOf(CsvException.class)
        .hasMessageContaining("line 3 is not closed");
    assertThatThrownBy(() -> Csv.read(file("a\n\"")))
        .isInstanceOf(CsvException.class)
        .hasMessageContaining("line 2 is not closed");
  }

  @Test
  void refusesTextAfterAClosingQuote() throws IOException {
    assertThatThrownBy(() -> Csv.read(file("a,b\n1,x\n\"2\"secret,y\n")))
        .isInstanceOf(CsvException.class)
        .hasMessageContaining(
            "the quoted cell that begins on line 3 has text after its closing quote")
        .hasMessageNotContaining("secret")
        .hasNoCause();
    assertThatThrownBy(() -> Csv.read(file("a,b\n\"x\ny\",\"2\n\" ,z\n")))
        .isInstanceOf(CsvException.class)
        .hasMessageContaining("begins on line 3 has text after its closing quote");
  }

  @Test
  void refusesACellThatDoesNotEnd() throws IOException {
    assertThatThrownBy(() -> Csv.read(file("a\n\"" + "x\n".repeat(9_000_000))))
        .isInstanceOf(CsvException.class)
        .hasMessageEndingWith(
            "the cell that begins on line 2 cannot be taken apart; a quote may be missing if it is"
                + " longer than 16777216 characters");
  }

  @Test
  void refusesAnInferredTimeWithoutAZone() throws IOException {
    Path file = file("at\n2013-01-01T05:15:00Z\n2013-01-01T05:15:00\n");

    assertThatThrownBy(() -> Csv.read(file))
        .isInstanceOf(CsvException.class)
        .hasMessage(
            file
                + ": 1 problem\n  line 3, column \"at\", value \"2013-01-01T05:15:00\": a timestamp"
                + " without a zone; write Z or an offset, give the reader a zone, or declare a"
                + " schema with this column as STRING");
  }

  @Test
  void refusesTimesThatDaylightSavingSkipsOrShowsTwice() throws IOException {
    Path file = file("at\n2013-03-10T02:30:00\n2013-11-03T01:30:00\n2013-11-03T01:30:00-04:00\n");

    assertThatThrownBy(() -> Csv.options().zone(ZoneId.of("America/New_York")).read(file))
        .isInstanceOf(CsvException.class)
        .hasMessageContaining(": 2 problems")
        .hasMessageContaining("line 2, column \"at\", value \"2013-03-10T02:30:00\": the clocks of")
        .hasMessageContaining(
            "line 3, column \"at\", value \"2013-11-03T01:30:00\": the clocks of");
  }

  @Test
  void refusesAFileThatIsNotThere() {
    Path file = directory.resolve("nowhere.csv");

    assertThatThrownBy(() -> Csv.read(file))
        .isInstanceOf(CsvException.class)
        .hasMessage(file + ": there is no such file");
  }

  @Test
  void refusesADirectory() {
    assertThatThrownBy(() -> Csv.read(directory))
        .isInstanceOf(CsvException.class)
        .hasMessageStartingWith(directory + ": cannot be read: ");
  }

  @Test
  void refusesWhatIsNotUtf8() throws IOException {
    Path latin = directory.resolve("latin.csv");
    Files.write(latin, "a,b\nMünchen,1\n".getBytes(StandardCharsets.ISO_8859_1));

    assertThatThrownBy(() -> Csv.read(latin))
        .isInstanceOf(CsvException.class)
        .hasMessage(latin + ": is not UTF-8 text");
  }

  @Test
  void refusesATruncatedOrDamagedGzip() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(("a,b\n" + "1,2\n".repeat(10_000)).getBytes(StandardCharsets.UTF_8));
    }
    byte[] whole = bytes.toByteArray();
    byte[] damaged = whole.clone();
    damaged[damaged.length - 5] ^= 1;
    Path cut = Files.write(directory.resolve("cut.gz"), Arrays.copyOf(whole, whole.length / 2));
    Path bad = Files.write(directory.resolve("bad.gz"), damaged);

    assertThatThrownBy(() -> Csv.read(cut))
        .isInstanceOf(CsvException.class)
        .hasMessage(cut + ": is gzipped and ends early; it was not copied whole");
    assertThatThrownBy(() -> Csv.read(bad))
        .isInstanceOf(CsvException.class)
        .hasMessageStartingWith(bad + ": is gzipped and damaged: ");
  }

  @Test
  void shortensLongValuesAndShowsLineBreaks() {
    assertThat(new CsvProblem(3, "a", "x\ny\r" + "z".repeat(100), "wrong"))
        .hasToString("line 3, column \"a\", value \"x\\ny\\r" + "z".repeat(56) + "...\": wrong");
  }

  @Test
  void refusesSettingsThatMakeNoSense() {
    assertThatThrownBy(() -> Csv.options().maxProblems(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxProblems is at least 1, found 0");
    assertThatThrownBy(() -> Csv.options().separator('"'))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("separator is any character but a quote and a line break, found U+0022");
  }

  private Path file(String text) throws IOException {
    return Files.writeString(Files.createTempFile(directory, "file", ".csv"), text);
  }
}
