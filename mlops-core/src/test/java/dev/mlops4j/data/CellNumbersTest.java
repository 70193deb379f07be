package dev.mlops4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CellNumbersTest {

  /** The JDK's correctly rounded parser is the independent source. */
  @Test
  void readsDecimalsAsTheNearestDouble() throws CellException {
    Random random = new Random(7);
    for (int i = 0; i < 200_000; i++) {
      String text = decimal(random);

      assertThat(Double.doubleToLongBits(parseDouble(text)))
          .as(text)
          .isEqualTo(Double.doubleToLongBits(Double.parseDouble(text)));
    }
  }

  @Test
  void readsWhatJavaWritesBackToTheBit() throws CellException {
    Random random = new Random(8);
    for (int i = 0; i < 50_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());

      assertThat(Double.doubleToLongBits(parseDouble(Double.toString(value))))
          .isEqualTo(Double.doubleToLongBits(value));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0", "-0", "-0.0", ".5", "5.", "+1.5", "1e3", "1E-3", "-1.5e+10", "00012.50"})
  void readsTheUsualNotations(String text) throws CellException {
    assertThat(Double.doubleToLongBits(parseDouble(text)))
        .isEqualTo(Double.doubleToLongBits(Double.parseDouble(text)));
  }

  @Test
  void readsTheWordsForWhatIsNoNumberAndForInfinity() throws CellException {
    assertThat(parseDouble("NaN")).isNaN();
    assertThat(parseDouble("nan")).isNaN();
    assertThat(parseDouble("inf")).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(parseDouble("+Infinity")).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(parseDouble("-INF")).isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "abc",
        "1d",
        "1.5f",
        "0x1p3",
        " 1",
        "1 ",
        "1,5",
        "1_000",
        "--1",
        "+",
        "-",
        ".",
        "e5",
        "1e",
        "1e+",
        "1.2.3",
        "١٢",
        "１",
        "na",
        "infinite",
        "1e5x",
        "%"
      })
  void refusesWhatIsNoNumber(String text) {
    assertThatThrownBy(() -> parseDouble(text))
        .isInstanceOf(CellException.class)
        .hasMessage("not a number");
  }

  @Test
  void refusesToTurnALargeNumberIntoInfinity() throws CellException {
    assertThatThrownBy(() -> parseDouble("1e400")).hasMessage("beyond the range of FLOAT64");
    assertThatThrownBy(() -> parseDouble("-1e400")).hasMessage("beyond the range of FLOAT64");
    assertThat(parseDouble("1e-400")).isZero();
  }

  @Test
  void readsAllLongs() throws CellException {
    Random random = new Random(9);
    for (int i = 0; i < 50_000; i++) {
      long value = random.nextLong() >> random.nextInt(64);

      assertThat(parseLong(Long.toString(value))).isEqualTo(value);
    }
    assertThat(parseLong("+12")).isEqualTo(12);
    assertThat(parseLong("007")).isEqualTo(7);
    assertThat(parseLong(Long.toString(Long.MIN_VALUE))).isEqualTo(Long.MIN_VALUE);
    assertThat(parseLong(Long.toString(Long.MAX_VALUE))).isEqualTo(Long.MAX_VALUE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9223372036854775808",
        "-9223372036854775809",
        "9223372036854775810",
        "18446744073709551616",
        "99999999999999999999999",
        "-99999999999999999999999"
      })
  void refusesIntegersOutOfRange(String text) {
    assertThatThrownBy(() -> parseLong(text))
        .isInstanceOf(CellException.class)
        .hasMessage("beyond the range of INT64");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.0", "1e3", "x", "-", "+", "1 ", "١"})
  void refusesWhatIsNoWholeNumber(String text) {
    assertThatThrownBy(() -> parseLong(text))
        .isInstanceOf(CellException.class)
        .hasMessage("not a whole number");
  }

  private static String decimal(Random random) {
    StringBuilder text = new StringBuilder(random.nextBoolean() ? "-" : "");
    int digits = 1 + random.nextInt(20);
    int point = random.nextInt(digits + 1);
    for (int i = 0; i < digits; i++) {
      text.append(i == point ? "." : "").append(random.nextInt(10));
    }
    if (random.nextInt(5) == 0) {
      text.append('e').append(random.nextInt(600) - 320);
    }
    String number = text.toString();
    // Beyond the range is another test's matter.
    return new BigDecimal(number.endsWith(".") ? number + "0" : number)
                .abs()
                .compareTo(BigDecimal.valueOf(Double.MAX_VALUE))
            > 0
        ? "1"
        : number;
  }

  private static double parseDouble(String text) throws CellException {
    char[] padded = ("9" + text + "9").toCharArray();
    return CellNumbers.parseDouble(padded, 1, text.length());
  }

  private static long parseLong(String text) throws CellException {
    char[] padded = ("9" + text + "9").toCharArray();
    return CellNumbers.parseLong(padded, 1, text.length());
  }
}
