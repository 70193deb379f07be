package dev.mlops4j.examples.smallest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SmallestTest {

  @Test
  void printsOnePredictionThatFollowsTheData() throws Exception {
    PrintStream console = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      Smallest.main(new String[0]);
    } finally {
      System.setOut(console);
    }
    String line = printed.toString(StandardCharsets.UTF_8).strip();
    assertThat(line).startsWith("a coffee at eight in the sun is sold with probability");
    assertThat(Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).isBetween(0.7, 1.0);
  }
}
