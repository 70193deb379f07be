package dev.mlops4j.validation;

import dev.mlops4j.data.Column;
import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.StringColumn;
import dev.mlops4j.profile.CategorySummary;
import dev.mlops4j.profile.ColumnProfile;
import dev.mlops4j.profile.DatasetProfile;
import java.util.function.BiFunction;

/**
 * How much a column may differ from a reference, such as the profile of last month's rows; see
 * {@link ColumnExpectations#against}. Not safe for use by several threads.
 *
 * <p>Bounds are sizes of an effect, not levels of significance: a large dataset does not violate
 * them by a difference that does not matter. Where there are too few rows, in the data or in the
 * reference, the outcome is {@link Outcome#NOT_ENOUGH_ROWS}: too few are those for which two
 * samples of the same distribution may differ by more than the bound. A violation is beyond that:
 * data that are like the reference are called violating with a probability of about 0.001 at most,
 * whatever the distribution, as long as rows are independent. Rows that follow each other in time
 * often are not; then the bound has to leave room for ordinary change from period to period, by
 * which the monitoring module judges.
 *
 * <p>INT64 and FLOAT64 are compared as numbers. A column of another type than the reference's, or
 * that is sensitive where the reference's is not, violates what is asked of its values.
 */
public final class ReferenceExpectations {

  private final DatasetProfile reference;
  private final ColumnProfile profile;
  private final ColumnExpectations target;

  ReferenceExpectations(
      DatasetProfile reference, ColumnProfile profile, ColumnExpectations target) {
    this.reference = reference;
    this.profile = profile;
    this.target = target;
  }

  /**
   * That the distribution of the values is at most this far from the reference's, by total
   * variation: half the sum of the differences of shares over groups, from 0 to 1, which is the
   * share of the values that would have to be others. A normal distribution moved by a quarter of
   * its standard deviation is 0.1 away. Missing values are not part of it.
   *
   * <p>The reference decides the groups. Numbers: the bins that hold its deciles, which are close
   * to single values where a histogram is there, the ranges between them, and NaN. The bins are
   * those of the reference's {@linkplain dev.mlops4j.profile.NumericSummary#histogram histogram};
   * without one, its single values if it has at most 64 and so do the data, otherwise the bins of
   * its sketch, which are coarse for numbers that are large compared with their spread. {@link
   * dev.mlops4j.profile.ProfileSeries#of(Dataset)} makes a profile with histograms. Categories:
   * each with at least 1 % of the reference's values, its others together, and those that it does
   * not have. A change within a group is not seen.
   *
   * <p>A bound of 0.1 takes some 1,400 values of numbers against a large reference, of 0.2 some
   * 350, twice as many against a reference of the same size.
   *
   * @param bound more than 0 and less than 1
   * @throws IllegalArgumentException if {@code bound} is not; or the column is sensitive, of whose
   *     values a profile has none, or a TIMESTAMP
   */
  public ReferenceExpectations distanceAtMost(double bound) {
    check("distanceAtMost", bound);
    if (profile.numbers().isEmpty() && profile.categories().isEmpty()) {
      throw refused("distanceAtMost", "numbers, BOOLEAN and STRING");
    }
    return expectOfValues(
        "distribution within " + bound + " of the reference's",
        (data, values) -> groups(data, values).compare("total variation", bound));
  }

  /**
   * That the share of the rows without a value is at most this far from the reference's, in either
   * direction: with 0.05, from 10 % to 15 % will do.
   *
   * @param bound more than 0 and less than 1
   * @throws IllegalArgumentException if {@code bound} is not
   */
  public ReferenceExpectations missingChangeAtMost(double bound) {
    check("missingChangeAtMost", bound);
    target.expect(
        "share missing within " + bound + " of the reference's",
        (data, values) -> {
          Groups groups = new Groups();
          groups.add("missing", profile.missing(), values.missingCount());
          groups.add(
              "values",
              profile.count() - profile.missing(),
              (long) values.size() - values.missingCount());
          return groups.compare("difference", bound);
        });
    return this;
  }

  /**
   * That at most this share of the values are categories that the reference does not have. There
   * are not enough rows if the data or the reference have no value. A category of which the
   * reference does not know whether it has it counts as seen, which it does for some beyond 1,000
   * categories and for texts of more than 256 characters: see {@link
   * CategorySummary#count(String)}.
   *
   * @param share from 0 to 1, 1 excluded
   * @throws IllegalArgumentException if {@code share} is not; or the column is sensitive, of whose
   *     values a profile has none, or not a STRING
   */
  public ReferenceExpectations unseenShareAtMost(double share) {
    if (!(share >= 0 && share < 1)) {
      throw target.refused("unseenShareAtMost", "is at least 0 and less than 1, found " + share);
    }
    if (profile.type() != ColumnType.STRING || profile.categories().isEmpty()) {
      throw refused("unseenShareAtMost", "STRING");
    }
    CategorySummary known = profile.categories().orElseThrow();
    return expectOfValues(
        share == 0
            ? "no category that the reference lacks"
            : "at most a share of " + share + " of categories that the reference lacks",
        (data, values) -> unseen(known, (StringColumn) values, share));
  }

  private static Finding unseen(CategorySummary known, StringColumn values, double share) {
    int present = values.size() - values.missingCount();
    if (present == 0 || known.count() == 0) {
      return Finding.tooFew(present + " values, and " + known.count() + " in the reference");
    }
    boolean[] unseen = new boolean[values.dictionary().size()];
    for (int code = 0; code < unseen.length; code++) {
      unseen[code] = CategoryGroups.isUnseen(known, values.dictionary().get(code));
    }
    Finding rows =
        Finding.ofRows(
            values.size(), row -> !values.isMissing(row) && unseen[values.codeAt(row)], values);
    return (double) rows.violations() / present <= share
        ? Finding.of(true, rows.violations() + " of " + present + " values unseen")
        : rows;
  }

  private Groups groups(Dataset data, Column values) {
    if (isNumber(profile.type())) {
      // The profile of this column alone, counted in the reference's bins.
      DatasetProfile found = DatasetProfile.of(data.columns(profile.name()), reference);
      return NumberGroups.of(profile.numbers().orElseThrow(), found.numbers(profile.name()));
    }
    return CategoryGroups.of(profile.categories().orElseThrow(), values);
  }

  private ReferenceExpectations expectOfValues(
      String asked, BiFunction<Dataset, Column, Finding> check) {
    target.expect(
        asked,
        (data, values) -> {
          boolean alike =
              values.type() == profile.type()
                  || (isNumber(values.type()) && isNumber(profile.type()));
          if (!alike) {
            return Finding.of(
                false,
                "a column of " + values.type() + ", which in the reference is " + profile.type());
          }
          if (data.schema().field(profile.name()).sensitive()) {
            return Finding.of(
                false, "a sensitive column, whose values are not compared; the reference has them");
          }
          return check.apply(data, values);
        });
    return this;
  }

  private static boolean isNumber(ColumnType type) {
    return type == ColumnType.FLOAT64 || type == ColumnType.INT64;
  }

  private void check(String what, double bound) {
    if (!(bound > 0 && bound < 1)) {
      throw target.refused(what, "is more than 0 and less than 1, found " + bound);
    }
  }

  private IllegalArgumentException refused(String what, String types) {
    return target.refused(
        what,
        "is for "
            + types
            + " whose values are in the reference, which has "
            + profile.type()
            + (profile.sensitive() ? ", sensitive" : "")
            + "; missingChangeAtMost is for any column");
  }
}
