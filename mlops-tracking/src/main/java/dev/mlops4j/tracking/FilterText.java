package dev.mlops4j.tracking;

import dev.mlops4j.tracking.Filter.And;
import dev.mlops4j.tracking.Filter.Like;
import dev.mlops4j.tracking.Filter.MetricComparison;
import dev.mlops4j.tracking.Filter.Not;
import dev.mlops4j.tracking.Filter.NullTest;
import dev.mlops4j.tracking.Filter.OneOf;
import dev.mlops4j.tracking.Filter.Or;
import dev.mlops4j.tracking.Filter.TimeComparison;
import java.util.List;
import java.util.stream.Collectors;

/** Writes a filter so that the parser reads an equal one, nested as it is. */
final class FilterText implements Filter.Visitor<String> {

  private static final FilterText INSTANCE = new FilterText();

  private FilterText() {}

  static String of(Filter filter) {
    return filter.accept(INSTANCE);
  }

  @Override
  public String metric(MetricComparison comparison) {
    return comparison.field() + " " + comparison.operator() + " " + comparison.value();
  }

  @Override
  public String time(TimeComparison comparison) {
    String time = SearchText.value(comparison.value().toString());
    return comparison.field() + " " + comparison.operator() + " " + time;
  }

  @Override
  public String oneOf(OneOf condition) {
    List<String> values = condition.values().stream().map(SearchText::value).toList();
    if (values.size() == 1) {
      return condition.field() + (condition.negated() ? " != " : " = ") + values.get(0);
    }
    return condition.field()
        + (condition.negated() ? " NOT IN (" : " IN (")
        + String.join(", ", values)
        + ")";
  }

  @Override
  public String like(Like condition) {
    return condition.field()
        + (condition.negated() ? " NOT" : "")
        + (condition.caseSensitive() ? " LIKE " : " ILIKE ")
        + SearchText.value(condition.pattern());
  }

  @Override
  public String nullTest(NullTest test) {
    return test.field() + (test.negated() ? " IS NOT NULL" : " IS NULL");
  }

  @Override
  public String and(And and) {
    return joined(and.parts(), " AND ");
  }

  @Override
  public String or(Or or) {
    return joined(or.parts(), " OR ");
  }

  @Override
  public String not(Not not) {
    return "NOT " + enclosed(not.part());
  }

  private static String joined(List<Filter> parts, String word) {
    return parts.stream().map(FilterText::enclosed).collect(Collectors.joining(word));
  }

  private static String enclosed(Filter part) {
    return part instanceof And || part instanceof Or ? "(" + of(part) + ")" : of(part);
  }
}
