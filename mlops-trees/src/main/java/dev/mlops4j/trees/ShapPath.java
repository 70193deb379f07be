package dev.mlops4j.trees;

import java.util.Arrays;

/**
 * The features on the way to a node, each once, with the share of all subsets of them that the row
 * goes on with. Element 0 stands for no feature.
 */
final class ShapPath {

  private final int[] feature;

  /** Of each feature: the share of the training data that goes on if the feature is unknown. */
  private final double[] zero;

  /** Of each feature: 1 if the row goes on when the feature is known, else 0. */
  private final double[] one;

  /** Of each size of a subset: its weight. */
  private final double[] weight;

  private int last;

  private ShapPath(int[] feature, double[] zero, double[] one, double[] weight, int last) {
    this.feature = feature;
    this.zero = zero;
    this.one = one;
    this.weight = weight;
    this.last = last;
  }

  /** Returns the path to a root. */
  static ShapPath root() {
    return new ShapPath(new int[] {-1}, new double[] {1}, new double[] {1}, new double[] {1}, 0);
  }

  /** Returns a copy that is longer by one feature (EXTEND). */
  ShapPath extended(double zeroShare, double oneShare, int of) {
    int end = last + 1;
    ShapPath path =
        new ShapPath(
            Arrays.copyOf(feature, end + 1),
            Arrays.copyOf(zero, end + 1),
            Arrays.copyOf(one, end + 1),
            Arrays.copyOf(weight, end + 1),
            end);
    path.feature[end] = of;
    path.zero[end] = zeroShare;
    path.one[end] = oneShare;
    path.weight[end] = 0;
    for (int i = end - 1; i >= 0; i--) {
      path.weight[i + 1] += oneShare * path.weight[i] * (i + 1) / (end + 1);
      path.weight[i] = zeroShare * path.weight[i] * (end - i) / (end + 1);
    }
    return path;
  }

  int last() {
    return last;
  }

  int feature(int i) {
    return feature[i];
  }

  double zero(int i) {
    return zero[i];
  }

  double one(int i) {
    return one[i];
  }

  /** Returns where a feature is on the path, -1 if it is not. */
  int find(int wanted) {
    for (int i = 1; i <= last; i++) {
      if (feature[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  /** Returns a copy without one feature (UNWIND). */
  ShapPath without(int index) {
    ShapPath path =
        new ShapPath(feature.clone(), zero.clone(), one.clone(), weight.clone(), last - 1);
    double next = weight[last];
    for (int i = last - 1; i >= 0; i--) {
      if (one[index] != 0) {
        path.weight[i] = next * (last + 1) / ((i + 1) * one[index]);
        next = weight[i] - path.weight[i] * zero[index] * (last - i) / (last + 1);
      } else {
        path.weight[i] = weight[i] * (last + 1) / (zero[index] * (last - i));
      }
    }
    for (int i = index; i < last; i++) {
      path.feature[i] = feature[i + 1];
      path.zero[i] = zero[i + 1];
      path.one[i] = one[i + 1];
    }
    return path;
  }

  /** Returns what a leaf's value counts for a feature on the path to it. */
  double share(int index) {
    double total = 0;
    double next = weight[last];
    for (int i = last - 1; i >= 0; i--) {
      if (one[index] != 0) {
        double unwound = next * (last + 1) / ((i + 1) * one[index]);
        total += unwound;
        next = weight[i] - unwound * zero[index] * (last - i) / (last + 1);
      } else {
        total += weight[i] * (last + 1) / (zero[index] * (last - i));
      }
    }
    return total * (one[index] - zero[index]);
  }
}
