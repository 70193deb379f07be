package dev.mlops4j.monitoring;

import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Task;
import java.util.Arrays;
import java.util.List;

/** The performance of what was counted of a window. */
final class CountedPerformance {

  /** Stands for the classes that came true and that the reference does not have. */
  private static final String OTHER_CLASS = "(other class)";

  private CountedPerformance() {}

  static Performance unlabelled(long rows) {
    return new Performance(rows, 0, Double.NaN, Double.NaN, null);
  }

  static Performance of(Signature.Output output, PeriodCounts counts, boolean outcomesIn) {
    if (!outcomesIn) {
      return unlabelled(counts.rows);
    }
    if (output.task() == Task.MULTICLASS) {
      return multiclass(output.labels(), counts);
    }
    double[] predictions = counts.predictions();
    double[] labels = counts.labels();
    return new Performance(
        counts.rows,
        counts.labelled(),
        Arrays.stream(predictions).average().orElse(Double.NaN),
        Arrays.stream(labels).average().orElse(Double.NaN),
        LabelledRows.evaluation(output.task(), predictions, labels));
  }

  private static Performance multiclass(List<String> classes, PeriodCounts counts) {
    LabelledRows rows = new LabelledRows(Task.MULTICLASS);
    for (double[] row : counts.classes(classes.size())) {
      double[] probabilities = Arrays.copyOfRange(row, 1, row.length);
      rows.add(classes, probabilities, row[0] < 0 ? OTHER_CLASS : classes.get((int) row[0]));
    }
    return new Performance(
        counts.rows, counts.labelled(), Double.NaN, Double.NaN, rows.multiclass());
  }
}
