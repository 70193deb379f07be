package dev.mlops4j.validation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.Schema;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValidationReportTest {

  private static final ValidationReport REPORT =
      new ValidationReport(
          "flights",
          3,
          List.of(
              new ExpectationResult(
                  Severity.FAIL, "distance", "is a column", Outcome.HELD, "", 0, List.of()),
              new ExpectationResult(
                  Severity.FAIL,
                  "distance",
                  "between 0 and 6000",
                  Outcome.VIOLATED,
                  "2 of 3 rows otherwise: row 1 (-5), row 2 (7000)",
                  2,
                  List.of(1, 2)),
              new ExpectationResult(
                  Severity.WARN,
                  "Straße \"1\"",
                  "distribution within 0.1 of the reference's",
                  Outcome.NOT_ENOUGH_ROWS,
                  "too few to tell: 3, and 5000 in the reference",
                  0,
                  List.of()),
              new ExpectationResult(
                  Severity.WARN,
                  "tailnum",
                  "matches N.*",
                  Outcome.NOT_CHECKED,
                  "no such column",
                  0,
                  List.of()),
              new ExpectationResult(
                  Severity.FAIL, null, "unique by flight", Outcome.HELD, "", 0, List.of())));

  @Test
  void version1IsWrittenAndReadAsInItsGoldenFile() throws IOException {
    String golden = golden("validation-report-1.json");

    assertThat(ValidationReport.fromJson(golden)).isEqualTo(REPORT);
    assertThat(REPORT.toJson()).isEqualTo(golden);
  }

  @Test
  void whatIsWrittenIsReadTheSame() {
    Random random = new Random(3);
    for (int i = 0; i < 500; i++) {
      List<ExpectationResult> results = new ArrayList<>();
      for (int result = random.nextInt(4); result > 0; result--) {
        results.add(
            new ExpectationResult(
                any(random, Severity.values()),
                random.nextBoolean() ? null : anyText(random),
                anyText(random),
                any(random, Outcome.values()),
                anyText(random),
                random.nextInt(Integer.MAX_VALUE),
                random.ints(random.nextInt(5), 0, Integer.MAX_VALUE).boxed().toList()));
      }
      ValidationReport report =
          new ValidationReport(anyText(random), random.nextInt(Integer.MAX_VALUE), results);

      assertThat(ValidationReport.fromJson(report.toJson())).isEqualTo(report);
    }
  }

  @Test
  void thePageBeginsWithTheVerdictAndWhatFailedComesFirst() {
    Document page = Jsoup.parse(REPORT.toHtml());

    assertThat(page.select("h1").text()).isEqualTo("flights: FAILED");
    assertThat(page.select("h1 + p").text()).isEqualTo(REPORT.summary());
    assertThat(page.select("table").get(0).select("tbody tr").text())
        .contains("FAIL distance between 0 and 6000", "row 2 (7000)");
    assertThat(page.select("table").get(1).text()).contains("WARN (few)", "Straße \"1\"");
    assertThat(page.select("table").get(2).select("tbody tr")).hasSize(3);
    assertThat(Jsoup.parse(new ValidationReport("data", 0, List.of()).toHtml()).select("h1").text())
        .isEqualTo("data: passed");
  }

  @Test
  void nothingOfNamesAndValuesIsMarkupOfThePage() {
    String hostile = "</td><script>alert(1)</script><img src=x onerror=alert(2)>\u202e";
    ValidationReport report =
        new ValidationReport(
            hostile,
            1,
            List.of(
                new ExpectationResult(
                    Severity.FAIL, hostile, hostile, Outcome.VIOLATED, hostile, 1, List.of(0))));

    Document page = Jsoup.parse(report.toHtml());

    assertThat(page.select("script, img")).isEmpty();
    assertThat(page.select("table").text()).contains("onerror=alert(2)").doesNotContain("\u202e");
    assertThat(page.select("[src], [href]")).as("it needs nothing else").isEmpty();
  }

  @Test
  void aLaterVersionIsRefusedAndNamed() {
    assertThatThrownBy(
            () ->
                ValidationReport.fromJson(
                    REPORT.toJson().replace("\"version\" : 1", "\"version\" : 2")))
        .isInstanceOf(CorruptValidationReportException.class)
        .hasMessage(
            "the validation report has version 2, this library reads version 1; update the library"
                + " or check the data again");
  }

  @Test
  void fieldsThatAreNotKnownArePassedOver() {
    String json = REPORT.toJson().replaceFirst("\"name\"", "\"more\" : [ { } ], \"name\"");

    assertThat(ValidationReport.fromJson(json)).isEqualTo(REPORT);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "\"format\" : \"mlops4j-validation-report\" | \"format\" : \"other\"",
        "\"version\" : 1                             | \"version\" : 0",
        "\"version\" : 1                             | \"version\" : \"1\"",
        "\"name\" : \"flights\"                      | \"name\" : null",
        "\"name\" : \"flights\"                      | \"name\" : \"a\", \"name\" : \"b\"",
        "\"rowCount\" : 3                            | \"rowCount\" : -1",
        "\"rowCount\" : 3                            | \"rowCount\" : 3000000000",
        "\"rowCount\" : 3                            | \"rowCount\" : 3.5",
        "\"results\"                                 | \"outcomes\"",
        "\"severity\" : \"FAIL\"                     | \"severity\" : \"ERROR\"",
        "\"outcome\" : \"HELD\"                      | \"outcome\" : \"held\"",
        "\"column\" : \"distance\"                   | \"column\" : 7",
        "\"column\"                                  | \"colum\"",
        "\"violations\" : 2                          | \"violations\" : -2",
        "\"firstRows\" : [ 1, 2 ]                    | \"firstRows\" : [ 1, \"2\" ]",
        "\"firstRows\" : [ 1, 2 ]                    | \"firstRows\" : {}",
      })
  void aReportThatIsNoneIsRefused(String part, String instead) {
    String json = REPORT.toJson();
    assertThat(json).contains(part);

    assertThatThrownBy(() -> ValidationReport.fromJson(json.replace(part, instead)))
        .isInstanceOf(CorruptValidationReportException.class)
        .hasMessageEndingWith("give what ValidationReport.toJson wrote");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "[]", "null", "1", "{", "{} {}", "<xml/>", "\"text\""})
  void otherTextsAreRefused(String text) {
    assertThatThrownBy(() -> ValidationReport.fromJson(text))
        .isInstanceOf(CorruptValidationReportException.class)
        .hasMessageEndingWith("give what ValidationReport.toJson wrote");
  }

  @Test
  void whatIsCutOffAnywhereIsRefused() {
    String json = REPORT.toJson();
    for (int length = 0; length < json.length(); length++) {
      String cut = json.substring(0, length);
      assertThatThrownBy(() -> ValidationReport.fromJson(cut))
          .isInstanceOf(CorruptValidationReportException.class);
    }
  }

  @Test
  void printsATableThatFitsTheWidth() {
    assertThat(REPORT.text(72))
        .isEqualTo(
            """
            flights: 2 of 5 expectations hold for 3 rows, 1 failed, 1 warnings, 1 of them with too few rows to tell
            outcome     column      expected                 found
            ----------  ----------  -----------------------  -----------------------
            ok          distance    is a column
            FAIL        distance    between 0 and 6000       2 of 3 rows otherwise:
                                                             row 1 (-5), row 2
                                                             (7000)
            WARN (few)  Straße "1"  distribution within 0.1  too few to tell: 3, and
                                    of the reference's       5000 in the reference
            -           tailnum     matches N.*              no such column
            ok                      unique by flight""");
  }

  @Test
  void valuesThatAreHostileMoveNoCursorAndForgeNoLine() {
    String hostile = "x\n  ok    y\u001b[2J\r\u202e\u2028\u0000";
    Dataset data =
        Dataset.builder(Schema.builder().optional("a\nb", ColumnType.STRING).build())
            .add(hostile)
            .build();
    ValidationReport report =
        Expectations.named("n\u001b")
            .column("a\nb", c -> c.oneOf("ok\u0007"))
            .column("absent", c -> c.nullShareAtMost(0))
            .build()
            .check(data);

    for (String text :
        List.of(
            report.text(),
            report.text(40),
            report.toString(),
            new ExpectationsFailedException(report).getMessage())) {
      assertThat(text.replace("\n", "").codePoints().map(Character::getType))
          .doesNotContain(
              (int) Character.CONTROL,
              (int) Character.FORMAT,
              (int) Character.LINE_SEPARATOR,
              (int) Character.SURROGATE);
    }
    assertThat(report.text().lines()).hasSize(7);
    assertThat(report.results().get(2).found())
        .isEqualTo(
            "1 of 1 rows otherwise: row 0 (x\\u000a  ok    y\\u001b[2J\\u000d\\u202e\\u2028\\u0000)");
    assertThat(ValidationReport.fromJson(report.toJson())).isEqualTo(report);
  }

  @Test
  void halfACharacterOfAStoredReportIsWrittenAsAnEscape() {
    ExpectationResult result =
        new ExpectationResult(
            Severity.FAIL, "\ud800", "a\udc00", Outcome.VIOLATED, "😀", 0, List.of());

    assertThat(result).hasToString("FAIL  \\ud800: a\\udc00; found 😀");
  }

  @Test
  void aLongValueIsCutBetweenCharacters() {
    Dataset data =
        Dataset.builder(Schema.builder().optional("x", ColumnType.STRING).build())
            .add("a".repeat(39) + "😀".repeat(9))
            .build();

    assertThat(
            Expectations.named("n").column("x", c -> c.oneOf("a")).build().check(data).failures())
        .extracting(ExpectationResult::found)
        .containsExactly("1 of 1 rows otherwise: row 0 (" + "a".repeat(39) + "...)");
  }

  private static <E> E any(Random random, E[] constants) {
    return constants[random.nextInt(constants.length)];
  }

  private static String anyText(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      text.append((char) random.nextInt(random.nextBoolean() ? 0x80 : 0x10000));
    }
    return text.toString();
  }

  private static String golden(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(ValidationReportTest.class.getResourceAsStream(name))) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
