package dev.mlops4j.serving;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a predictor refuses a request for, beyond what cannot be computed. Everything is accepted
 * unless asked for here: models of trees take missing values, infinities and unseen categories.
 * Immutable.
 *
 * <pre>{@code
 * InputChecks.none().infinities().unseenCategories().missing("distance").outside(0.1)
 * }</pre>
 */
public final class InputChecks {

  private static final InputChecks NONE = new InputChecks(false, false, Set.of(), -1);

  private final boolean infinities;
  private final boolean unseenCategories;
  private final Set<String> missing;
  private final double margin;

  private InputChecks(
      boolean infinities, boolean unseenCategories, Set<String> missing, double margin) {
    this.infinities = infinities;
    this.unseenCategories = unseenCategories;
    this.missing = missing;
    this.margin = margin;
  }

  /** Refuses nothing. */
  public static InputChecks none() {
    return NONE;
  }

  /** Refuses infinite numbers too. */
  public InputChecks infinities() {
    return new InputChecks(true, unseenCategories, missing, margin);
  }

  /** Refuses categories too that the model's training did not see. */
  public InputChecks unseenCategories() {
    return new InputChecks(infinities, true, missing, margin);
  }

  /** Refuses missing values of these inputs too. */
  public InputChecks missing(String... inputs) {
    Set<String> all = new LinkedHashSet<>(missing);
    all.addAll(List.of(inputs));
    return new InputChecks(infinities, unseenCategories, Set.copyOf(all), margin);
  }

  /**
   * Refuses numbers too that lie outside the range seen in training, widened on both sides by this
   * share of its width. A model that is served without a package knows no ranges.
   *
   * @param share 0 or more, finite
   * @throws IllegalArgumentException if it is not
   */
  public InputChecks outside(double share) {
    if (!(share >= 0 && share < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "outside(...) takes a share of 0 or more, finite, found " + share);
    }
    return new InputChecks(infinities, unseenCategories, missing, share);
  }

  boolean refusesInfinities() {
    return infinities;
  }

  boolean refusesUnseenCategories() {
    return unseenCategories;
  }

  Set<String> refusedIfMissing() {
    return missing;
  }

  boolean refusesOutside() {
    return margin >= 0;
  }

  double margin() {
    return margin;
  }

  boolean isNone() {
    return !infinities && !unseenCategories && missing.isEmpty() && margin < 0;
  }
}
