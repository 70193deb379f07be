package dev.mlops4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SideBySideTest {

  private static final SideBySide TABLE =
      new SideBySide(
          List.of("one", "two"),
          true,
          List.of(
              line("param", "depth", "6", null, ""),
              line("metric", "auc", "0.5", "0.75", SideBySide.change(0.5, 0.75))));

  @Test
  void aTextHasALineARow() {
    assertThat(TABLE.toText(80).lines())
        .anySatisfy(line -> assertThat(line).matches(" +one +two +change"))
        .anySatisfy(line -> assertThat(line).matches("param +depth +6 +-"))
        .anySatisfy(line -> assertThat(line).matches("metric +auc +0\\.5 +0\\.75 +\\+0\\.250000"));
  }

  @Test
  void markdownHasAsManyCellsInEveryLine() {
    assertThat(TABLE.toMarkdown())
        .isEqualTo(
            """
            |  |  | one | two | change |
            |---|---|---|---|---:|
            | param | depth | 6 | - |  |
            | metric | auc | 0.5 | 0.75 | +0.250000 |
            """);
  }

  /** An escape or an entity would not do: mentions are looked for in what these have become. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      textBlock =
          """
          https://evil.example, https:<!-- -->//evil.example
          ftp://evil.example,   ftp:<!-- -->//evil.example
          see WWW.evil.example, see WWW<!-- -->.evil.example
          @org/team,            @<!-- -->org/team
          mailto:a@evil.example, mailto:a@<!-- -->evil.example
          fixes #1,             fixes #<!-- -->1
          org/repo#12,          org/repo#<!-- -->12
          GH-7,                 GH-<!-- -->7
          ~~gone~~,             \\~\\~gone\\~\\~
          C# @ 3 m: weigh-1,    C# @ 3 m: weigh-1
          10:30 1/2 a//b,       10:30 1/2 a//b
          """)
  void nothingOfACellIsALinkOrAPing(String cell, String written) {
    SideBySide table =
        new SideBySide(
            List.of("one"), false, List.of(new SideBySide.Line("", "", List.of(cell), "")));
    assertThat(table.toMarkdown()).endsWith("\n|  |  | " + written + " |\n");
    assertThat(table.toText(80)).contains(cell);
  }

  @Test
  void whatIsMoreThanASectionMayShowIsCounted() {
    SideBySide many =
        new SideBySide(
            List.of("one", "two"),
            false,
            List.of(
                line("a", "1", "x", "y", ""),
                line("a", "2", "x", "y", ""),
                line("a", "3", "x", "y", ""),
                line("b", "4", "x", "y", "")));
    assertThat(many.atMost(1).lines())
        .extracting(SideBySide.Line::key)
        .containsExactly("1", "... and 2 more", "4");
    assertThat(many.atMost(3)).isEqualTo(many);
  }

  @Test
  void aChangeThatIsNoNumberIsNotShown() {
    assertThat(SideBySide.change(Double.NaN, 1)).isEmpty();
    assertThat(SideBySide.change(1, Double.POSITIVE_INFINITY)).isEmpty();
  }

  @Test
  void aLineNeedsAValueAColumn() {
    assertThatThrownBy(
            () ->
                new SideBySide(
                    List.of("one"), false, List.of(line("param", "depth", "6", "7", ""))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 values are needed, found 2");
  }

  static SideBySide.Line line(
      String section, String key, String before, String after, String change) {
    return new SideBySide.Line(section, key, Arrays.asList(before, after), change);
  }
}
