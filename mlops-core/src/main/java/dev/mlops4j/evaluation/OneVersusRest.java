package dev.mlops4j.evaluation;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The area under the ROC curve of each class against all others, and the standard errors of their
 * averages.
 *
 * <p>A row has a part in the area of every class: as a yes of its own and as a no of the others.
 * Its parts, DeLong's structural components, are added up before they are squared, so that how the
 * areas vary together counts: E. DeLong, D. DeLong and D. Clarke-Pearson, Biometrics 44 (1988), who
 * do so for several scores of the same rows. Of one class the variance is that of {@link DeLong},
 * and of two classes whose probabilities add up to 1, too. Where classes weigh by their rows, a row
 * also moves the weights. Cost: classes times n log n.
 */
final class OneVersusRest {

  private final double[] areas;
  private final int[] labels;
  private final int[] sizes;
  private final double[] plain;
  private final double[] weighted;
  private boolean known = true;

  OneVersusRest(double[][] probabilities, int[] labels, int classes) {
    this.labels = labels;
    areas = new double[classes];
    sizes = new int[classes];
    plain = new double[labels.length];
    weighted = new double[labels.length];
    for (int label : labels) {
      sizes[label]++;
    }
    int defined =
        (int) Arrays.stream(sizes).filter(size -> size > 0 && size < labels.length).count();
    for (int place = 0; place < classes; place++) {
      add(place, probabilities, defined);
    }
  }

  private void add(int place, double[][] probabilities, int defined) {
    int rows = labels.length;
    double[] scores = new double[rows];
    boolean[] yes = new boolean[rows];
    for (int i = 0; i < rows; i++) {
      scores[i] = probabilities[i][place];
      yes[i] = labels[i] == place;
    }
    BinaryScores sorted = BinaryScores.of(scores, yes);
    areas[place] = sorted.auc();
    double size = sizes[place];
    double others = rows - size;
    if (size == 0 || others == 0) {
      return;
    }
    if (size < 2 || others < 2) {
      // One row does not say how much another would differ.
      known = false;
      return;
    }
    double ofYes = Math.sqrt(size * (size - 1));
    double ofNo = Math.sqrt(others * (others - 1));
    for (int i = 0; i < rows; i++) {
      double part = (sorted.placement(scores[i], yes[i]) - areas[place]) / (yes[i] ? ofYes : ofNo);
      plain[i] += part / defined;
      weighted[i] += part * (size / rows);
    }
  }

  Map<String, Double> byClass(List<String> classes) {
    Map<String, Double> byClass = new LinkedHashMap<>();
    for (int place = 0; place < areas.length; place++) {
      byClass.put(classes.get(place), areas[place]);
    }
    return byClass;
  }

  /** The area of a class; NaN where all or no rows are of it. */
  double area(int place) {
    return areas[place];
  }

  /**
   * Puts the intervals of the averages.
   *
   * @param average the mean of the areas that are defined
   * @param byRows the same with each class counted by its rows
   */
  void putIntervals(Map<String, Interval> intervals, double average, double byRows) {
    if (!known) {
      return;
    }
    int rows = labels.length;
    for (int i = 0; i < rows; i++) {
      weighted[i] += (areas[labels[i]] - byRows) / Math.sqrt(rows * (rows - 1.0));
    }
    Interval.ofLogit(average, Influence.standardError(plain))
        .ifPresent(found -> intervals.put("auc_ovr", found));
    Interval.ofLogit(byRows, Influence.standardError(weighted))
        .ifPresent(found -> intervals.put("auc_ovr_weighted", found));
  }
}
