package dev.mlops4j.validation;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.profile.CategorySummary;
import dev.mlops4j.profile.ColumnProfile;
import dev.mlops4j.profile.DatasetProfile;
import dev.mlops4j.profile.NumericSummary;
import dev.mlops4j.validation.SuggestedCheck.Call;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The rules by which checks of one column are suggested; {@link SuggestedExpectations} says them.
 */
final class ColumnSuggestions {

  private static final long MANY_ROWS = 1_000;
  private static final double MORE_MISSING = 1.5;
  private static final double MISSING_SLACK = 0.01;
  private static final double RANGE_SLACK = 0.25;
  private static final int RANGE_DIGITS = 2;
  private static final int FEW_CATEGORIES = 20;
  private static final int OFTEN = 10;
  private static final double UNSEEN_SHARE = 0.01;
  private static final double DISTANCE = 0.2;

  private final ColumnProfile column;
  private final DatasetProfile reference;
  private final List<Call> failing = new ArrayList<>();
  private final List<Call> warning = new ArrayList<>();

  private ColumnSuggestions(ColumnProfile column, DatasetProfile reference) {
    this.column = column;
    this.reference = reference;
  }

  static List<SuggestedCheck> of(ColumnProfile column, DatasetProfile reference) {
    ColumnSuggestions suggestions = new ColumnSuggestions(column, reference);
    suggestions.type();
    suggestions.missing();
    column.numbers().ifPresent(suggestions::numbers);
    if (column.type() == ColumnType.STRING) {
      column.categories().ifPresent(suggestions::categories);
    }
    List<SuggestedCheck> checks = new ArrayList<>();
    checks.add(new SuggestedCheck(Severity.FAIL, column.name(), suggestions.failing));
    if (!suggestions.warning.isEmpty()) {
      checks.add(new SuggestedCheck(Severity.WARN, column.name(), suggestions.warning));
    }
    return checks;
  }

  private void type() {
    ColumnType type = column.type();
    String text =
        type.kind() == ColumnType.Kind.FLOATS
            ? "ColumnType.floats(" + type.length() + ")"
            : "ColumnType." + type.name();
    failing.add(new Call("type(" + text + ")", c -> c.type(type)));
  }

  private void missing() {
    if (column.count() == 0) {
      return;
    }
    boolean never = column.missing() == 0 && column.count() >= MANY_ROWS;
    double share =
        never ? 0 : ceiling(MORE_MISSING * column.missingShare() + MISSING_SLACK, RANGE_DIGITS);
    if (share < 1) {
      failing.add(
          new Call("nullShareAtMost(" + JavaText.of(share) + ")", c -> c.nullShareAtMost(share)));
    }
  }

  private void numbers(NumericSummary numbers) {
    if (numbers.finite() == 0) {
      return;
    }
    boolean allFinite = numbers.finite() == numbers.count();
    if (column.type() != ColumnType.BOOLEAN && allFinite) {
      range(numbers.min(), numbers.max());
    }
    distance(numbers.count());
  }

  private void range(double min, double max) {
    double range = max - min;
    if (Double.isInfinite(range)) {
      return;
    }
    int scale = range == 0 ? 0 : RANGE_DIGITS - 1 - (int) Math.floor(Math.log10(range));
    double slack = RANGE_SLACK * range;
    if (Double.isInfinite(min - slack) || Double.isInfinite(max + slack)) {
      return;
    }
    double low = range == 0 ? min : rounded(min - slack, scale, RoundingMode.FLOOR);
    double high = range == 0 ? max : rounded(max + slack, scale, RoundingMode.CEILING);
    double least = min >= 0 ? Math.max(0, low) : low;
    warning.add(
        new Call(
            "between(" + JavaText.of(least) + ", " + JavaText.of(high) + ")",
            c -> c.between(least, high)));
  }

  private void categories(CategorySummary categories) {
    boolean often =
        categories.complete()
            && categories.count() > 0
            && categories.count() >= (long) OFTEN * categories.distinct();
    if (!often) {
      return;
    }
    List<String> known = List.copyOf(categories.counts().keySet());
    if (known.size() <= FEW_CATEGORIES) {
      String text = known.stream().map(JavaText::of).collect(Collectors.joining(", "));
      failing.add(new Call("oneOf(" + text + ")", c -> c.oneOf(known)));
    } else {
      against("unseenShareAtMost(" + UNSEEN_SHARE + ")", r -> r.unseenShareAtMost(UNSEEN_SHARE));
    }
    distance(categories.count());
  }

  private void distance(long values) {
    if (values >= MANY_ROWS) {
      against("distanceAtMost(" + DISTANCE + ")", r -> r.distanceAtMost(DISTANCE));
    }
  }

  private void against(String text, Consumer<ReferenceExpectations> bounds) {
    warning.add(
        new Call("against(reference, r -> r." + text + ")", c -> c.against(reference, bounds)));
  }

  private static double ceiling(double share, int scale) {
    return rounded(share, scale, RoundingMode.CEILING);
  }

  private static double rounded(double number, int scale, RoundingMode mode) {
    return new BigDecimal(number).setScale(scale, mode).doubleValue();
  }
}
