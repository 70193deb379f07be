package dev.mlops4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TextTableTest {

  @Test
  void putsWordsToTheLeftAndNumbersToTheRight() {
    TextTable table =
        TextTable.builder()
            .left("metric")
            .right("champion")
            .right("challenger")
            .row("auc", 0.737, 0.7412)
            .row("log loss", 0.467, null)
            .build();

    assertThat(table)
        .hasToString(
            """
            metric    champion  challenger
            --------  --------  ----------
            auc          0.737      0.7412
            log loss     0.467""");
  }

  @Test
  void wrapsTheWidestWordsToTheWidth() {
    TextTable table =
        TextTable.builder()
            .left("feature")
            .left("what happened")
            .right("n")
            .width(34)
            .row("distance", "the share of missing values rose since Monday", 12)
            .row("hour", "nothing", 3)
            .build();

    assertThat(table)
        .hasToString(
            """
            feature   what happened          n
            --------  --------------------  --
            distance  the share of missing  12
                      values rose since
                      Monday
            hour      nothing                3""");
  }

  @Test
  void breaksAWordThatIsTooLongAndALineWhereTheCellDoes() {
    TextTable table =
        TextTable.builder().left("digest").width(8).row("0123456789abcdef\nend").build();

    assertThat(table.lines()).containsExactly("digest", "--------", "01234567", "89abcdef", "end");
  }

  @Test
  void noLineEndsInBlanksOrIsWiderThanAsked() {
    Random random = new Random(6);
    String alphabet = "ab  日é\u0301🛫-\t\n";
    int[] letters = alphabet.codePoints().toArray();
    for (int i = 0; i < 2_000; i++) {
      TextTable.Builder builder = TextTable.builder().left("one").left("two").right("3").width(40);
      for (int row = random.nextInt(5); row > 0; row--) {
        builder.row(text(random, letters), text(random, letters), random.nextInt(1000));
      }

      assertThat(builder.build().lines())
          .allSatisfy(
              line -> {
                assertThat(DisplayWidth.of(line)).isLessThanOrEqualTo(40);
                assertThat(line).isEqualTo(line.stripTrailing());
              });
    }
  }

  @Test
  void countsWideAndCombiningCharactersAsTerminalsShowThem() {
    TextTable table =
        TextTable.builder()
            .left("city")
            .right("n")
            .row("日本", 1)
            .row("Zu\u0308rich", 2)
            .row("🛫", 3)
            .build();

    assertThat(table.lines())
        .containsExactly("city    n", "------  -", "日本    1", "Zu\u0308rich  2", "🛫      3");
  }

  @Test
  void replacesControlCharacters() {
    assertThat(TextTable.builder().left("a").row("x\u001b[31my").build().lines())
        .contains("x [31my");
  }

  @Test
  void refusesWhatIsNoTable() {
    assertThatThrownBy(() -> TextTable.builder().build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a table has at least one column; add one with left()");
    assertThatThrownBy(() -> TextTable.builder().left("a").row("1", "2"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a row of this table has 1 cells, found 2");
    assertThatThrownBy(() -> TextTable.builder().left("a").row("1").right("b"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("column \"b\" comes after a row; add all columns first");
    assertThatThrownBy(() -> TextTable.builder().width(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("width is at least 1, found 0");
  }

  private static String text(Random random, int[] letters) {
    StringBuilder text = new StringBuilder();
    for (int length = random.nextInt(60); length > 0; length--) {
      text.appendCodePoint(letters[random.nextInt(letters.length)]);
    }
    return text.toString();
  }
}
