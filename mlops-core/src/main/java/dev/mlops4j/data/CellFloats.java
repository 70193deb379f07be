package dev.mlops4j.data;

import java.math.BigDecimal;

/** Arrays of floats from text, {@code [0.5, -1e-3]}, and from the arrays of a database. */
final class CellFloats {

  private CellFloats() {}

  /** The array of this text; blanks around elements are skipped. */
  static Floats parse(char[] text, int from, int length, ColumnType type) throws CellException {
    int end = from + length - 1;
    if (length < 2 || text[from] != '[' || text[end] != ']') {
      throw new CellException("not an array of numbers in brackets, such as [0.5,-1]");
    }
    int found = 1;
    for (int i = from + 1; i < end; i++) {
      found += text[i] == ',' ? 1 : 0;
    }
    int begin = from + 1;
    boolean empty = skipBlanks(text, begin, end) == end;
    checkLength(type, empty ? 0 : found);
    float[] values = new float[found];
    for (int i = 0; i < found; i++) {
      int next = begin;
      while (next < end && text[next] != ',') {
        next++;
      }
      values[i] = element(text, begin, next, i);
      begin = next + 1;
    }
    return Floats.of(values);
  }

  private static float element(char[] text, int from, int end, int position) throws CellException {
    int begin = skipBlanks(text, from, end);
    int last = end;
    while (last > begin && text[last - 1] == ' ') {
      last--;
    }
    double number;
    try {
      number = CellNumbers.parseDouble(text, begin, last - begin);
    } catch (CellException e) {
      throw ofElement(position, "is " + e.reason());
    }
    // Rounded once: the nearest float to the nearest double need not be the nearest.
    return inRange(
        Double.isFinite(number)
            ? Float.parseFloat(new String(text, begin, last - begin))
            : (float) number,
        number,
        position);
  }

  /** The array of these elements. */
  static Floats of(Object elements, ColumnType type) throws CellException {
    if (elements instanceof float[] floats) {
      checkLength(type, floats.length);
      return Floats.of(floats);
    }
    if (!(elements instanceof Object[] objects)) {
      throw new CellException("not an array of numbers that may be null");
    }
    checkLength(type, objects.length);
    float[] values = new float[objects.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = element(objects[i], i);
    }
    return Floats.of(values);
  }

  private static float element(Object element, int position) throws CellException {
    if (element == null) {
      throw ofElement(position, "is null");
    }
    if (element instanceof Float number) {
      return number;
    }
    if (!(element instanceof Number number)) {
      throw ofElement(position, "is not a number");
    }
    float rounded =
        number instanceof BigDecimal decimal
            ? Float.parseFloat(decimal.toString())
            : number.floatValue();
    if (number instanceof Double infinite && infinite.isInfinite()) {
      return rounded;
    }
    if (Float.isInfinite(rounded)) {
      throw ofElement(position, "is beyond the range of a 32-bit float");
    }
    return rounded;
  }

  private static float inRange(float rounded, double number, int position) throws CellException {
    if (Float.isInfinite(rounded) && Double.isFinite(number)) {
      throw ofElement(position, "is beyond the range of a 32-bit float");
    }
    return rounded;
  }

  private static void checkLength(ColumnType type, int found) throws CellException {
    if (found != type.length()) {
      throw new CellException("an array of " + found + " elements, the column is " + type);
    }
  }

  private static CellException ofElement(int position, String what) {
    return new CellException("an array whose element " + position + ", from 0, " + what);
  }

  private static int skipBlanks(char[] text, int from, int end) {
    int at = from;
    while (at < end && text[at] == ' ') {
      at++;
    }
    return at;
  }
}
