package dev.mlops4j.data;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.data.ColumnType.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns of arrays of floats: in datasets, CSV files and records. */
class ArrayColumnsTest {

  private static final Schema SCHEMA =
      Schema.builder().required("item", STRING).optional("embedding", floats(3)).build();

  record Item(String item, @Length(3) @Nullable Floats embedding) {}

  @SuppressWarnings("ArrayRecordComponent") // what users may have
  record Plain(String item, @Length(3) float[] embedding) {}

  @SuppressWarnings("ArrayRecordComponent")
  record Wrong(float[] embedding, @Length(0) Floats none, @Length(3) double[] doubles) {}

  @TempDir private Path directory;

  @Test
  void aDatasetHoldsThemAsTheyWereGiven() {
    float[] given = {1, Float.NaN, Float.NEGATIVE_INFINITY};
    Dataset rows =
        Dataset.builder(SCHEMA).add("a", given).add("b", null).add("c", Floats.of(4, 5, 6)).build();
    given[0] = 7;

    FloatsColumn column = rows.floats("embedding");
    assertThat(column.type()).isSameAs(floats(3));
    assertThat(column.get(0)).isEqualTo(Floats.of(1, Float.NaN, Float.NEGATIVE_INFINITY));
    assertThat(column.isMissing(1)).isTrue();
    assertThat(column.missingCount()).isEqualTo(1);
    assertThat(rows.row(2).floats("embedding")).isEqualTo(Floats.of(4, 5, 6));
    assertThat(rows.row(1).floats("embedding")).isNull();
    assertThat(rows.select(2, 1).floats("embedding").get(0)).isEqualTo(Floats.of(4, 5, 6));
    assertThat(rows.select(2, 1).floats("embedding").missingCount()).isEqualTo(1);
    assertThatThrownBy(() -> rows.floats("item"))
        .isInstanceOf(SchemaException.class)
        .hasMessage("column \"item\" was read as an array of floats, but it is STRING");
    assertThatThrownBy(() -> rows.row(0).floats("item"))
        .isInstanceOf(SchemaException.class)
        .hasMessage("column \"item\" was read as a Floats, but it is STRING");
    assertThatThrownBy(() -> rows.doubles("embedding"))
        .isInstanceOf(SchemaException.class)
        .hasMessage("column \"embedding\" was read as FLOAT64, but it is FLOATS(3)");
  }

  @Test
  void anArrayOfAnotherLengthOrTypeIsRefusedWithItsRow() {
    DatasetBuilder rows = Dataset.builder(SCHEMA).add("a", new float[3]);

    assertThatThrownBy(() -> rows.add("b", new float[2]))
        .isInstanceOf(SchemaException.class)
        .hasMessage("column \"embedding\" is FLOATS(3), row 1, counted from 0, has 2 elements");
    assertThatThrownBy(() -> rows.add("b", new double[3]))
        .isInstanceOf(SchemaException.class)
        .hasMessage("column \"embedding\" is FLOATS(3), a value given for it is double[]");
    assertThatThrownBy(() -> rows.setDouble(1, 1))
        .isInstanceOf(SchemaException.class)
        .hasMessage("column \"embedding\" is FLOATS(3), a value given for it is FLOAT64");
    assertThat(rows.rowCount()).isEqualTo(1);
  }

  /** The values and the digest were made by dataset_digest_floats.py, which stands beside them. */
  @Test
  void theDigestIsWhatPythonComputesFromTheDocumentedLayout() throws Exception {
    Path file = Path.of(getClass().getResource("digest-golden-floats.csv").toURI());
    Path digest = Path.of(getClass().getResource("digest-golden-floats.sha256").toURI());
    Schema schema =
        Schema.builder().optional("item", STRING).optional("embedding", floats(3)).build();

    Dataset rows = Csv.options().schema(schema).read(file);

    assertThat(rows.rowCount()).isEqualTo(4);
    assertThat(rows.digest().hex()).isEqualTo(Files.readString(digest).strip());
    assertThat(rows.row(3).floats("embedding"))
        .isEqualTo(Floats.of(Float.MIN_VALUE, 0.1f, Float.MAX_VALUE));
  }

  @Test
  void theDigestDiffersWithAnElementAndTheLength() {
    Dataset base = Dataset.builder(SCHEMA).add("a", new float[] {0, 1, 2}).build();
    Schema longer =
        Schema.builder().required("item", STRING).optional("embedding", floats(4)).build();

    assertThat(base.digest())
        .isEqualTo(Dataset.builder(SCHEMA).add("a", Floats.of(0, 1, 2)).build().digest())
        .isNotEqualTo(Dataset.builder(SCHEMA).add("a", Floats.of(-0.0f, 1, 2)).build().digest());
    assertThat(Dataset.builder(SCHEMA).build().digest())
        .isNotEqualTo(Dataset.builder(longer).build().digest());
  }

  @Test
  void aCellOfCsvIsNumbersInBracketsEachRoundedOnce() throws IOException {
    // The double nearest to the middle of two floats is the middle, which would be rounded to even.
    String above = "1.000000059604644775390626";
    Path file = csv("a,\"[1, -2e-3 ,NaN]\"", "b,", "c,\"[inf,-Infinity," + above + "]\"");

    Dataset rows = Csv.options().schema(SCHEMA).read(file);

    assertThat(rows.floats("embedding").get(0)).isEqualTo(Floats.of(1, -2e-3f, Float.NaN));
    assertThat(rows.floats("embedding").isMissing(1)).isTrue();
    assertThat(rows.floats("embedding").get(2))
        .isEqualTo(Floats.of(Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Math.nextUp(1.0f)));
    assertThat(Csv.read(file).schema().field("embedding").type()).isEqualTo(STRING);
  }

  @Test
  void badCellsOfCsvAreNamedWithWhatWasFoundAndExpected() throws IOException {
    Path file =
        csv(
            "a,\"[1,2]\"",
            "b,\"[1,,2]\"",
            "c,\"[1,null,3]\"",
            "d,\"1,2,3\"",
            "e,[]",
            "f,\"[1,2,3.5e38]\"",
            "g,\"[1,2,1e999]\"",
            "h,[");

    assertThatThrownBy(() -> Csv.options().schema(SCHEMA).read(file))
        .isInstanceOfSatisfying(
            CsvException.class,
            e ->
                assertThat(e.problems())
                    .extracting(CsvProblem::line, CsvProblem::column, CsvProblem::reason)
                    .containsExactly(
                        problem(2, "an array of 2 elements, the column is FLOATS(3)"),
                        problem(3, "an array whose element 1, from 0, is not a number"),
                        problem(4, "an array whose element 1, from 0, is not a number"),
                        problem(5, "not an array of numbers in brackets, such as [0.5,-1]"),
                        problem(6, "an array of 0 elements, the column is FLOATS(3)"),
                        problem(
                            7,
                            "an array whose element 2, from 0, is beyond the range of a 32-bit"
                                + " float"),
                        problem(
                            8, "an array whose element 2, from 0, is beyond the range of FLOAT64"),
                        problem(9, "not an array of numbers in brackets, such as [0.5,-1]")));
  }

  @Test
  void recordsHaveThemWithTheirLength() {
    RecordCodec<Item> codec = RecordCodec.of(Item.class);
    Item one = new Item("a", Floats.of(1, 2, 3));

    assertThat(codec.schema())
        .isEqualTo(
            Schema.builder().optional("item", STRING).optional("embedding", floats(3)).build());
    assertThat(
            Dataset.ofRecords(Item.class, List.of(one, new Item("b", null))).toRecords(Item.class))
        .containsExactly(one, new Item("b", null));
  }

  @Test
  void recordsMayHavePlainArrays() {
    float[] array = {1, 2, 3};
    Dataset rows = Dataset.ofRecords(Plain.class, List.of(new Plain("a", array)));
    array[0] = 7;

    Plain back = rows.toRecords(Plain.class).get(0);
    back.embedding()[1] = 7;

    assertThat(rows.floats("embedding").get(0)).isEqualTo(Floats.of(1, 2, 3));
    assertThat(rows.toRecords(Item.class)).containsExactly(new Item("a", Floats.of(1, 2, 3)));
  }

  @Test
  void recordsWithoutALengthOrOfAnotherAreRefused() {
    assertThatThrownBy(() -> RecordCodec.of(Wrong.class))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("embedding is float[] without @Length of 1 to 65536")
        .hasMessageContaining("none is dev.mlops4j.data.Floats without @Length of 1 to 65536")
        .hasMessageContaining("doubles is double[];");
    RecordCodec<Plain> codec = RecordCodec.of(Plain.class);
    assertThatThrownBy(() -> codec.values(new Plain("a", new float[2])))
        .isInstanceOf(SchemaException.class)
        .hasMessage(
            "column \"embedding\" of "
                + Plain.class.getName()
                + " is FLOATS(3), found an array of 2 elements");
    Schema longer =
        Schema.builder().required("item", STRING).optional("embedding", floats(4)).build();
    Dataset rows = Dataset.builder(longer).add("a", new float[4]).build();
    assertThatThrownBy(() -> codec.read(rows.row(0)))
        .isInstanceOf(SchemaException.class)
        .hasMessage(
            "column \"embedding\" is FLOATS(4), " + Plain.class.getName() + " needs FLOATS(3)");
  }

  @Test
  void typesOfOtherKindsHaveNoLength() {
    assertThat(FLOAT64.length()).isZero();
    assertThat(FLOAT64.kind()).isEqualTo(ColumnType.Kind.FLOAT64);
  }

  private static Tuple problem(long line, String reason) {
    return Tuple.tuple(line, "embedding", reason);
  }

  private Path csv(String... lines) throws IOException {
    return Files.writeString(
        directory.resolve("items.csv"), "item,embedding\n" + String.join("\n", lines) + "\n");
  }

  @Test
  void aNumberBeyondAFloatsRangeIsRefusedWhateverItsType() throws CellException {
    for (Object number :
        List.of(1e39, new BigDecimal("1e400"), BigInteger.TEN.pow(400), new BigDecimal("-1e39"))) {
      assertThatThrownBy(() -> CellFloats.of(new Object[] {number}, ColumnType.floats(1)))
          .as("%s", number)
          .isInstanceOf(CellException.class)
          .hasMessageContaining("is beyond the range of a 32-bit float");
    }
    assertThat(
            CellFloats.of(
                new Object[] {Double.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY},
                ColumnType.floats(2)))
        .isEqualTo(Floats.of(new float[] {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}));
  }
}
