package dev.mlops4j.validation;

import dev.mlops4j.data.Column;
import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DoubleColumn;
import dev.mlops4j.data.LongColumn;
import dev.mlops4j.data.StringColumn;
import dev.mlops4j.data.TimestampColumn;
import dev.mlops4j.profile.DatasetProfile;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What is expected of one column's values; see {@link Expectations.Builder#column}. Missing values
 * are the matter of {@link #nullShareAtMost} alone. A column of a type that cannot be checked as
 * asked violates the expectation. Not safe for use by several threads.
 */
public final class ColumnExpectations {

  private static final int MOST_ALLOWED_SHOWN = 20;

  private final Severity severity;
  private final String column;
  private final List<Expectation> target;

  ColumnExpectations(Severity severity, String column, List<Expectation> target) {
    this.severity = severity;
    this.column = column;
    this.target = target;
  }

  /** That the column is of this type. */
  public ColumnExpectations type(ColumnType type) {
    return expect(
        "is " + type,
        (data, values) -> Finding.of(values.type() == type, "it is " + values.type()));
  }

  /**
   * That at most this share of the rows, from 0 to 1, has no value. A dataset without rows meets
   * it.
   *
   * @throws IllegalArgumentException if the share is not from 0 to 1
   */
  public ColumnExpectations nullShareAtMost(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw refused("nullShareAtMost", "is from 0 to 1, found " + share);
    }
    return expect(
        share == 0 ? "no value missing" : "at most a share of " + share + " missing",
        (data, values) -> {
          Finding missing = Finding.ofRows(values.size(), values::isMissing, null);
          return values.size() == 0 || (double) missing.violations() / values.size() <= share
              ? Finding.of(true, missing.violations() + " of " + values.size() + " missing")
              : missing;
        });
  }

  /**
   * That every number is from {@code least} to {@code most}, both included, which may be infinite;
   * NaN is not.
   *
   * @throws IllegalArgumentException if {@code least} is greater than {@code most} or one is NaN
   */
  public ColumnExpectations between(double least, double most) {
    if (!(least <= most)) {
      throw refused("between", "takes least <= most, found " + least + " and " + most);
    }
    return expect(
        "between " + Finding.plain(least) + " and " + Finding.plain(most),
        (data, values) -> {
          if (values instanceof DoubleColumn doubles) {
            return rows(
                data,
                values,
                row -> !(doubles.doubleAt(row) >= least && doubles.doubleAt(row) <= most));
          }
          if (values instanceof LongColumn longs) {
            return rows(data, values, row -> longs.longAt(row) < least || longs.longAt(row) > most);
          }
          return wrongType(values, "a number");
        });
  }

  /**
   * That every text is one of these.
   *
   * @throws IllegalArgumentException if there are none
   */
  public ColumnExpectations oneOf(String... allowed) {
    return oneOf(List.of(allowed));
  }

  /**
   * That every text is one of these: the categories are known.
   *
   * @throws IllegalArgumentException if there are none
   */
  public ColumnExpectations oneOf(Collection<String> allowed) {
    if (allowed.isEmpty()) {
      throw refused("oneOf", "takes at least one text, found none");
    }
    Set<String> known = new LinkedHashSet<>(allowed);
    String shown =
        String.join(", ", known.stream().limit(MOST_ALLOWED_SHOWN).toList())
            + (known.size() > MOST_ALLOWED_SHOWN ? ", ... (" + known.size() + ")" : "");
    return expectText("one of " + shown, known::contains);
  }

  /** That every number of an INT64 column is one of these, such as codes. */
  public ColumnExpectations oneOf(long first, long... others) {
    long[] known = LongStream.concat(LongStream.of(first), LongStream.of(others)).toArray();
    String shown =
        LongStream.of(known)
                .limit(MOST_ALLOWED_SHOWN)
                .mapToObj(String::valueOf)
                .collect(Collectors.joining(", "))
            + (known.length > MOST_ALLOWED_SHOWN ? ", ... (" + known.length + ")" : "");
    Arrays.sort(known);
    return expect(
        "one of " + shown,
        (data, values) ->
            values instanceof LongColumn longs
                ? rows(data, values, row -> Arrays.binarySearch(known, longs.longAt(row)) < 0)
                : wrongType(values, "INT64"));
  }

  /**
   * That every text as a whole matches this pattern. Each distinct text is matched once; a pattern
   * that takes exponential time for some texts takes it here too.
   *
   * @param regex a regular expression as {@link Pattern} describes it
   * @throws PatternSyntaxException if it is none
   */
  public ColumnExpectations matches(String regex) {
    Pattern pattern;
    try {
      pattern = Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      PatternSyntaxException said =
          new PatternSyntaxException(
              "matches of column \""
                  + column
                  + "\" takes a regular expression of java.util.regex.Pattern, such as"
                  + " \"[A-Z]{2}\"; found one with: "
                  + e.getDescription(),
              regex,
              e.getIndex());
      said.initCause(e);
      throw said;
    }
    return expectText("matches " + regex, text -> pattern.matcher(text).matches());
  }

  /**
   * That every instant is in the period: at or after {@code from} and before {@code to}, which may
   * be {@link Instant#MIN} and {@link Instant#MAX}.
   *
   * @throws IllegalArgumentException if {@code from} is not before {@code to}
   */
  public ColumnExpectations inPeriod(Instant from, Instant to) {
    if (!from.isBefore(to)) {
      throw refused("inPeriod", "takes from before to, found " + from + " and " + to);
    }
    long first = Freshness.micros(from);
    long end = Freshness.micros(to);
    return expect(
        "from " + from + " to before " + to,
        (data, values) ->
            values instanceof TimestampColumn times
                ? rows(
                    data, values, row -> times.microsAt(row) < first || times.microsAt(row) >= end)
                : wrongType(values, "a timestamp"));
  }

  /** As {@link #freshWithin(Duration, InstantSource)}, at a stated moment. */
  public ColumnExpectations freshWithin(Duration age, Instant now) {
    return fresh(age, InstantSource.fixed(now), now.toString());
  }

  /**
   * That the latest instant is at most this much before now, as the clock says when the dataset is
   * checked. Instants after now do not count, so that one wrong date does not make old data fresh;
   * see {@link #notAfterNow}. Data without an instant up to now violate it.
   *
   * @param age at least zero
   * @throws IllegalArgumentException if {@code age} is negative
   */
  public ColumnExpectations freshWithin(Duration age, InstantSource clock) {
    return fresh(age, clock, "now");
  }

  private ColumnExpectations fresh(Duration age, InstantSource clock, String now) {
    checkNotNegative("freshWithin", age);
    return expect(
        "latest at most " + age + " before " + now,
        (data, values) ->
            values instanceof TimestampColumn times
                ? Freshness.check(times, age, clock.instant(), isSensitive(data))
                : wrongType(values, "a timestamp"));
  }

  /** As {@link #notAfterNow(Duration, InstantSource)}, at a stated moment. */
  public ColumnExpectations notAfterNow(Duration tolerance, Instant now) {
    return notAfter(tolerance, InstantSource.fixed(now), now.toString());
  }

  /**
   * That no instant is later than now, as the clock says when the dataset is checked, plus a
   * tolerance for clocks that differ.
   *
   * @param tolerance at least zero
   * @throws IllegalArgumentException if {@code tolerance} is negative
   */
  public ColumnExpectations notAfterNow(Duration tolerance, InstantSource clock) {
    return notAfter(tolerance, clock, "now");
  }

  private ColumnExpectations notAfter(Duration tolerance, InstantSource clock, String now) {
    checkNotNegative("notAfterNow", tolerance);
    return expect(
        "none later than " + now + (tolerance.isZero() ? "" : " plus " + tolerance),
        (data, values) -> {
          if (!(values instanceof TimestampColumn times)) {
            return wrongType(values, "a timestamp");
          }
          long last = Freshness.micros(Freshness.later(clock.instant(), tolerance));
          return rows(data, values, row -> times.microsAt(row) > last);
        });
  }

  /**
   * How much the column may differ from the column of the same name of a reference.
   *
   * <pre>{@code
   * .column("carrier", c -> c.against(january, r -> r.distanceAtMost(0.1).unseenShareAtMost(0.001)))
   * }</pre>
   *
   * @throws dev.mlops4j.profile.ProfileException if the reference has no such column; the message
   *     lists those that it has
   */
  public ColumnExpectations against(
      DatasetProfile reference, Consumer<? super ReferenceExpectations> bounds) {
    bounds.accept(new ReferenceExpectations(reference, reference.column(column), this));
    return this;
  }

  private void checkNotNegative(String what, Duration duration) {
    if (duration.isNegative()) {
      throw refused(what, "takes a duration of at least zero, found " + duration);
    }
  }

  /** What to throw when this expectation of the column cannot be meant. */
  IllegalArgumentException refused(String what, String why) {
    return new IllegalArgumentException(what + " of column \"" + column + "\" " + why);
  }

  private boolean isSensitive(Dataset data) {
    return data.schema().field(column).sensitive();
  }

  /** A text is judged once, however many rows hold it. */
  private ColumnExpectations expectText(String asked, Predicate<String> allowed) {
    return expect(
        asked,
        (data, values) -> {
          if (!(values instanceof StringColumn strings)) {
            return wrongType(values, "text");
          }
          boolean[] good = new boolean[strings.dictionary().size()];
          for (int code = 0; code < good.length; code++) {
            good[code] = allowed.test(strings.dictionary().get(code));
          }
          return rows(data, values, row -> !good[strings.codeAt(row)]);
        });
  }

  private Finding rows(Dataset data, Column values, IntPredicate violates) {
    @Nullable Column shown = isSensitive(data) ? null : values;
    return Finding.ofRows(
        values.size(), row -> !values.isMissing(row) && violates.test(row), shown);
  }

  private static Finding wrongType(Column values, String asked) {
    return Finding.of(false, "a column of " + values.type() + ", which is not " + asked);
  }

  ColumnExpectations expect(String asked, BiFunction<Dataset, Column, Finding> check) {
    target.add(
        new Expectation(severity, column, asked, data -> check.apply(data, data.column(column))));
    return this;
  }
}
