package dev.mlops4j.validation;

import dev.mlops4j.profile.ColumnProfile;
import dev.mlops4j.profile.DatasetProfile;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks that a reference suggests, to be reviewed by somebody who knows the data: the text of
 * {@link #toJava} is meant to be taken into the program and changed there. Immutable, safe for any
 * number of threads.
 *
 * <pre>{@code
 * System.out.println(Expectations.suggest("flights", DatasetProfile.of(january)).toJava());
 * }</pre>
 *
 * <p>The rules. What is in <em>italics</em> only warns.
 *
 * <ul>
 *   <li>Rows: from half as many as the reference has to twice as many.
 *   <li>Each column: that it is there, and its type.
 *   <li>Missing values: none if the reference has none among 1,000 rows or more; else half as many
 *       again as it has, and a hundredth of the rows more. Nothing if that is all of them.
 *   <li>Numbers: <em>from the least to the greatest, and a quarter of the range more at both ends,
 *       rounded outwards to two digits; what is never negative stays so</em>. Nothing if the
 *       reference has NaN or infinities.
 *   <li>Text of at most 20 categories, each there ten times on average: no other category. Of more,
 *       up to 1,000 each there ten times on average: <em>at most a hundredth of others</em>.
 *   <li>Numbers, BOOLEAN and such text in 1,000 rows or more: <em>a distance of at most 0.2 from
 *       the reference's distribution</em>; see {@link ReferenceExpectations#distanceAtMost}.
 *   <li>A sensitive column, arrays, free text and instants: nothing of the values. How old data may
 *       be ({@link ColumnExpectations#freshWithin}) and what is unique ({@link
 *       Expectations.Builder#unique}) a profile does not tell.
 * </ul>
 */
public final class SuggestedExpectations {

  private static final String INDENT = "    ";

  private final String name;
  private final DatasetProfile reference;
  private final List<SuggestedCheck> checks;

  private SuggestedExpectations(
      String name, DatasetProfile reference, List<SuggestedCheck> checks) {
    this.name = name;
    this.reference = reference;
    this.checks = List.copyOf(checks);
  }

  static SuggestedExpectations of(String name, DatasetProfile reference) {
    List<SuggestedCheck> checks = new ArrayList<>();
    for (ColumnProfile column : reference.columns()) {
      checks.addAll(ColumnSuggestions.of(column, reference));
    }
    return new SuggestedExpectations(name, reference, checks);
  }

  /**
   * The expectations, as {@link #toJava} states them.
   *
   * @throws IllegalStateException if the reference has neither rows nor columns
   */
  public Expectations expectations() {
    Expectations.Builder builder = Expectations.named(name);
    if (reference.rowCount() > 0) {
      builder.rowCount(leastRows(), mostRows());
    }
    for (SuggestedCheck check : checks) {
      builder.column(check.severity(), check.column(), check::addTo);
    }
    return builder.build();
  }

  /**
   * The expectations as an expression of Java, with a line a column and severity. It uses the
   * classes {@code Expectations}, {@code Severity} and {@code ColumnType}, and the variable {@code
   * reference}, which is the profile. Names are literals in ASCII, whatever is in them.
   */
  public String toJava() {
    StringBuilder java = new StringBuilder("Expectations.named(" + JavaText.of(name) + ")\n");
    if (reference.rowCount() > 0) {
      java.append(INDENT)
          .append(".rowCount(" + JavaText.of(leastRows()) + ", " + JavaText.of(mostRows()) + ")\n");
    }
    for (SuggestedCheck check : checks) {
      java.append(INDENT).append(check.toJava()).append('\n');
    }
    return java.append(INDENT).append(".build()").toString();
  }

  /** The same as {@link #toJava()}. */
  @Override
  public String toString() {
    return toJava();
  }

  private int leastRows() {
    return (int) Math.min(Integer.MAX_VALUE, reference.rowCount() / 2);
  }

  private int mostRows() {
    return (int) Math.min(Integer.MAX_VALUE, reference.rowCount() * 2);
  }
}
