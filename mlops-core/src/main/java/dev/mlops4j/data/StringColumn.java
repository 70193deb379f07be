package dev.mlops4j.data;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A column of {@link ColumnType#STRING}: each distinct text is held once, and a row holds its
 * number in the {@link #dictionary()}.
 */
public final class StringColumn implements Column {

  /** The code of a missing value. */
  public static final int MISSING = -1;

  private final int[] codes;
  private final List<String> dictionary;
  private final int missingCount;

  StringColumn(int[] codes, List<String> dictionary) {
    this.codes = codes;
    this.dictionary = dictionary;
    int missing = 0;
    for (int code : codes) {
      if (code == MISSING) {
        missing++;
      }
    }
    this.missingCount = missing;
  }

  @Override
  public ColumnType type() {
    return ColumnType.STRING;
  }

  @Override
  public int size() {
    return codes.length;
  }

  @Override
  public boolean isMissing(int row) {
    return codes[row] == MISSING;
  }

  @Override
  public int missingCount() {
    return missingCount;
  }

  /**
   * The distinct texts in order of first appearance. A selection of rows keeps the whole
   * dictionary, so a text in it need not occur.
   */
  public List<String> dictionary() {
    return dictionary;
  }

  /** The position in the dictionary of this row's text, or {@link #MISSING}. */
  public int codeAt(int row) {
    return codes[row];
  }

  /** The text of this row, or null if it is missing. */
  @Override
  public @Nullable String get(int row) {
    int code = codes[row];
    return code == MISSING ? null : dictionary.get(code);
  }

  StringColumn select(int[] rows) {
    int[] selected = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      selected[i] = codes[rows[i]];
    }
    return new StringColumn(selected, dictionary);
  }
}
