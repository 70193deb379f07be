package dev.mlops4j.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CsvCellsTest {

  private static final Path FILE = Path.of("file.csv");

  @Test
  void doesNotDependOnWhereTheReaderPauses() {
    Random random = new Random(5);
    for (int i = 0; i < 20_000; i++) {
      String text = text(random);

      assertThat(read(new OneByOne(text))).as(text).isEqualTo(read(new StringReader(text)));
    }
  }

  @Test
  void takesQuotesCarriageReturnsAndEmptyCellsAsTheStandardSays() {
    assertThat(read(new StringReader("a,\"b\r\"\nc,\"d\n\"\r\n\r\"\",\"\"\"\"\re\"f,")))
        .containsExactly(
            "1 a CELL",
            "1 'b\r' ROW",
            "3 c CELL",
            "3 'd\n' ROW",
            "5  ROW",
            "6 '' CELL",
            "6 '\"' ROW",
            "7 e\"f CELL",
            "7  FILE");
  }

  @Test
  void holdsACellLongerThanItsBuffer() {
    String text = "x".repeat(300_000);

    assertThat(read(new StringReader("1,\"" + text + "\",2\n")))
        .containsExactly("1 1 CELL", "1 '" + text + "' CELL", "1 2 ROW", "2  FILE");
  }

  @Test
  void refusesACellThatDoesNotEnd() {
    assertThat(read(new StringReader("a,\"" + "x\n".repeat(9_000_000))))
        .containsExactly(
            "1 a CELL",
            "file.csv: the cell that begins on line 1 is longer than 16777216 characters; a quote"
                + " may be missing");
  }

  private static List<String> read(Reader reader) {
    List<String> found = new ArrayList<>();
    try {
      CsvCells cells = new CsvCells(FILE, reader, ',');
      CsvCells.End end;
      do {
        end = cells.next();
        String text = new String(cells.buffer(), cells.offset(), cells.length());
        found.add(cells.line() + " " + (cells.quoted() ? "'" + text + "'" : text) + " " + end);
      } while (end != CsvCells.End.FILE);
    } catch (CsvException e) {
      found.add(e.getMessage());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return found;
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int length = random.nextInt(15); length > 0; length--) {
      text.append("ab,,\"\"\"\n\n\r".charAt(random.nextInt(10)));
    }
    return text.toString();
  }

  private static final class OneByOne extends Reader {

    private final StringReader text;

    OneByOne(String text) {
      this.text = new StringReader(text);
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
      return text.read(buffer, offset, 1);
    }

    @Override
    public void close() {
      text.close();
    }
  }
}
