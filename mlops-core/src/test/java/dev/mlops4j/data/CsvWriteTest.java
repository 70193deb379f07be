package dev.mlops4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvWriteTest {

  private static final ColumnType[] TYPES = {
    ColumnType.FLOAT64,
    ColumnType.INT64,
    ColumnType.BOOLEAN,
    ColumnType.STRING,
    ColumnType.TIMESTAMP,
    ColumnType.floats(1),
    ColumnType.floats(5)
  };

  private static final String[] TEXTS = {
    "",
    " ",
    "a",
    "a,b",
    "\"",
    "\"\"",
    "say \"hi\"",
    "\n",
    "\r",
    "\r\n",
    "x\ny",
    " padded ",
    "NA",
    "null",
    "#comment",
    "日本",
    "🛫",
    "\t",
    "'",
    ";",
    "true",
    "12",
    "\uFEFF",
    "end\r",
    "\rb"
  };

  @TempDir private Path directory;

  @Test
  void whatIsReadBackIsWhatWasWritten() {
    Random random = new Random(11);
    for (int round = 0; round < 300; round++) {
      Dataset dataset = dataset(random);
      Path file = directory.resolve(round % 2 == 0 ? "data.csv" : "data.csv.gz");

      Csv.write(dataset, file);
      Dataset back = Csv.options().schema(dataset.schema()).read(file);

      assertThat(back.rowCount()).isEqualTo(dataset.rowCount());
      assertThat(back.digest()).isEqualTo(dataset.digest());
    }
  }

  @Test
  void writesPlainTextThatOtherProgramsRead() throws IOException {
    Schema schema =
        Schema.builder()
            .optional("a", ColumnType.STRING)
            .optional("b", ColumnType.FLOAT64)
            .optional("c", ColumnType.TIMESTAMP)
            .build();
    Dataset dataset =
        Dataset.builder(schema)
            .add("x, \"y\"", 1.5, java.time.Instant.parse("2013-01-01T10:15:00Z"))
            .add("", null, null)
            .add(null, Double.NEGATIVE_INFINITY, null)
            .build();
    Path file = directory.resolve("data.csv");

    Csv.write(dataset, file);

    assertThat(file)
        .hasContent("a,b,c\n\"x, \"\"y\"\"\",1.5,2013-01-01T10:15:00Z\n\"\",,\n,-Infinity,\n");
  }

  @Test
  void leavesNothingButTheFile() throws IOException {
    Dataset dataset = dataset(new Random(1));

    Csv.write(dataset, directory.resolve("data.csv"));
    Csv.write(dataset, directory.resolve("data.csv"));

    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(directory.resolve("data.csv"));
    }
  }

  @Test
  void refusesADirectoryThatIsNotThere() {
    Path file = directory.resolve("nowhere").resolve("data.csv");

    assertThatThrownBy(() -> Csv.write(dataset(new Random(1)), file))
        .isInstanceOf(CsvException.class)
        .hasMessageStartingWith(file + ": cannot be written: ");
  }

  @Test
  void readsBackAColumnWhoseNameBeginsWithAByteOrderMark() {
    Schema schema = Schema.builder().optional("\uFEFFa", ColumnType.STRING).build();
    Path file = directory.resolve("data.csv");

    Csv.write(Dataset.builder(schema).add("x").build(), file);

    assertThat(Csv.read(file).schema().names()).containsExactly("\uFEFFa");
  }

  @Test
  void refusesADatasetWithoutColumns() {
    Path file = directory.resolve("data.csv");

    assertThatThrownBy(() -> Csv.write(Dataset.builder(Schema.builder().build()).build(), file))
        .isInstanceOf(CsvException.class)
        .hasMessage(file + ": a dataset without columns has no header to write");
  }

  @Test
  void batchesAreOneFileThatAppearsWhenItIsFinished() throws IOException {
    Schema schema = Schema.builder().optional("a", ColumnType.INT64).build();
    Path file = Files.writeString(directory.resolve("data.csv"), "as it was");

    try (DatasetWriter writer = Csv.writer(schema, file)) {
      writer.write(Dataset.builder(schema).add(1L).add(2L).build());
      writer.write(Dataset.builder(schema).build());
      writer.write(Dataset.builder(schema).add(3L).build());
      assertThat(file).hasContent("as it was");
      writer.finish();
      assertThatThrownBy(writer::finish).isInstanceOf(IllegalStateException.class);
    }

    assertThat(file).hasContent("a\n1\n2\n3\n");
  }

  @Test
  void aFileThatIsNotFinishedIsForgotten() throws IOException {
    Schema schema = Schema.builder().optional("a", ColumnType.INT64).build();
    Schema other = Schema.builder().optional("b", ColumnType.INT64).build();
    Path file = Files.writeString(directory.resolve("data.csv"), "as it was");

    try (DatasetWriter writer = Csv.writer(schema, file)) {
      writer.write(Dataset.builder(schema).add(1L).build());
      assertThatThrownBy(() -> writer.write(Dataset.builder(other).add(1L).build()))
          .isInstanceOf(SchemaException.class)
          .hasMessageContaining("b INT64");
    }

    assertThat(file).hasContent("as it was");
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
  }

  private static Dataset dataset(Random random) {
    Schema.Builder schema = Schema.builder();
    ColumnType[] types = new ColumnType[1 + random.nextInt(6)];
    for (int i = 0; i < types.length; i++) {
      types[i] = TYPES[random.nextInt(TYPES.length)];
      schema.optional("column, \"" + i + "\"", types[i]);
    }
    DatasetBuilder builder = Dataset.builder(schema.build());
    for (int row = random.nextInt(40); row > 0; row--) {
      @Nullable Object[] values = new @Nullable Object[types.length];
      for (int i = 0; i < types.length; i++) {
        values[i] = random.nextInt(5) == 0 ? null : value(types[i], random);
      }
      builder.add(values);
    }
    return builder.build();
  }

  private static Object value(ColumnType type, Random random) {
    return switch (type.kind()) {
      case FLOAT64 -> Double.longBitsToDouble(random.nextLong());
      case INT64 -> random.nextLong() >> random.nextInt(64);
      case BOOLEAN -> random.nextBoolean();
      case STRING -> text(random);
      case TIMESTAMP -> Timestamps.fromMicros(random.nextLong() >> random.nextInt(64));
      case FLOATS -> floats(type.length(), random);
    };
  }

  private static Floats floats(int length, Random random) {
    float[] elements = new float[length];
    for (int i = 0; i < length; i++) {
      elements[i] = Float.intBitsToFloat(random.nextInt());
    }
    return Floats.of(elements);
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int parts = 1 + random.nextInt(3); parts > 0; parts--) {
      text.append(TEXTS[random.nextInt(TEXTS.length)]);
    }
    return text.toString();
  }
}
