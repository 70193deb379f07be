package dev.mlops4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {

  @Test
  void plainTextStaysAsItIs() {
    for (String plain : new String[] {"", "a b", "Größe", "\uD83D\uDE00", "a\\b|\"<"}) {
      assertThat(Printable.of(plain)).isSameAs(plain);
    }
  }

  @Test
  void whatMovesACursorHidesOrReordersIsAnEscape() {
    assertThat(Printable.of("\u001b[2J\r\n\u009b")).isEqualTo("\\u001b[2J\\u000d\\u000a\\u009b");
    assertThat(Printable.of("a\u202eb\u200bc\u2028d\ud800"))
        .isEqualTo("a\\u202eb\\u200bc\\u2028d\\ud800");
    assertThat(Printable.of("\uDB40\uDC41")).isEqualTo("\\udb40\\udc41");
  }
}
