package dev.mlops4j.validation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Schema;
import dev.mlops4j.profile.DatasetProfile;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuggestedExpectationsTest {

  /** Every character that could end a literal, a line or an expression. */
  private static final String HOSTILE =
      "a\"b\\u0022\\c\n\r\t\u0000\u2028<script>'${x}é\ud83d\ude00";

  private static final Schema SCHEMA =
      Schema.builder()
          .required("distance", ColumnType.FLOAT64)
          .optional("wind", ColumnType.FLOAT64)
          .required("delay", ColumnType.INT64)
          .required("carrier", ColumnType.STRING)
          .required("tail", ColumnType.STRING)
          .required("route", ColumnType.STRING)
          .required("late", ColumnType.BOOLEAN)
          .required("departure", ColumnType.TIMESTAMP)
          .required(HOSTILE, ColumnType.STRING)
          .build();

  @TempDir Path directory;

  private static Dataset flights(long seed, int rows) {
    Random random = new Random(seed);
    DatasetBuilder data = Dataset.builder(SCHEMA);
    for (int row = 0; row < rows; row++) {
      data.add(
          80.0 + random.nextInt(2_400),
          random.nextInt(50) == 0 ? null : 10 + 4 * random.nextGaussian(),
          (long) (random.nextGaussian() * 30),
          List.of("AA", "DL", "UA").get(random.nextInt(3)),
          "N" + random.nextInt(1_000_000),
          "R" + random.nextInt(60),
          random.nextInt(4) == 0,
          Instant.EPOCH.plusSeconds(row),
          HOSTILE);
    }
    return data.build();
  }

  private static SuggestedExpectations suggested(Dataset reference) {
    return Expectations.suggest("flights", DatasetProfile.of(reference));
  }

  @Test
  void eachRuleGivesItsLine() {
    String java = suggested(flights(1, 4_000)).toJava();

    assertThat(java.lines().map(String::strip))
        .contains(
            "Expectations.named(\"flights\")",
            ".rowCount(2_000, 8_000)",
            ".column(\"distance\", c -> c.type(ColumnType.FLOAT64).nullShareAtMost(0))",
            ".column(\"carrier\", c -> c.type(ColumnType.STRING).nullShareAtMost(0)"
                + ".oneOf(\"AA\", \"DL\", \"UA\"))",
            ".column(\"tail\", c -> c.type(ColumnType.STRING).nullShareAtMost(0))",
            ".column(Severity.WARN, \"route\", c -> c.against(reference,"
                + " r -> r.unseenShareAtMost(0.01)).against(reference, r -> r.distanceAtMost(0.2)))",
            ".column(Severity.WARN, \"late\", c -> c.against(reference,"
                + " r -> r.distanceAtMost(0.2)))",
            ".column(\"departure\", c -> c.type(ColumnType.TIMESTAMP).nullShareAtMost(0))",
            ".build()");
    assertThat(java).contains("\"wind\", c -> c.type(ColumnType.FLOAT64).nullShareAtMost(0.0");
    assertThat(java).doesNotContain("WARN, \"tail\"").isASCII();
  }

  @Test
  void aRangeHasRoomAndWhatIsNeverNegativeStaysSo() {
    Dataset data =
        Dataset.builder(
                Schema.builder()
                    .required("count", ColumnType.INT64)
                    .required("change", ColumnType.FLOAT64)
                    .required("constant", ColumnType.FLOAT64)
                    .required("odd", ColumnType.FLOAT64)
                    .build())
            .add(3L, -0.5, 7.0, Double.NaN)
            .add(103L, 0.5, 7.0, 1.0)
            .build();

    String java = suggested(data).toJava();

    assertThat(java).contains("\"count\", c -> c.between(0, 130))");
    assertThat(java).contains("\"change\", c -> c.between(-0.8, 0.8))");
    assertThat(java).contains("\"constant\", c -> c.between(7, 7))");
    assertThat(java).doesNotContain("WARN, \"odd\"");
  }

  @Test
  void aColumnWhoseRangeHasNoRoomGetsNone() {
    Schema schema =
        Schema.builder()
            .required("least", ColumnType.FLOAT64)
            .required("greatest", ColumnType.FLOAT64)
            .required("other", ColumnType.FLOAT64)
            .build();
    Dataset data =
        Dataset.builder(schema)
            .add(-Double.MAX_VALUE, Double.MAX_VALUE, 0.0)
            .add(-1.0, 1.0, 1.0)
            .build();

    assertThat(suggested(data).toJava())
        .doesNotContain("c -> c.between(-1.79", ", 1.79")
        .containsOnlyOnce("between(");
  }

  @Test
  void theReferenceAndDataLikeItHoldWithoutAWarning() {
    Dataset reference = flights(1, 4_000);
    Expectations expectations = suggested(reference).expectations();

    assertThat(expectations.check(reference).results())
        .allSatisfy(result -> assertThat(result.outcome()).isEqualTo(Outcome.HELD));
    for (int seed = 2; seed < 12; seed++) {
      assertThat(expectations.check(flights(seed, 4_000)).results())
          .as("seed " + seed)
          .allSatisfy(result -> assertThat(result.outcome()).isEqualTo(Outcome.HELD));
    }
  }

  @Test
  void anotherCategoryFailsAndAnotherUnitWarns() {
    Expectations expectations = suggested(flights(1, 4_000)).expectations();
    Random random = new Random(3);
    DatasetBuilder data = Dataset.builder(SCHEMA);
    for (int row = 0; row < 4_000; row++) {
      data.add(
          (80.0 + random.nextInt(2_400)) * 1.609,
          10.0,
          0L,
          row == 7 ? "XX" : "AA",
          "N1",
          "R1",
          true,
          Instant.EPOCH,
          HOSTILE);
    }

    ValidationReport report = expectations.check(data.build());

    assertThat(report.failures()).extracting(ExpectationResult::column).containsOnly("carrier");
    assertThat(report.warnings()).extracting(ExpectationResult::column).contains("distance");
  }

  @Test
  void theTextIsJavaThatGivesTheSameExpectations() throws Exception {
    Dataset data = flights(1, 1_500);
    DatasetProfile reference = DatasetProfile.of(data);
    SuggestedExpectations suggested = Expectations.suggest(HOSTILE, reference);

    Expectations compiled = compiled(suggested.toJava()).apply(reference);

    Dataset other = flights(9, 700);
    assertThat(compiled.check(other)).isEqualTo(suggested.expectations().check(other));
    assertThat(compiled.check(data)).isEqualTo(suggested.expectations().check(data));
  }

  @SuppressWarnings("unchecked")
  private Function<DatasetProfile, Expectations> compiled(String expression) throws Exception {
    String source =
        "import dev.mlops4j.data.ColumnType;\n"
            + "import dev.mlops4j.profile.DatasetProfile;\n"
            + "import dev.mlops4j.validation.*;\n"
            + "public class Suggested implements"
            + " java.util.function.Function<DatasetProfile, Expectations> {\n"
            + "public Expectations apply(DatasetProfile reference) {\nreturn "
            + expression
            + ";\n}\n}\n";
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    boolean done =
        compiler
            .getTask(
                null,
                null,
                null,
                List.of(
                    "-proc:none",
                    "-d",
                    directory.toString(),
                    "-cp",
                    System.getProperty("java.class.path")),
                null,
                List.of(new Source(source)))
            .call();
    assertThat(done).as(source).isTrue();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {directory.toUri().toURL()})) {
      return (Function<DatasetProfile, Expectations>)
          loader.loadClass("Suggested").getConstructor().newInstance();
    }
  }

  private static final class Source extends SimpleJavaFileObject {

    private final String text;

    Source(String text) {
      super(URI.create("string:///Suggested.java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) throws IOException {
      return text;
    }
  }

  @Test
  void ofASensitiveColumnNoValueIsSuggested() {
    Schema schema =
        Schema.builder().required("secret", ColumnType.STRING).sensitive("secret").build();
    Dataset data = Dataset.builder(schema).add("classified").build();

    String java = suggested(data).toJava();

    assertThat(java).contains("\"secret\"").doesNotContain("classified");
  }

  @Test
  void aReferenceOfNothingIsRefusedAndOneWithoutRowsGivesTypes() {
    SuggestedExpectations none = suggested(Dataset.builder(Schema.builder().build()).build());
    assertThatThrownBy(none::expectations).isInstanceOf(IllegalStateException.class);
    String java = suggested(Dataset.builder(SCHEMA).build()).toJava();
    assertThat(java).contains("c -> c.type(ColumnType.FLOAT64))").doesNotContain("rowCount");
    assertThatThrownBy(() -> Expectations.suggest(" ", DatasetProfile.of(flights(1, 1))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(java.getBytes(UTF_8)).hasSize(java.length());
  }
}
