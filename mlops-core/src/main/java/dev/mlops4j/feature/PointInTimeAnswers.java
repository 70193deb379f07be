package dev.mlops4j.feature;

import dev.mlops4j.data.ColumnType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The features of one view for many rows, each a key and a moment: the rows of a key are put in
 * order of their moments and answered in one {@link Sweep}, which costs n log n for n rows at most,
 * and n where they come by time. Immutable once it is made.
 */
final class PointInTimeAnswers {

  private final FeatureView view;

  /** By feature, then row, of those that are numbers. */
  private final double[][] numbers;

  /** By feature, then row, of those that are texts. */
  private final @Nullable Object[][] texts;

  private final @Nullable FeatureValues @Nullable [] values;

  private PointInTimeAnswers(FeatureView view, int rows, boolean whole) {
    this.view = view;
    List<FeatureView.Feature> features = view.features();
    this.numbers = new double[features.size()][];
    this.texts = new @Nullable Object[features.size()][];
    for (int i = 0; i < numbers.length; i++) {
      boolean text = features.get(i).type() == ColumnType.STRING;
      numbers[i] = new double[text ? 0 : rows];
      texts[i] = new @Nullable Object[text ? rows : 0];
    }
    this.values = whole ? new @Nullable FeatureValues[rows] : null;
  }

  /**
   * Answers all rows.
   *
   * @param keys the key of each row, or null for one without
   * @param times the moment of each row
   * @param whole whether {@link #values} will be asked for
   */
  static PointInTimeAnswers of(
      Evaluator evaluator,
      EventIndex index,
      @Nullable EntityKey[] keys,
      long[] times,
      boolean whole) {
    FeatureView view = evaluator.view();
    PointInTimeAnswers answers = new PointInTimeAnswers(view, keys.length, whole);
    Map<EntityKey, Integer> groups = new HashMap<>();
    int[] groupOf = new int[keys.length];
    for (int row = 0; row < keys.length; row++) {
      EntityKey key = keys[row];
      groupOf[row] = key == null ? -1 : groups.computeIfAbsent(key, k -> groups.size());
      if (key == null) {
        answers.put(row, FeatureValues.none(view));
      }
    }
    int[][] rowsOf = rowsOf(groupOf, groups.size());
    for (Map.Entry<EntityKey, Integer> group : groups.entrySet()) {
      int[] rows = rowsOf[group.getValue()];
      RowSort.sort(rows, 0, rows.length, (one, other) -> Long.compare(times[one], times[other]));
      Sweep sweep = evaluator.sweep(index.of(group.getKey()));
      for (int row : rows) {
        sweep.advance(times[row]);
        answers.put(row, sweep);
      }
    }
    return answers;
  }

  /** The value of a feature that is a number, as {@link FeatureValues#number(int)} gives it. */
  double number(int feature, int row) {
    return numbers[feature][row];
  }

  /** The value of a feature that is a text. */
  @Nullable String text(int feature, int row) {
    return (String) texts[feature][row];
  }

  /** All values of a row, if they were to be kept whole. */
  FeatureValues values(int row) {
    FeatureValues found = values == null ? null : values[row];
    if (found == null) {
      throw new IllegalStateException("the values of view \"" + view.name() + "\" were not kept");
    }
    return found;
  }

  private void put(int row, Sweep sweep) {
    if (values != null) {
      put(row, sweep.values());
      return;
    }
    for (int i = 0; i < numbers.length; i++) {
      if (texts[i].length > 0) {
        texts[i][row] = sweep.value(i);
      } else {
        numbers[i][row] = sweep.number(i);
      }
    }
  }

  private void put(int row, FeatureValues found) {
    for (int i = 0; i < numbers.length; i++) {
      if (texts[i].length > 0) {
        texts[i][row] = found.value(i);
      } else {
        numbers[i][row] = found.number(i);
      }
    }
    if (values != null) {
      values[row] = found;
    }
  }

  private static int[][] rowsOf(int[] groupOf, int groups) {
    int[] sizes = new int[groups];
    for (int group : groupOf) {
      if (group >= 0) {
        sizes[group]++;
      }
    }
    int[][] rowsOf = new int[groups][];
    for (int group = 0; group < groups; group++) {
      rowsOf[group] = new int[sizes[group]];
    }
    Arrays.fill(sizes, 0);
    for (int row = 0; row < groupOf.length; row++) {
      if (groupOf[row] >= 0) {
        rowsOf[groupOf[row]][sizes[groupOf[row]]++] = row;
      }
    }
    return rowsOf;
  }
}
