package dev.mlops4j.evaluation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;

/**
 * How good probabilities of several classes were.
 *
 * <p>A macro average is the plain mean over the classes, a weighted one counts each class by its
 * rows; both leave out classes for which the metric is not defined, as scikit-learn does with
 * {@code zero_division=nan}, and are NaN if no class that has rows is left. The micro averages of
 * precision, recall and F1 are all the accuracy, as each row has one class.
 *
 * @param confusion actual against predicted classes
 * @param logLoss the mean negative natural logarithm of the probability given to what came true,
 *     clipped as in {@link BinaryEvaluation}; probabilities are taken as they are, also if they do
 *     not add up to 1
 * @param brier the mean of the squared differences of the probabilities from 1 for what came true
 *     and 0 for the other classes, added up over the classes: 0 to 2
 * @param calibrationError the expected calibration error of the most probable class, in ten bins
 * @param aucByClass of each class the area under the ROC curve of it against all others; NaN where
 *     all or no rows are of the class
 * @param intervals 95 % confidence intervals by the names of {@link #metrics}: Wilson's of
 *     accuracy, micro averages and weighted recall, which are all the accuracy; in their logit, by
 *     the delta method on the confusion matrix those of the other averages, and by DeLong's
 *     structural components, added up over the classes, those of the AUCs; the normal approximation
 *     of log loss and Brier score. The calibration error has none, as in {@link BinaryEvaluation},
 *     and the AUCs have none where a class has one row
 */
public record MulticlassEvaluation(
    ConfusionMatrix confusion,
    double logLoss,
    double brier,
    double calibrationError,
    Map<String, Double> aucByClass,
    Map<String, Interval> intervals)
    implements Evaluation {

  /** Copies the maps. */
  public MulticlassEvaluation {
    aucByClass = Collections.unmodifiableMap(new LinkedHashMap<>(aucByClass));
    intervals = Collections.unmodifiableMap(new LinkedHashMap<>(intervals));
  }

  /** The classes, in the order in which they were given. */
  public List<String> classes() {
    return confusion.classes();
  }

  @Override
  public long rows() {
    long rows = 0;
    for (int i = 0; i < classes().size(); i++) {
      rows += confusion.row(i);
    }
    return rows;
  }

  /** The share of rows whose most probable class came true. */
  public double accuracy() {
    long right = 0;
    for (int i = 0; i < classes().size(); i++) {
      right += confusion.right(i);
    }
    return (double) right / rows();
  }

  /** The AUC of one class against the rest, averaged over the classes. */
  public double aucOneVersusRest() {
    return confusion.average(this::auc, false);
  }

  @Override
  public Map<String, Double> metrics() {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("log_loss", logLoss);
    metrics.put("accuracy", accuracy());
    metrics.put("brier", brier);
    metrics.put("calibration_error", calibrationError);
    metrics.put("auc_ovr", aucOneVersusRest());
    metrics.put("auc_ovr_weighted", confusion.average(this::auc, true));
    put(metrics, "precision", confusion::precision);
    put(metrics, "recall", confusion::recall);
    put(metrics, "f1", confusion::f1);
    metrics.put("rows", (double) rows());
    return Collections.unmodifiableMap(metrics);
  }

  private void put(Map<String, Double> metrics, String name, IntToDoubleFunction ofClass) {
    metrics.put(name + "_macro", confusion.average(ofClass, false));
    metrics.put(name + "_micro", accuracy());
    metrics.put(name + "_weighted", confusion.average(ofClass, true));
  }

  private double auc(int place) {
    return aucByClass.getOrDefault(classes().get(place), Double.NaN);
  }
}
