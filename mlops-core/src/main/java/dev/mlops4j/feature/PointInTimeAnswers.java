package dev.mlops4j.feature;

import dev.mlops4j.data.ColumnType;
import java.util.Arrays;
import java.util.List;
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

  /** By feature, then row, of those that are texts or arrays. */
  private final @Nullable Object[][] objects;

  private final @Nullable FeatureValues @Nullable [] values;

  private PointInTimeAnswers(FeatureView view, int rows, boolean whole) {
    this.view = view;
    List<FeatureView.Feature> features = view.features();
    this.numbers = new double[features.size()][];
    this.objects = new @Nullable Object[features.size()][];
    for (int i = 0; i < numbers.length; i++) {
      ColumnType type = features.get(i).type();
      boolean object = type == ColumnType.STRING || type.kind() == ColumnType.Kind.FLOATS;
      numbers[i] = new double[object ? 0 : rows];
      objects[i] = new @Nullable Object[object ? rows : 0];
    }
    this.values = whole ? new @Nullable FeatureValues[rows] : null;
  }

  /**
   * Answers all rows.
   *
   * @param keys the key of each row, or null for one without
   * @param times the moment of each row
   * @param now when they are asked, for the view's retention
   * @param whole whether {@link #values} will be asked for
   */
  static PointInTimeAnswers of(
      Evaluator evaluator,
      EventIndex index,
      @Nullable EntityKey[] keys,
      long[] times,
      long now,
      boolean whole) {
    FeatureView view = evaluator.view();
    PointInTimeAnswers answers = new PointInTimeAnswers(view, keys.length, whole);
    KeyGroups groups = KeyGroups.of(index.numbers(keys), index.keyCount());
    int[] groupOf = groups.groupOf();
    int[] ends = new int[groups.count() + 1];
    for (int row = 0; row < keys.length; row++) {
      if (groupOf[row] < 0) {
        answers.put(row, FeatureValues.none(view));
      } else {
        ends[groupOf[row] + 1]++;
      }
    }
    for (int group = 0; group < groups.count(); group++) {
      ends[group + 1] += ends[group];
    }
    int[] rows = rowsByGroup(groupOf, ends);
    for (int group = 0; group < groups.count(); group++) {
      int begin = ends[group];
      int end = ends[group + 1];
      if (begin < end) {
        RowSort.sort(rows, begin, end, (one, other) -> Long.compare(times[one], times[other]));
        Sweep sweep = evaluator.sweep(index.events(groups.number(group)), now);
        for (int i = begin; i < end; i++) {
          sweep.advance(times[rows[i]]);
          answers.put(rows[i], sweep);
        }
      }
    }
    return answers;
  }

  /**
   * By row, the values of a feature that is a number, as {@link FeatureValues#number(int)} gives
   * them; not to be changed.
   */
  double[] numbers(int feature) {
    return numbers[feature];
  }

  /** By row, the values of a feature that is a text; not to be changed. */
  @Nullable Object[] texts(int feature) {
    return objects[feature];
  }

  /**
   * An element of a feature that is an array, as {@link FeatureValues#number(int, int)} gives it.
   */
  double number(int feature, int element, int row) {
    return FeatureValues.element(objects[feature][row], element);
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
      if (objects[i].length > 0) {
        objects[i][row] = sweep.value(i);
      } else {
        numbers[i][row] = sweep.number(i);
      }
    }
  }

  private void put(int row, FeatureValues found) {
    for (int i = 0; i < numbers.length; i++) {
      if (objects[i].length > 0) {
        objects[i][row] = found.value(i);
      } else {
        numbers[i][row] = found.number(i);
      }
    }
    if (values != null) {
      values[row] = found;
    }
  }

  private static int[] rowsByGroup(int[] groupOf, int[] ends) {
    int[] next = Arrays.copyOf(ends, ends.length - 1);
    int[] rows = new int[ends[ends.length - 1]];
    for (int row = 0; row < groupOf.length; row++) {
      if (groupOf[row] >= 0) {
        rows[next[groupOf[row]]++] = row;
      }
    }
    return rows;
  }
}
