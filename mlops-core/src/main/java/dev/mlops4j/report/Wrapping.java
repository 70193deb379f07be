package dev.mlops4j.report;

import java.util.ArrayList;
import java.util.List;

/** Breaks a line at its blanks, and a word that is wider than the line where the line ends. */
final class Wrapping {

  private Wrapping() {}

  static List<String> wrap(String line, int width) {
    List<String> lines = new ArrayList<>();
    String rest = line;
    while (DisplayWidth.of(rest) > width) {
      int fits = lengthThatFits(rest, width);
      int blank = rest.lastIndexOf(' ', fits);
      int end = blank > 0 && !rest.substring(0, blank).isBlank() ? blank : fits;
      lines.add(rest.substring(0, end).stripTrailing());
      rest = rest.substring(end).stripLeading();
    }
    if (!rest.isEmpty() || lines.isEmpty()) {
      lines.add(rest);
    }
    return lines;
  }

  /** The number of chars of the longest beginning that fits, at least one character's. */
  private static int lengthThatFits(String text, int width) {
    int end = 0;
    int used = 0;
    while (end < text.length()) {
      int codePoint = text.codePointAt(end);
      used += DisplayWidth.of(codePoint);
      if (used > width && end > 0) {
        return end;
      }
      end += Character.charCount(codePoint);
    }
    return end;
  }
}
