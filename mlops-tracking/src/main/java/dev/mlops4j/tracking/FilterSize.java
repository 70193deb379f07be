package dev.mlops4j.tracking;

import dev.mlops4j.tracking.Filter.And;
import dev.mlops4j.tracking.Filter.Like;
import dev.mlops4j.tracking.Filter.MetricComparison;
import dev.mlops4j.tracking.Filter.Not;
import dev.mlops4j.tracking.Filter.NullTest;
import dev.mlops4j.tracking.Filter.OneOf;
import dev.mlops4j.tracking.Filter.Or;
import dev.mlops4j.tracking.Filter.TimeComparison;
import java.util.Arrays;
import java.util.List;

/**
 * How large a filter is. Every filter is checked when it is made, so what is measured here is
 * bounded already, and so is the stack.
 */
record FilterSize(int depth, int conditions, int values) {

  private static final FilterSize ONE = new FilterSize(1, 1, 0);

  static void checkParts(List<Filter> parts) {
    if (parts.size() < 2) {
      throw new IllegalArgumentException(
          "AND and OR join two conditions or more, found " + parts.size());
    }
    around(parts).check();
  }

  static void checkAround(Filter part) {
    around(List.of(part)).check();
  }

  static void checkValues(TextField field, List<String> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException(field + " is compared with one text or more, found none");
    }
    new FilterSize(1, 1, values.size()).check();
    for (String value : values) {
      if (!SearchText.isUnicode(value)) {
        throw new IllegalArgumentException(
            "what " + field + " is compared with has half of a surrogate pair: it is no text");
      }
      if (field.kind() == TextField.Kind.STATUS && !isStatus(value)) {
        throw new IllegalArgumentException(
            "a status is one of "
                + Arrays.toString(RunStatus.values())
                + ", found "
                + SearchSyntaxException.shown(value));
      }
    }
  }

  private static boolean isStatus(String value) {
    return Arrays.stream(RunStatus.values()).anyMatch(status -> status.name().equals(value));
  }

  private static FilterSize of(Filter filter) {
    return filter.accept(
        new Filter.Visitor<>() {
          @Override
          public FilterSize metric(MetricComparison comparison) {
            return ONE;
          }

          @Override
          public FilterSize time(TimeComparison comparison) {
            return ONE;
          }

          @Override
          public FilterSize oneOf(OneOf condition) {
            return new FilterSize(1, 1, condition.values().size());
          }

          @Override
          public FilterSize like(Like condition) {
            return ONE;
          }

          @Override
          public FilterSize nullTest(NullTest test) {
            return ONE;
          }

          @Override
          public FilterSize and(And and) {
            return around(and.parts());
          }

          @Override
          public FilterSize or(Or or) {
            return around(or.parts());
          }

          @Override
          public FilterSize not(Not not) {
            return around(List.of(not.part()));
          }
        });
  }

  private static FilterSize around(List<Filter> parts) {
    int depth = 0;
    int conditions = 0;
    int values = 0;
    for (Filter part : parts) {
      FilterSize size = of(part);
      depth = Math.max(depth, size.depth);
      conditions += size.conditions;
      values += size.values;
    }
    return new FilterSize(depth + 1, conditions, values);
  }

  private void check() {
    check("conditions within each other", depth, Filter.MAX_DEPTH);
    check("comparisons", conditions, Filter.MAX_CONDITIONS);
    check("texts to compare with", values, Filter.MAX_VALUES);
  }

  private static void check(String what, int found, int most) {
    if (found > most) {
      throw new IllegalArgumentException(
          "a filter has at most " + most + " " + what + ", found " + found);
    }
  }
}
