package dev.mlops4j.xgboost;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The base score in a model's file. XGBoost 3.1 and later write a list, {@code [2E-1]}, of which
 * the native library of XGBoost 3.0.4 reads nothing, and silently takes 0.5.
 */
final class BaseScore {

  private static final byte[] KEY = text("base_score");
  private static final int HEAD = 1 + Long.BYTES;

  private BaseScore() {}

  /**
   * The same file with a list of one number, or of equal ones, as that number.
   *
   * @param bytes well-formed UBJSON of a model
   * @throws XgBoostException if the list has different numbers, which the native library cannot
   *     take
   */
  static byte[] asNumber(byte[] bytes) {
    int key = indexOf(bytes);
    if (key < 0) {
      return bytes;
    }
    int value = key + KEY.length;
    if (bytes.length - value < 1 + HEAD || bytes[value] != 'S') {
      return bytes;
    }
    int length = (int) ByteBuffer.wrap(bytes).getLong(value + 2);
    int start = value + 1 + HEAD;
    String score = new String(bytes, start, length, StandardCharsets.US_ASCII).strip();
    if (!score.startsWith("[")) {
      return bytes;
    }
    List<String> numbers = List.of(score.substring(1, score.length() - 1).split(","));
    String number = numbers.get(0).strip();
    if (!numbers.stream().allMatch(other -> other.strip().equals(number))) {
      throw new XgBoostException(
          XgBoostModel.FILE
              + " was written by XGBoost 3.1 or later and has different base scores, which the native"
              + " library 3.0.4 would silently take for 0.5; load it in pure Java, with"
              + " mlops-serving's TreesLoader");
    }
    byte[] replaced = text(number);
    return ByteBuffer.allocate(bytes.length - HEAD - length + replaced.length)
        .put(bytes, 0, value + 1)
        .put(replaced)
        .put(bytes, start + length, bytes.length - start - length)
        .array();
  }

  /** Where the only key of this name is; an attribute of a user's may have it as well. */
  private static int indexOf(byte[] bytes) {
    for (int i = 0; i + KEY.length < bytes.length; i++) {
      if (bytes[i] == KEY[0]
          && Arrays.equals(bytes, i, i + KEY.length, KEY, 0, KEY.length)
          && bytes[i + KEY.length] == 'S'
          && startsWithList(bytes, i + KEY.length + 1 + HEAD)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean startsWithList(byte[] bytes, int at) {
    return at < bytes.length && bytes[at] == '[';
  }

  private static byte[] text(String text) {
    byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(HEAD + ascii.length)
        .put((byte) 'L')
        .putLong(ascii.length)
        .put(ascii)
        .array();
  }
}
