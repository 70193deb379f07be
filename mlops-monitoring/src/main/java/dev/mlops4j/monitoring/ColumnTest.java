package dev.mlops4j.monitoring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the tests of one column gave.
 *
 * @param column the column
 * @param aspects the respects in which it could be compared; empty if in none
 * @param referenceRows how many rows of the reference have a value
 * @param windowRows how many rows of the window have a value
 * @param why if there is no aspect, why
 * @param failed whether that is because something went wrong
 * @param ofChange whether effects are changes from one period to the next
 */
record ColumnTest(
    ReferenceColumn column,
    List<AspectTest> aspects,
    long referenceRows,
    long windowRows,
    String why,
    boolean failed,
    boolean ofChange) {

  ColumnTest(
      ReferenceColumn column,
      List<AspectTest> aspects,
      long referenceRows,
      long windowRows,
      String why,
      boolean failed) {
    this(column, aspects, referenceRows, windowRows, why, failed, false);
  }

  /**
   * One respect.
   *
   * @param aspect the respect
   * @param category the category that leads, or null
   * @param effect how great the difference is
   * @param test which test gave the p-value, for people; null if the effect is below the floor
   * @param p the p-value: 1 if the effect is below the floor
   * @param rho how far periods resemble their neighbours
   * @param weight what it counts among the aspects of the column
   */
  record AspectTest(
      Aspect aspect,
      @Nullable String category,
      double effect,
      @Nullable String test,
      double p,
      double rho,
      double weight) {

    /** One between periods. */
    AspectTest(Aspect aspect, @Nullable String category, double effect, double p, double rho) {
      this(aspect, category, effect, p < 1 ? PeriodTest.NAME : null, p, rho, 1);
    }

    /** What leads; 1, which also says that the effect is below the floor, stays the last. */
    double weighed() {
      return p < 1 ? p / weight : Double.POSITIVE_INFINITY;
    }

    static AspectTest of(Aspect aspect, PeriodTest test) {
      return new AspectTest(aspect, null, test.effect(), floored(aspect, test), test.rho());
    }

    static double floored(Aspect aspect, PeriodTest test) {
      return Math.abs(test.effect()) < aspect.floor() ? 1 : test.p();
    }
  }

  static ColumnTest failed(ReferenceColumn column, String why) {
    return new ColumnTest(column, List.of(), 0, 0, why, true);
  }

  boolean tested() {
    return !aspects.isEmpty();
  }

  /** One p-value for all aspects. */
  double p() {
    return ManyTests.simes(
        aspects.stream().mapToDouble(AspectTest::p).toArray(),
        aspects.stream().mapToDouble(AspectTest::weight).toArray());
  }

  /**
   * The aspect with the smallest p-value for its weight; of several the one with the largest
   * effect.
   */
  AspectTest lead() {
    AspectTest lead = aspects.get(0);
    for (AspectTest aspect : aspects) {
      int weighed = Double.compare(aspect.weighed(), lead.weighed());
      if (weighed < 0 || (weighed == 0 && Math.abs(aspect.effect) > Math.abs(lead.effect))) {
        lead = aspect;
      }
    }
    return lead;
  }

  /**
   * Whether the largest effect would matter, but is of a number that only wanders: then it cannot
   * be told from a season.
   */
  boolean wanders() {
    AspectTest largest = aspects.get(0);
    for (AspectTest aspect : aspects) {
      if (Math.abs(aspect.effect) > Math.abs(largest.effect)) {
        largest = aspect;
      }
    }
    return largest.rho >= PeriodTest.MAX_RHO && Math.abs(largest.effect) >= largest.aspect.floor();
  }

  /** The verdicts of one window: Benjamini-Hochberg over its columns. */
  static List<Verdict> verdicts(List<ColumnTest> tests, double alpha, int pending) {
    List<ColumnTest> tested = tests.stream().filter(ColumnTest::tested).toList();
    // What is not due yet counts as if it were fine, so that what alerts now alerts then too.
    double[] p = new double[tested.size() + pending];
    Arrays.fill(p, 1);
    for (int i = 0; i < tested.size(); i++) {
      p[i] = tested.get(i).p();
    }
    double[] q = ManyTests.benjaminiHochberg(p);
    List<Verdict> verdicts = new ArrayList<>();
    int next = 0;
    for (ColumnTest test : tests) {
      verdicts.add(
          test.tested()
              ? VerdictWords.verdict(test, q[next++], alpha)
              : VerdictWords.untested(test));
    }
    return verdicts;
  }
}
