package dev.mlops4j.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class DatasetDigestTest {

  private static final Schema GOLDEN =
      Schema.builder()
          .optional("wind_speed", ColumnType.FLOAT64)
          .optional("flight", ColumnType.INT64)
          .optional("late", ColumnType.BOOLEAN)
          .optional("Ziel 日", ColumnType.STRING)
          .optional("observed_at", ColumnType.TIMESTAMP)
          .build();

  private static final Schema NUMBERS = Schema.builder().optional("x", ColumnType.FLOAT64).build();
  private static final Schema WORDS =
      Schema.builder().optional("a", ColumnType.STRING).optional("b", ColumnType.STRING).build();

  /** The values and the digests were made by dataset_digest.py, which stands beside them. */
  @Test
  void isWhatPythonComputesFromTheDocumentedLayout() throws Exception {
    List<String> digests = Files.readAllLines(resource("digest-golden.sha256"));

    Dataset dataset = Csv.options().schema(GOLDEN).read(resource("digest-golden.csv"));

    assertThat(dataset.rowCount()).isEqualTo(7);
    assertThat(dataset.digest().hex()).isEqualTo(digests.get(0));
    assertThat(Dataset.builder(GOLDEN).build().digest().hex()).isEqualTo(digests.get(1));
  }

  @Test
  void differsWhenAValueANameATypeOrTheOrderDiffers() {
    Dataset base = numbers(1.0, 2.0, null);

    assertThat(base.digest()).isEqualTo(numbers(1.0, 2.0, null).digest());
    assertThat(base.digest()).isNotEqualTo(numbers(2.0, 1.0, null).digest());
    assertThat(base.digest()).isNotEqualTo(numbers(1.0, 2.0, Double.NaN).digest());
    assertThat(base.digest()).isNotEqualTo(numbers(1.0, 2.0).digest());
    assertThat(numbers(0.0).digest()).isNotEqualTo(numbers(-0.0).digest());
    assertThat(numbers(1.0).digest())
        .isNotEqualTo(
            Dataset.builder(Schema.builder().optional("y", ColumnType.FLOAT64).build())
                .add(1.0)
                .build()
                .digest());
    assertThat(numbers().digest())
        .isNotEqualTo(
            Dataset.builder(Schema.builder().optional("x", ColumnType.INT64).build())
                .build()
                .digest());
  }

  @Test
  void isTheSameForAllNaNs() {
    double other = Double.longBitsToDouble(0x7ff8000000000123L);

    assertThat(numbers(other).digest()).isEqualTo(numbers(Double.NaN).digest());
  }

  @Test
  void keepsTextsOfNeighbouringCellsApart() {
    Dataset one = Dataset.builder(WORDS).add("ab", "c").add("", null).build();
    Dataset other = Dataset.builder(WORDS).add("a", "bc").add(null, "").build();

    assertThat(one.digest()).isNotEqualTo(other.digest());
  }

  @Test
  void dependsOnTheTextsOfASelectionAndNotOnItsDictionary() {
    Dataset all = Dataset.builder(WORDS).add("x", "y").add("p", "q").build();

    assertThat(all.select(1).digest())
        .isEqualTo(Dataset.builder(WORDS).add("p", "q").build().digest());
  }

  @Test
  void takesATextLongerThanTheBuffer() {
    String text = "é".repeat(50_000);
    Dataset one = Dataset.builder(WORDS).add(text, "a").build();

    assertThat(one.digest()).isEqualTo(Dataset.builder(WORDS).add(text, "a").build().digest());
    assertThat(one.digest())
        .isNotEqualTo(Dataset.builder(WORDS).add(text + "é", "a").build().digest());
  }

  @Test
  void doesNotDependOnHowTheDataAreTreated() {
    Schema guarded = Schema.builder().required("x", ColumnType.FLOAT64).sensitive("x").build();

    assertThat(Dataset.builder(guarded).add(1.0).build().digest()).isEqualTo(numbers(1.0).digest());
  }

  private static Dataset numbers(Double... values) {
    DatasetBuilder builder = Dataset.builder(NUMBERS);
    for (Double value : values) {
      builder.add(new Object[] {value});
    }
    return builder.build();
  }

  private static Path resource(String name) throws URISyntaxException {
    return Path.of(DatasetDigestTest.class.getResource(name).toURI());
  }
}
