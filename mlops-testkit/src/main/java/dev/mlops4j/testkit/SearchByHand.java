package dev.mlops4j.testkit;

import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.tracking.Filter;
import dev.mlops4j.tracking.Filter.And;
import dev.mlops4j.tracking.Filter.Like;
import dev.mlops4j.tracking.Filter.MetricComparison;
import dev.mlops4j.tracking.Filter.Not;
import dev.mlops4j.tracking.Filter.NullTest;
import dev.mlops4j.tracking.Filter.OneOf;
import dev.mlops4j.tracking.Filter.Or;
import dev.mlops4j.tracking.Filter.TimeComparison;
import dev.mlops4j.tracking.MetricField;
import dev.mlops4j.tracking.Operator;
import dev.mlops4j.tracking.Order;
import dev.mlops4j.tracking.RunQuery;
import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.SearchField;
import dev.mlops4j.tracking.TextField;
import dev.mlops4j.tracking.TimeField;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a search means, run by run, without an index or SQL: what stores are compared with. */
final class SearchByHand {

  private SearchByHand() {}

  /**
   * All runs that fulfil the query, in its order.
   *
   * @param runs in the order in which they were created, with the status to be shown
   */
  static List<RunRecord> search(List<RunRecord> runs, RunQuery query) {
    List<RunRecord> latestCreatedFirst = new ArrayList<>(runs);
    Collections.reverse(latestCreatedFirst);
    Comparator<RunRecord> order =
        Comparator.comparing(RunRecord::startedAt, Comparator.reverseOrder());
    for (int i = query.order().size() - 1; i >= 0; i--) {
      order = comparator(query.order().get(i)).thenComparing(order);
    }
    return latestCreatedFirst.stream().filter(run -> isSought(run, query)).sorted(order).toList();
  }

  private static boolean isSought(RunRecord run, RunQuery query) {
    boolean deleted = run.deletedAt() != null;
    boolean alive =
        switch (query.lifecycle()) {
          case ACTIVE -> !deleted;
          case DELETED -> deleted;
          case ALL -> true;
        };
    Filter filter = query.filter();
    return alive
        && (query.experiments().isEmpty() || query.experiments().contains(run.experiment()))
        && (filter == null || filter.accept(new Judge(run)));
  }

  private static Comparator<RunRecord> comparator(Order order) {
    return (a, b) -> {
      Object left = value(a, order.field());
      Object right = value(b, order.field());
      int ranks = Integer.compare(rank(left), rank(right));
      if (ranks != 0 || rank(left) > 0) {
        return ranks;
      }
      int values = compare(Objects.requireNonNull(left), Objects.requireNonNull(right));
      return order.descending() ? -values : values;
    };
  }

  private static int rank(@Nullable Object value) {
    if (value == null) {
      return 2;
    }
    return value instanceof Double number && number.isNaN() ? 1 : 0;
  }

  private static int compare(Object left, Object right) {
    if (left instanceof Double a && right instanceof Double b) {
      // As numbers: Double.compare has -0.0 before 0.0.
      return a < b.doubleValue() ? -1 : a > b.doubleValue() ? 1 : 0;
    }
    if (left instanceof Instant a && right instanceof Instant b) {
      return a.compareTo(b);
    }
    return Arrays.compare(
        ((String) left).codePoints().toArray(), ((String) right).codePoints().toArray());
  }

  private static @Nullable Object value(RunRecord run, SearchField field) {
    if (field instanceof MetricField metric) {
      return run.metrics().containsKey(metric.key()) ? (Object) run.metric(metric.key()) : null;
    }
    if (field instanceof TimeField time) {
      return time == TimeField.START_TIME ? run.startedAt() : run.endedAt();
    }
    TextField text = (TextField) field;
    String value = texts(run, text).findFirst().orElse(null);
    boolean whole = text.key().isEmpty() || value == null;
    return whole ? value : prefix(Objects.requireNonNull(value));
  }

  private static String prefix(String text) {
    int[] first = text.codePoints().limit(Order.TEXT_LENGTH).toArray();
    return new String(first, 0, first.length);
  }

  private static Stream<String> texts(RunRecord run, TextField field) {
    return switch (field.kind()) {
      case PARAM -> Stream.ofNullable(run.params().get(field.key()));
      case TAG -> Stream.ofNullable(run.tags().get(field.key()));
      case RUN_ID -> Stream.of(run.id());
      case RUN_NAME -> Stream.of(run.name());
      case PARENT_RUN_ID -> Stream.ofNullable(run.parentId());
      case EXPERIMENT -> Stream.of(run.experiment());
      case STATUS -> Stream.of(run.status().name());
      case DATASET_NAME -> run.datasets().stream().map(DatasetReference::name);
      case DATASET_DIGEST -> run.datasets().stream().map(dataset -> dataset.digest().hex());
      case DATASET_CONTEXT -> run.datasets().stream().map(DatasetReference::role);
    };
  }

  private static boolean holds(Operator operator, int comparison) {
    return switch (operator) {
      case EQUAL -> comparison == 0;
      case NOT_EQUAL -> comparison != 0;
      case LESS -> comparison < 0;
      case AT_MOST -> comparison <= 0;
      case GREATER -> comparison > 0;
      case AT_LEAST -> comparison >= 0;
    };
  }

  private record Judge(RunRecord run) implements Filter.Visitor<Boolean> {

    @Override
    public Boolean metric(MetricComparison comparison) {
      Object value = value(run, comparison.field());
      if (value == null) {
        return false;
      }
      double found = (Double) value;
      if (Double.isNaN(found) || Double.isNaN(comparison.value())) {
        boolean equal = Double.isNaN(found) && Double.isNaN(comparison.value());
        return comparison.operator() == Operator.EQUAL
            ? equal
            : comparison.operator() == Operator.NOT_EQUAL && !equal;
      }
      return holds(comparison.operator(), compare(found, comparison.value()));
    }

    @Override
    public Boolean time(TimeComparison comparison) {
      Object value = value(run, comparison.field());
      return value != null && holds(comparison.operator(), compare(value, comparison.value()));
    }

    @Override
    public Boolean oneOf(OneOf condition) {
      return texts(run, condition.field())
          .anyMatch(text -> condition.values().contains(text) != condition.negated());
    }

    @Override
    public Boolean like(Like condition) {
      Predicate<String> form = form(condition.pattern(), condition.caseSensitive());
      return texts(run, condition.field()).anyMatch(text -> form.test(text) != condition.negated());
    }

    @Override
    public Boolean nullTest(NullTest test) {
      boolean present =
          test.field() instanceof TextField text
              ? texts(run, text).findAny().isPresent()
              : value(run, test.field()) != null;
      return present == test.negated();
    }

    @Override
    public Boolean and(And and) {
      return and.parts().stream().allMatch(part -> part.accept(this));
    }

    @Override
    public Boolean or(Or or) {
      return or.parts().stream().anyMatch(part -> part.accept(this));
    }

    @Override
    public Boolean not(Not not) {
      return !not.part().accept(this);
    }

    /** As a regular expression; its CASE_INSENSITIVE knows the same letters as ILIKE. */
    private static Predicate<String> form(String pattern, boolean caseSensitive) {
      StringBuilder expression = new StringBuilder();
      int[] codePoints = pattern.codePoints().toArray();
      for (int i = 0; i < codePoints.length; i++) {
        if (codePoints[i] == '%') {
          expression.append(".*");
        } else if (codePoints[i] == '_') {
          expression.append('.');
        } else {
          i += codePoints[i] == '\\' ? 1 : 0;
          expression.append(Pattern.quote(Character.toString(codePoints[i])));
        }
      }
      int flags = Pattern.DOTALL | (caseSensitive ? 0 : Pattern.CASE_INSENSITIVE);
      return Pattern.compile(expression.toString(), flags).asMatchPredicate();
    }
  }
}
