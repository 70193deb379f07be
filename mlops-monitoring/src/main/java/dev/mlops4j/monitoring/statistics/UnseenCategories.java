package dev.mlops4j.monitoring.statistics;

import java.util.ArrayList;
import java.util.List;

/**
 * Categories of the current sample that the reference does not have.
 *
 * <p>A column of many rare categories always has some: what is to be expected without drift is the
 * share of the reference's rows whose category it has once (I. J. Good, "The population frequencies
 * of species and the estimation of population parameters", 1953, after A. M. Turing), so it is the
 * surplus over {@code expectedShare} that says something. Assumes independent rows. Of profiles
 * that do not count every category by itself, those that are not counted cannot be told. Cost:
 * linear in the categories.
 *
 * @param names the categories, in the order of the pair
 * @param rows how many rows of the current sample have one of them
 * @param share their share of the current sample, 0 to 1
 * @param expectedShare their share to be expected without drift, 0 to 1
 */
public record UnseenCategories(List<String> names, long rows, double share, double expectedShare) {

  /** Copies the list. */
  public UnseenCategories {
    names = List.copyOf(names);
  }

  /** What the current sample has and the reference has not. */
  public static UnseenCategories of(CategoryPair pair) {
    List<String> names = new ArrayList<>();
    long rows = 0;
    long once = 0;
    for (int i = 0; i < pair.size(); i++) {
      if (pair.referenceCount(i) == 0 && pair.currentCount(i) > 0) {
        names.add(pair.name(i));
        rows += pair.currentCount(i);
      }
      once += pair.referenceCount(i) == 1 ? 1 : 0;
    }
    return new UnseenCategories(
        names, rows, (double) rows / pair.currentSize(), (double) once / pair.referenceSize());
  }
}
