package dev.mlops4j.trees;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The lines {@code key=value} of a text model. Sections end with an empty line. */
final class LightGbmLines {

  private final byte[] bytes;
  private int at;

  LightGbmLines(byte[] bytes) {
    this.bytes = bytes;
  }

  int length() {
    return bytes.length;
  }

  /** Takes the next line, without its end; null after the last. */
  @Nullable String line() {
    if (at >= bytes.length) {
      return null;
    }
    int end = at;
    while (end < bytes.length && bytes[end] != '\n') {
      end++;
    }
    int last = end > at && bytes[end - 1] == '\r' ? end - 1 : end;
    String line = new String(bytes, at, last - at, UTF_8);
    at = end + 1;
    return line;
  }

  /** Takes the lines up to the next empty one; a line without a value has itself as the key. */
  Map<String, String> section() {
    Map<String, String> section = new HashMap<>();
    for (String line = line(); line != null; line = line()) {
      if (!line.isEmpty()) {
        int equals = line.indexOf('=');
        if (equals < 0) {
          section.put(line, "");
        } else {
          section.put(line.substring(0, equals), line.substring(equals + 1));
        }
      } else if (!section.isEmpty()) {
        break;
      }
    }
    return section;
  }

  String required(Map<String, String> section, String key) {
    String value = section.get(key);
    if (value == null) {
      throw malformed("'" + key + "' is missing");
    }
    return value;
  }

  /** Parses a list of integers, which may be unsigned ones of 32 bits. */
  int[] ints(Map<String, String> section, String key) {
    String[] words = words(section, key);
    int[] ints = new int[words.length];
    for (int i = 0; i < ints.length; i++) {
      try {
        long wide = Long.parseLong(words[i]);
        check(wide >= Integer.MIN_VALUE && wide <= 0xFFFF_FFFFL, key + " has too great a number");
        ints[i] = (int) wide;
      } catch (NumberFormatException e) {
        throw malformed(key + ": expected an integer, found '" + Excerpt.of(words[i]) + "'");
      }
    }
    return ints;
  }

  double[] doubles(Map<String, String> section, String key) {
    String[] words = words(section, key);
    double[] doubles = new double[words.length];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = parseDouble(words[i]);
    }
    return doubles;
  }

  private static String[] words(Map<String, String> section, String key) {
    String value = section.getOrDefault(key, "").strip();
    return value.isEmpty() ? new String[0] : value.split(" +", -1);
  }

  int parseInt(String text) {
    try {
      return Integer.parseInt(text.strip());
    } catch (NumberFormatException e) {
      throw malformed("Expected an integer, found '" + Excerpt.of(text) + "'");
    }
  }

  double parseDouble(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return switch (text) {
        case "inf" -> Double.POSITIVE_INFINITY;
        case "-inf" -> Double.NEGATIVE_INFINITY;
        case "nan", "-nan" -> Double.NaN;
        default -> throw malformed("Expected a number, found '" + Excerpt.of(text) + "'");
      };
    }
  }

  void check(boolean right, String otherwise) {
    if (!right) {
      throw malformed(otherwise);
    }
  }

  MalformedModelException malformed(String message) {
    return new MalformedModelException(message, Math.min(at, bytes.length));
  }

  long position() {
    return Math.min(at, bytes.length);
  }
}
