package dev.mlops4j.duckdb;

import static dev.mlops4j.data.ColumnType.BOOLEAN;
import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.INT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.data.ColumnType.TIMESTAMP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.RowSource;
import dev.mlops4j.data.RowSourceException;
import dev.mlops4j.data.Schema;
import dev.mlops4j.data.SchemaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParquetTest {

  private static final Schema SCHEMA =
      Schema.builder()
          .optional("number", FLOAT64)
          .optional("count", INT64)
          .optional("truth", BOOLEAN)
          .optional("text \"of\" 'many; --\nlines", STRING)
          .optional("observed_at", TIMESTAMP)
          .build();

  private static final Instant START = Instant.parse("2013-01-01T00:00:00Z");

  @TempDir Path directory;

  @Test
  void whatIsWrittenIsReadBack() {
    Dataset rows =
        Dataset.builder(SCHEMA)
            .add(Double.NaN, Long.MIN_VALUE, true, "a\0b", Instant.parse("0001-01-01T00:00:00Z"))
            .add(null, null, null, null, null)
            .add(-0.0, Long.MAX_VALUE, false, "", Instant.parse("1969-12-31T23:59:59.999999Z"))
            .add(Double.NEGATIVE_INFINITY, 0L, null, "ü🙂\r\n\t'\"\\", Instant.EPOCH)
            .add(Double.MIN_VALUE, 1L, true, "null", Instant.parse("+100000-01-01T00:00:00Z"))
            .build();
    Path file = directory.resolve("rows.parquet");

    Parquet.write(rows, file);

    assertThat(Parquet.read(file).schema()).isEqualTo(SCHEMA);
    assertThat(Parquet.read(file).digest()).isEqualTo(rows.digest());
    assertThat(Parquet.read(file).source()).isEqualTo("Parquet " + file);
    assertThat(Parquet.read(file).doubles("number").isMissing(0)).isFalse();
    assertThat(Parquet.options().schema(SCHEMA).read(file).digest()).isEqualTo(rows.digest());
    assertThat(directory)
        .isDirectoryContaining("glob:**rows.parquet")
        .isDirectoryNotContaining("glob:**.parquet?*");
  }

  @Test
  void manyRowsOfFewAndOfManyTextsComeInTheirOrder() {
    Schema schema =
        Schema.builder()
            .optional("few", STRING)
            .optional("many", STRING)
            .optional("none", STRING)
            .required("i", INT64)
            .build();
    Random random = new Random(7);
    DatasetBuilder builder = Dataset.builder(schema);
    for (int i = 0; i < 300_000; i++) {
      builder.add(
          random.nextInt(10) == 0 ? null : "carrier " + random.nextInt(20),
          "flight " + i,
          null,
          (long) i);
    }
    Dataset rows = builder.build();
    Path file = directory.resolve("rows.parquet");

    Parquet.write(rows, file);

    assertThat(Parquet.read(file).digest()).isEqualTo(rows.digest());
  }

  @Test
  void noRowsAreRowsToo() {
    Path file = directory.resolve("rows.parquet");

    Parquet.write(Dataset.builder(SCHEMA).build(), file);

    assertThat(Parquet.read(file).rowCount()).isZero();
    assertThat(Parquet.read(file).schema()).isEqualTo(SCHEMA);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain",
        "a*b",
        "a[x]b",
        "ü?x",
        "q'uo\"te; DROP",
        "sp ace",
        "back\\slash",
        "per%20cent",
        "{a,b}",
        "year=2024",
        "c**d",
        "]",
        "[",
        "日本",
        ":from ?1 $1"
      })
  void anyNameOfAFileIsItsName(String name) throws IOException {
    Path file = Files.createDirectories(directory.resolve(name)).resolve(name + ".parquet");
    Schema schema = Schema.builder().required("name", STRING).build();
    for (String other : List.of("axb", "a*b", "cxxd", "üyx")) {
      Path like = Files.createDirectories(directory.resolve(other)).resolve(other + ".parquet");
      Parquet.write(Dataset.builder(schema).add("other").build(), like);
    }

    Parquet.write(Dataset.builder(schema).add(name).build(), file);

    assertThat(Parquet.read(file).rows().map(row -> row.value(0))).containsExactly(name);
    assertThat(Parquet.read(file, file).rowCount()).isEqualTo(2);
  }

  @Test
  void aFileThatCannotBeWrittenLeavesWhatWasThere() throws IOException {
    Path file = directory.resolve("rows.parquet");
    Schema schema = Schema.builder().optional("at", TIMESTAMP).build();
    Parquet.write(Dataset.builder(schema).add(START).build(), file);
    Dataset infinite = Dataset.builder(schema).setMicros(0, Long.MAX_VALUE).endRow().build();

    assertThatThrownBy(() -> Parquet.write(infinite, file))
        .isInstanceOf(ParquetWriteException.class)
        .hasMessageContaining("\"at\"");
    try (ParquetWriter writer = Parquet.writer(schema, file)) {
      writer.write(Dataset.builder(schema).build());
    }

    assertThat(Parquet.read(file).row(0).value(0)).isEqualTo(START);
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
    assertThatThrownBy(
            () -> Parquet.write(infinite, directory.resolve("missing").resolve("x.parquet")))
        .isInstanceOf(ParquetWriteException.class);
  }

  @Test
  void columnsThatParquetCannotHoldAreRefused() {
    Path file = directory.resolve("rows.parquet");
    Schema alike = Schema.builder().optional("a", INT64).optional("A", INT64).build();

    assertThatThrownBy(() -> Parquet.write(Dataset.builder(alike).build(), file))
        .isInstanceOf(ParquetWriteException.class)
        .hasMessageContaining("differs from another only in case");
    assertThatThrownBy(() -> Parquet.write(Dataset.builder(Schema.builder().build()).build(), file))
        .isInstanceOf(ParquetWriteException.class)
        .hasMessageContaining("at least one column");
  }

  @Test
  void batchesAreWrittenInBoundedMemory() {
    Path file = directory.resolve("rows.parquet");
    Schema schema = Schema.builder().required("i", INT64).required("text", STRING).build();
    long rows = 0;
    try (ParquetWriter writer =
        Parquet.writer(
            schema, file, DuckDbLimits.defaults().withMemoryBytes(64L << 20).withThreads(1))) {
      for (int batch = 0; batch < 20; batch++) {
        DatasetBuilder builder = Dataset.builder(schema);
        for (int i = 0; i < 50_000; i++) {
          builder.add(rows++, "a text of some length, the same no other row has: " + rows);
        }
        writer.write(builder.build());
      }
      writer.finish();
      assertThatThrownBy(writer::finish).isInstanceOf(IllegalStateException.class);
    }

    Dataset read =
        Parquet.options().schema(Schema.builder().required("i", INT64).build()).read(file);

    assertThat(read.rowCount()).isEqualTo(1_000_000);
    assertThat(read.longs("i").longAt(999_999)).isEqualTo(999_999);
  }

  @Test
  void aBatchOfOtherColumnsIsRefused() {
    Schema other = Schema.builder().required("x", INT64).build();
    try (ParquetWriter writer = Parquet.writer(SCHEMA, directory.resolve("x.parquet"))) {
      assertThatThrownBy(() -> writer.write(Dataset.builder(other).add(1L).build()))
          .isInstanceOf(SchemaException.class);
    }
  }

  @Test
  void aSourceShowsTheRowsOfAPeriodInBatches() {
    Path early = directory.resolve("a 1.parquet");
    Path late = directory.resolve("a 2.parquet");
    Parquet.write(hours(0, 100), early);
    Parquet.write(hours(100, 200), late);
    RowSource source =
        Parquet.source(directory.resolve("a*.parquet").toString())
            .time("observed_at")
            .batchRows(7)
            .build();

    List<Dataset> batches =
        batches(
            source,
            START.plus(Duration.ofHours(90)).plusNanos(1),
            START.plus(Duration.ofHours(110)));

    assertThat(batches).extracting(Dataset::rowCount).containsExactly(7, 7, 5);
    assertThat(batches.stream().flatMap(Dataset::rows).map(row -> row.value(1)))
        .containsExactlyInAnyOrderElementsOf(Stream.iterate(91L, i -> i + 1).limit(19).toList());
    assertThat(batches(source, Instant.MIN, Instant.MAX).stream().mapToInt(Dataset::rowCount).sum())
        .isEqualTo(200);
    assertThat(batches(source, START, START)).isEmpty();
    assertThat(batches(Parquet.source(early, late).time("observed_at").build(), START, Instant.MAX))
        .extracting(Dataset::rowCount)
        .containsExactly(200);
  }

  @Test
  void whatTheReaderThrowsComesBackUnchanged() {
    Path file = directory.resolve("a.parquet");
    Parquet.write(hours(0, 10), file);
    IllegalStateException thrown = new IllegalStateException("enough");

    assertThatThrownBy(
            () ->
                Parquet.source(file)
                    .time("observed_at")
                    .build()
                    .read(
                        START,
                        Instant.MAX,
                        batch -> {
                          throw thrown;
                        }))
        .isSameAs(thrown);
  }

  @Test
  void timesWithoutAZoneNeedOne() throws SQLException {
    Path file =
        copy(
            "SELECT TIMESTAMP '2013-07-01 10:15:00.123456' AS t, DATE '2013-01-01' AS d,"
                + " TIMESTAMP_NS '2013-07-01 10:15:00.123456789' AS n");

    assertThatThrownBy(() -> Parquet.read(file))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("column \"t\" is to be TIMESTAMP, found TIMESTAMP;")
        .hasMessageContaining("column \"d\" is to be TIMESTAMP, found DATE;")
        .hasMessageContaining("zone(...)");
    Dataset rows = Parquet.options().zone(ZoneId.of("America/New_York")).read(file);
    assertThat(rows.row(0).value(0)).isEqualTo(Instant.parse("2013-07-01T14:15:00.123456Z"));
    assertThat(rows.row(0).value(1)).isEqualTo(Instant.parse("2013-01-01T05:00:00Z"));
    assertThat(rows.row(0).value(2)).isEqualTo(Instant.parse("2013-07-01T14:15:00.123456Z"));
    RowSource source = Parquet.source(file).time("t").zone(ZoneId.of("America/New_York")).build();
    assertThat(batches(source, Instant.parse("2013-07-01T14:15:00.123456Z"), Instant.MAX))
        .hasSize(1);
    assertThat(batches(source, Instant.MIN, Instant.parse("2013-07-01T14:15:00.123456Z")))
        .isEmpty();
  }

  @Test
  void nanosecondsAreCutOffInEveryPeriod() throws SQLException {
    Path file =
        copy(
            "SELECT CAST(TIMESTAMP_NS '2013-07-01 10:15:00.123456789' AS TIMESTAMPTZ_NS) AS t"
                + " UNION ALL SELECT CAST(TIMESTAMP_NS '1960-07-01 10:15:00.123456789' AS"
                + " TIMESTAMPTZ_NS)");
    RowSource source = Parquet.source(file).time("t").build();

    assertThat(Parquet.read(file).rows().map(row -> row.value(0)))
        .containsExactlyInAnyOrder(
            Instant.parse("2013-07-01T10:15:00.123456Z"),
            Instant.parse("1960-07-01T10:15:00.123456Z"));
    assertThat(
            batches(
                source,
                Instant.parse("1960-07-01T10:15:00.123456Z"),
                Instant.parse("1960-07-01T10:15:00.123457Z")))
        .extracting(Dataset::rowCount)
        .containsExactly(1);
    assertThat(
            batches(
                source,
                Instant.parse("1000-01-01T00:00:00Z"),
                Instant.parse("2500-01-01T00:00:00Z")))
        .extracting(Dataset::rowCount)
        .containsExactly(2);
  }

  @Test
  void aTimeThatClocksSkipOrShowTwiceIsAnError() throws SQLException {
    Path file = copy("SELECT TIMESTAMP '2013-11-03 01:30:00' AS t");

    assertThatThrownBy(() -> Parquet.options().zone(ZoneId.of("America/New_York")).read(file))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("2013-11-03T01:30, which the clocks of America/New_York show twice");
  }

  @Test
  void anInfiniteTimeIsNotMissing() throws SQLException {
    Path file = copy("SELECT TIMESTAMPTZ 'infinity' AS t");

    assertThatThrownBy(() -> Parquet.read(file))
        .isInstanceOf(RowSourceException.class)
        .hasMessageContaining("column \"t\" has an infinite time");
  }

  @Test
  void otherTypesAreWidenedOrRefused() throws SQLException {
    Path file =
        copy(
            "SELECT 1::TINYINT a, 2::UINTEGER b, 3.25::FLOAT c, 4.125::DECIMAL(9,3) d,"
                + " uuid_nil() e, 5::UBIGINT f, 7::DECIMAL(9,0) g"
                    .replace("uuid_nil()", "'00000000-0000-0000-0000-000000000001'::UUID"));

    assertThat(Parquet.read(file).schema())
        .hasToString("(a INT64, b INT64, c FLOAT64, d FLOAT64, e STRING, f INT64, g FLOAT64)");
    assertThat(
            Parquet.read(file)
                .rows()
                .flatMap(
                    row ->
                        Stream.of(
                            row.value(0), row.value(2), row.value(3), row.value(4), row.value(5))))
        .containsExactly(1L, 3.25, 4.125, "00000000-0000-0000-0000-000000000001", 5L);
    Schema declared =
        Schema.builder()
            .required("g", INT64)
            .required("a", FLOAT64)
            .required("c", INT64)
            .required("e", BOOLEAN)
            .required("z", STRING)
            .build();
    assertThatThrownBy(() -> Parquet.options().schema(declared).read(file))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("column \"c\" is to be INT64, found FLOAT")
        .hasMessageContaining("column \"e\" is to be BOOLEAN, found UUID")
        .hasMessageContaining("column \"z\" is missing")
        .hasMessageNotContaining("column \"g\"");
    assertThatThrownBy(() -> Parquet.read(copy("SELECT [1] AS l, {'a': 1} AS s, 'x'::BLOB AS b")))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("column \"l\" is INTEGER[]")
        .hasMessageContaining("column \"s\" is STRUCT")
        .hasMessageContaining("column \"b\" is BLOB");
    assertThatThrownBy(() -> Parquet.read(copy("SELECT 18446744073709551615::UBIGINT AS u")))
        .isInstanceOf(RowSourceException.class)
        .hasMessageContaining("out of range");
  }

  @Test
  void columnsThatDifferBetweenFilesAreRefused() throws SQLException {
    Path whole = copy("SELECT 1 AS x");
    Path parts = copy("SELECT 1.5::DOUBLE AS x");
    Path more = copy("SELECT 1 AS x, 2 AS y");

    assertThatThrownBy(() -> Parquet.read(whole, parts))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("column \"x\" is in 2 of 2 files, with 2 types");
    assertThatThrownBy(() -> Parquet.read(whole, more))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("column \"y\" is in 1 of 2 files");
    assertThat(
            Parquet.options()
                .schema(Schema.builder().required("x", INT64).build())
                .read(whole, more)
                .rowCount())
        .isEqualTo(2);
  }

  @Test
  void aRequiredValueThatIsMissingIsNamed() throws SQLException {
    Path file = copy("SELECT CASE WHEN i < 5000 THEN i END AS x FROM range(6000) t(i)");

    assertThatThrownBy(
            () ->
                Parquet.options().schema(Schema.builder().required("x", INT64).build()).read(file))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("row 5000 read from")
        .hasMessageContaining("column \"x\"");
  }

  @Test
  void aReadThatFailsHalfWayIsNeverTakenForAWholeOne() throws SQLException {
    for (int bad = 100_000; bad < 1_000_000; bad += 100_000) {
      Path file =
          copy(
              "SELECT i, CASE WHEN i = "
                  + bad
                  + " THEN 18446744073709551615 ELSE i END::UBIGINT AS x FROM range(1000000) t(i)");
      List<Dataset> shown = new ArrayList<>();

      assertThatThrownBy(() -> shown.add(Parquet.read(file)))
          .isInstanceOf(RowSourceException.class)
          .hasMessageContaining("out of range");
      assertThat(shown).isEmpty();
    }
  }

  @Test
  void whatIsNoParquetFileIsSaidSo() throws IOException {
    Path text = Files.writeString(directory.resolve("x.parquet"), "a,b\n1,2\n");
    Path whole = directory.resolve("whole.parquet");
    Parquet.write(hours(0, 5000), whole);
    byte[] bytes = Files.readAllBytes(whole);
    for (int i = 4; i < bytes.length / 2; i++) {
      bytes[i] = (byte) 0xff;
    }
    Path broken = Files.write(directory.resolve("broken.parquet"), bytes);

    assertThatThrownBy(() -> Parquet.read(text))
        .isInstanceOf(RowSourceException.class)
        .hasMessageContaining("x.parquet: cannot be read");
    assertThatThrownBy(() -> Parquet.read(broken)).isInstanceOf(RowSourceException.class);
    assertThatThrownBy(() -> Parquet.read(directory.resolve("none.parquet")))
        .isInstanceOf(RowSourceException.class)
        .hasMessageContaining("none.parquet");
    assertThatThrownBy(Parquet::read).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void sensitiveColumnsAreMarked() throws SQLException {
    Path file = copy("SELECT 1 AS x, 2 AS y");

    assertThat(Parquet.options().sensitive("y").read(file).schema().sensitive())
        .containsExactly("y");
    assertThatThrownBy(() -> Parquet.options().sensitive("z").read(file))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("\"z\"");
  }

  @Test
  void whatCannotBeReadOfASensitiveColumnIsNotShown() throws SQLException {
    Path wide = copy("SELECT 18446744073709551615::UBIGINT AS x, 2 AS y");
    Path decimal = copy("SELECT 98765432109876543210::DECIMAL(20, 0) AS x");
    Schema declared = Schema.builder().required("x", INT64).build();

    assertThatThrownBy(() -> Parquet.options().sensitive("x").read(wide))
        .isInstanceOf(RowSourceException.class)
        .hasNoCause()
        .hasMessageContaining("may show what is sensitive")
        .hasMessageNotContaining("18446744073709551615");
    assertThatThrownBy(() -> Parquet.options().schema(declared).sensitive("x").read(decimal))
        .isInstanceOf(RowSourceException.class)
        .hasNoCause()
        .hasMessageNotContaining("9876543210");
  }

  @Test
  void whatIsWrongIsSaidBesideASensitiveColumnWhereItShowsNoValue() throws SQLException {
    Path infinite = copy("SELECT TIMESTAMPTZ 'infinity' AS t, 'secret' AS x");

    assertThatThrownBy(() -> Parquet.options().sensitive("x").read(infinite))
        .isInstanceOf(RowSourceException.class)
        .hasMessageContaining("column \"t\" has an infinite time")
        .hasMessageNotContaining("secret");
    assertThatThrownBy(
            () -> Parquet.options().sensitive("x").read(directory.resolve("none.parquet")))
        .isInstanceOf(RowSourceException.class)
        .hasMessageContaining("No files found");
  }

  @Test
  void theTimeOfASourceIsATimestamp() throws SQLException {
    Path file = copy("SELECT 1 AS x");

    assertThatThrownBy(() -> Parquet.source(file).build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("time(...)");
    assertThatThrownBy(
            () -> batches(Parquet.source(file).time("x").build(), Instant.MIN, Instant.MAX))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("\"x\"");
  }

  private Path copy(String select) throws SQLException {
    Path file = directory.resolve("copy-" + System.nanoTime() + ".parquet");
    try (DuckDbDataSource duckDb = DuckDb.dataSource();
        Connection connection = duckDb.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("COPY (" + select + ") TO " + DuckDb.literal(file.toString()));
    }
    return file;
  }

  private static Dataset hours(int from, int to) {
    DatasetBuilder builder = Dataset.builder(SCHEMA);
    for (int i = from; i < to; i++) {
      builder.add(i / 2.0, (long) i, i % 2 == 0, "hour " + i % 24, START.plus(Duration.ofHours(i)));
    }
    return builder.build();
  }

  private static List<Dataset> batches(RowSource source, Instant from, Instant to) {
    List<Dataset> batches = new ArrayList<>();
    source.read(from, to, batches::add);
    return batches;
  }
}
