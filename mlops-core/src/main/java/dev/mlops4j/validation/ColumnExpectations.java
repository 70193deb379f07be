package dev.mlops4j.validation;

import dev.mlops4j.data.Column;
import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DoubleColumn;
import dev.mlops4j.data.LongColumn;
import dev.mlops4j.data.StringColumn;
import dev.mlops4j.data.TimestampColumn;
import dev.mlops4j.data.Timestamps;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is expected of one column's values; see {@link Expectations.Builder#column}. Missing values
 * are the matter of {@link #nullShareAtMost} alone. A column of a type that cannot be checked as
 * asked violates the expectation. Not safe for use by several threads.
 */
public final class ColumnExpectations {

  private static final int MOST_ALLOWED_SHOWN = 20;
  private static final Instant EARLIEST = Timestamps.fromMicros(-Long.MAX_VALUE);
  private static final Instant LATEST = Timestamps.fromMicros(Long.MAX_VALUE);

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
      throw new IllegalArgumentException(
          "nullShareAtMost of column \"" + column + "\" is from 0 to 1, found " + share);
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
   * That every number is from {@code least} to {@code most}, both included; NaN is not.
   *
   * @throws IllegalArgumentException if {@code least} is greater than {@code most} or one is NaN
   */
  public ColumnExpectations between(double least, double most) {
    if (!(least <= most)) {
      throw new IllegalArgumentException(
          "between of column \""
              + column
              + "\" takes least <= most, found "
              + least
              + " and "
              + most);
    }
    return expect(
        "between " + plain(least) + " and " + plain(most),
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

  /** That every text is one of these. */
  public ColumnExpectations oneOf(String... allowed) {
    return oneOf(List.of(allowed));
  }

  /** That every text is one of these: the categories are known. */
  public ColumnExpectations oneOf(Collection<String> allowed) {
    Set<String> known = new LinkedHashSet<>(allowed);
    String shown =
        String.join(", ", known.stream().limit(MOST_ALLOWED_SHOWN).toList())
            + (known.size() > MOST_ALLOWED_SHOWN ? ", ... (" + known.size() + ")" : "");
    return expectText("one of " + shown, known::contains);
  }

  /**
   * That every text as a whole matches this pattern.
   *
   * @throws java.util.regex.PatternSyntaxException if it is no regular expression
   */
  public ColumnExpectations matches(String regex) {
    Pattern pattern = Pattern.compile(regex);
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
      throw new IllegalArgumentException(
          "inPeriod of column \""
              + column
              + "\" takes from before to, found "
              + from
              + " and "
              + to);
    }
    long first = micros(from);
    long end = micros(to);
    return expect(
        "from " + from + " to before " + to,
        (data, values) ->
            values instanceof TimestampColumn times
                ? rows(
                    data, values, row -> times.microsAt(row) < first || times.microsAt(row) >= end)
                : wrongType(values, "a timestamp"));
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
    boolean sensitive = data.schema().field(column).sensitive();
    @Nullable Column shown = sensitive ? null : values;
    return Finding.ofRows(
        values.size(), row -> !values.isMissing(row) && violates.test(row), shown);
  }

  private static Finding wrongType(Column values, String asked) {
    return Finding.of(false, "a column of " + values.type() + ", which is not " + asked);
  }

  private ColumnExpectations expect(String asked, BiFunction<Dataset, Column, Finding> check) {
    target.add(
        new Expectation(severity, column, asked, data -> check.apply(data, data.column(column))));
    return this;
  }

  /** No column holds an instant beyond what microseconds can tell. */
  private static long micros(Instant instant) {
    if (instant.isBefore(EARLIEST)) {
      return Long.MIN_VALUE;
    }
    return instant.isAfter(LATEST) ? Long.MAX_VALUE : Timestamps.toMicros(instant);
  }

  private static String plain(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? String.valueOf((long) number)
        : String.valueOf(number);
  }
}
