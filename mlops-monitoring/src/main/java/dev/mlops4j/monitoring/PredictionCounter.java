package dev.mlops4j.monitoring;

import dev.mlops4j.MlopsException;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.Signature.Task;
import dev.mlops4j.monitoring.ReferenceColumn.Shape;
import dev.mlops4j.profile.BinEdges;
import dev.mlops4j.storage.StorageException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Counts the recorded predictions of one period in the bins and categories of a reference.
 *
 * <p>Features and labels are counted of all predictions, whatever version answered; what a model
 * predicts, alone and against what came true, only of the version that is judged. A prediction
 * whose version has no such feature, or whose vector is not kept, is no row of that feature: it
 * says nothing of it, not even that it is missing.
 */
final class PredictionCounter {

  private final Reference reference;
  private final int version;
  private final IntFunction<Signature> signatures;
  private final Map<Integer, Layout> layouts = new HashMap<>();
  private final PeriodCounts counts;
  private final int inputs;
  private final Task task;

  /**
   * Counts nothing yet.
   *
   * @param signatures the signature of each version, by which its vectors are read
   */
  PredictionCounter(Reference reference, int version, IntFunction<Signature> signatures) {
    this.reference = reference;
    this.version = version;
    this.signatures = signatures;
    this.counts = new PeriodCounts(reference.columns());
    this.inputs = reference.signature().inputs().size();
    this.task = reference.signature().output().task();
  }

  PeriodCounts counts() {
    return counts;
  }

  /**
   * Counts one.
   *
   * @param label the outcome as the ledger holds it, or null
   */
  void add(int answeredBy, double[] vector, double[] output, @Nullable String label) {
    Layout layout = layouts.computeIfAbsent(answeredBy, this::layout);
    counts.rows++;
    counts.versions.merge(answeredBy, 1L, Long::sum);
    for (int i = 0; i < inputs; i++) {
      ReferenceColumn column = reference.columns().get(i);
      ColumnCounts into = counts.columns[i];
      int position = layout.position[i];
      if (column.problem() != null || position < 0 || position >= vector.length) {
        continue;
      }
      into.rows++;
      if (column.shape() == Shape.NUMBERS) {
        addNumber(into, column, vector[position]);
      } else if (column.shape() == Shape.CATEGORIES) {
        addCode(into, layout.categories[i], vector[position]);
      } else if (Double.isNaN(vector[position])) {
        into.missing++;
      }
    }
    addOutput(answeredBy == version, layout, output, label);
  }

  private void addOutput(boolean judged, Layout layout, double[] output, @Nullable String label) {
    ColumnCounts predictions = counts.columns[inputs];
    ReferenceColumn column = reference.columns().get(inputs);
    if (judged && column.problem() == null) {
      predictions.rows++;
      if (task == Task.MULTICLASS) {
        addCategory(predictions, column, layout.label(output));
      } else {
        addNumber(predictions, column, output.length > 0 ? output[0] : Double.NaN);
      }
    }
    if (label != null && LabelledRows.isOutcome(task, label)) {
      addLabel(judged, layout, output, label);
    }
  }

  private void addLabel(boolean judged, Layout layout, double[] output, String label) {
    boolean usable = LabelledRows.isUsable(task, layout.labels, output);
    double number = task == Task.MULTICLASS ? Double.NaN : OutcomeText.number(label);
    counts.addLabelled();
    if (usable) {
      addPair(layout, output, label, number);
    }
    ReferenceColumn column = reference.columns().get(inputs + 1);
    if (column.problem() == null) {
      ColumnCounts labels = counts.columns[inputs + 1];
      labels.rows++;
      switch (task) {
        case BINARY -> labels.counts[number != 0 ? 1 : 0]++;
        case REGRESSION -> addNumber(labels, column, number);
        case MULTICLASS -> addCategory(labels, column, label);
      }
    }
    if (task == Task.BINARY && judged && usable) {
      addGap(number != 0, output[0]);
    }
  }

  private void addPair(Layout layout, double[] output, String label, double number) {
    if (task == Task.MULTICLASS) {
      List<String> classes = reference.signature().output().labels();
      counts.addClass(classes.indexOf(label), layout.inOrderOf(classes, output));
    } else {
      counts.addPair(output[0], number);
    }
  }

  private void addGap(boolean actual, double predicted) {
    if (reference.columns().get(inputs + 2).problem() == null) {
      ColumnCounts gap = counts.columns[inputs + 2];
      gap.rows++;
      gap.counts[actual ? 1 : 0]++;
      gap.predicted += predicted;
    }
  }

  private static void addNumber(ColumnCounts into, ReferenceColumn column, double number) {
    BinEdges edges = column.edges();
    if (edges == null || !Double.isFinite(number)) {
      into.missing++;
    } else {
      into.counts[edges.binOf(number)]++;
    }
  }

  private static void addCode(ColumnCounts into, int[] categories, double code) {
    // NaN, and whatever is no code of this signature, is a category that was not known.
    if (code >= 0 && code < categories.length && code == Math.rint(code)) {
      int index = categories[(int) code];
      if (index >= 0) {
        into.counts[index]++;
      } else {
        into.unseen++;
      }
    } else {
      into.missing++;
    }
  }

  private static void addCategory(ColumnCounts into, ReferenceColumn column, String category) {
    int index = column.indexOf(category);
    if (index >= 0) {
      into.counts[index]++;
    } else {
      into.unseen++;
    }
  }

  private Layout layout(int answeredBy) {
    Signature from = signature(answeredBy);
    List<Input> takes = from == null ? List.of() : from.inputs();
    int[] position = new int[inputs];
    int[][] categories = new int[inputs][];
    for (int i = 0; i < inputs; i++) {
      ReferenceColumn column = reference.columns().get(i);
      position[i] = position(takes, reference.signature().inputs().get(i));
      categories[i] =
          position[i] < 0
              ? new int[0]
              : takes.get(position[i]).categories().stream().mapToInt(column::indexOf).toArray();
    }
    return new Layout(position, categories, from == null ? List.of() : from.output().labels());
  }

  /** Where the inputs have one of this name and type, or -1. */
  private static int position(List<Input> inputs, Input input) {
    for (int i = 0; i < inputs.size(); i++) {
      if (inputs.get(i).name().equals(input.name())) {
        return inputs.get(i).type() == input.type() ? i : -1;
      }
    }
    return -1;
  }

  /** Null if nothing says what the vectors and outputs of a version mean. */
  private @Nullable Signature signature(int answeredBy) {
    if (answeredBy == version) {
      return reference.signature();
    }
    try {
      return signatures.apply(answeredBy);
    } catch (StorageException e) {
      // It may be known another time.
      throw e;
    } catch (MlopsException e) {
      return null;
    }
  }

  /** Where a version's vectors have the columns of the reference. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Layout(int[] position, int[][] categories, List<String> labels) {

    /** The probabilities of these classes; 0 for one that the version does not have. */
    double[] inOrderOf(List<String> classes, double[] output) {
      double[] ordered = new double[classes.size()];
      for (int i = 0; i < ordered.length; i++) {
        int place = labels.indexOf(classes.get(i));
        ordered[i] = place >= 0 && place < output.length ? output[place] : 0;
      }
      return ordered;
    }

    String label(double[] output) {
      int best = 0;
      for (int i = 1; i < Math.min(output.length, labels.size()); i++) {
        if (output[i] > output[best]) {
          best = i;
        }
      }
      return labels.isEmpty() ? "" : labels.get(best);
    }
  }
}
