package dev.mlops4j.tracking;

import dev.mlops4j.data.Timestamps;
import dev.mlops4j.storage.Dialect;
import dev.mlops4j.tracking.Filter.And;
import dev.mlops4j.tracking.Filter.Like;
import dev.mlops4j.tracking.Filter.MetricComparison;
import dev.mlops4j.tracking.Filter.Not;
import dev.mlops4j.tracking.Filter.NullTest;
import dev.mlops4j.tracking.Filter.OneOf;
import dev.mlops4j.tracking.Filter.Or;
import dev.mlops4j.tracking.Filter.TimeComparison;
import java.util.List;
import java.util.Map;

/**
 * A filter as a condition on a row {@code r} of the table of runs. Each part of it is true or
 * false, never null, so that NOT turns it round.
 */
final class JdbcFilterSql implements Filter.Visitor<JdbcFragment> {

  private final Dialect dialect;
  private final JdbcFragment status;
  private final String runNo;
  private final Map<SearchField, String> joined;

  /**
   * Translates.
   *
   * @param status the expression for how a run stands
   * @param runNo the run's number, best by the column that is read first
   * @param joined the metrics of which the run's row of the table, or nulls, is there by this alias
   */
  JdbcFilterSql(
      Dialect dialect, JdbcFragment status, String runNo, Map<SearchField, String> joined) {
    this.dialect = dialect;
    this.status = status;
    this.runNo = runNo;
    this.joined = joined;
  }

  @Override
  public JdbcFragment metric(MetricComparison comparison) {
    String alias = joined.get(comparison.field());
    if (alias != null) {
      boolean number =
          comparison.operator() != Operator.NOT_EQUAL && !Double.isNaN(comparison.value());
      // Of NaN the value is null, and what is compared with that would be neither true nor false.
      String present = number ? ".latest_value IS NOT NULL AND " : ".run_no IS NOT NULL AND ";
      return JdbcFragment.of("(" + alias + present).then(value(alias, comparison)).then(")");
    }
    return rows("metric", "metric", comparison.field().key())
        .then(" AND ")
        .then(value("f", comparison))
        .then(")");
  }

  /** The comparison of a row of {@code metric}; a null in it is NaN. */
  static JdbcFragment value(String alias, MetricComparison comparison) {
    String column = alias + ".latest_value";
    boolean equal = comparison.operator() == Operator.EQUAL;
    if (Double.isNaN(comparison.value())) {
      return JdbcFragment.of(column + (equal ? " IS NULL" : " IS NOT NULL"));
    }
    if (comparison.operator() == Operator.NOT_EQUAL) {
      return JdbcFragment.of("(" + column + " IS NULL OR " + column + " <> ?)", comparison.value());
    }
    return JdbcFragment.of(column + " " + comparison.operator() + " ?", comparison.value());
  }

  @Override
  public JdbcFragment time(TimeComparison comparison) {
    String column = column(comparison.field());
    return JdbcFragment.of(
        "(" + column + " IS NOT NULL AND " + column + " " + comparison.operator() + " ?)",
        Timestamps.toMicros(comparison.value()));
  }

  @Override
  public JdbcFragment oneOf(OneOf condition) {
    // What the database cannot hold is not in it.
    List<String> values = condition.values().stream().filter(dialect::holds).toList();
    if (values.isEmpty()) {
      return condition.negated()
          ? nullTest(new NullTest(condition.field(), true))
          : JdbcFragment.of("1 = 0");
    }
    JdbcFragment test =
        JdbcFragment.of(condition.negated() ? " NOT IN (" : " IN (")
            .then(JdbcFragment.list(values))
            .then(")");
    return on(condition.field(), "", test);
  }

  @Override
  public JdbcFragment like(Like condition) {
    String not = condition.negated() ? " NOT" : "";
    if (dialect == Dialect.SQLITE) {
      // LIKE takes A for a there, GLOB does not; neither looks at the case of other letters.
      JdbcFragment test =
          condition.caseSensitive()
              ? JdbcFragment.of(not + " GLOB ?", glob(condition.pattern()))
              : JdbcFragment.of(not + " LIKE ? ESCAPE '\\'", condition.pattern());
      return on(condition.field(), "", test);
    }
    // By the rules of "C", as others depend on the language of the database.
    String how = condition.caseSensitive() ? " LIKE ?" : " ILIKE ?";
    return on(condition.field(), " COLLATE \"C\"", JdbcFragment.of(not + how, condition.pattern()));
  }

  @Override
  public JdbcFragment nullTest(NullTest test) {
    JdbcFragment present = present(test.field());
    return test.negated() ? present : JdbcFragment.of("NOT ").then(present);
  }

  @Override
  public JdbcFragment and(And and) {
    return joined(" AND ", and.parts());
  }

  @Override
  public JdbcFragment or(Or or) {
    return joined(" OR ", or.parts());
  }

  @Override
  public JdbcFragment not(Not not) {
    return JdbcFragment.of("NOT (").then(not.part().accept(this)).then(")");
  }

  static String column(TimeField field) {
    return field == TimeField.START_TIME ? "r.started_at" : "r.ended_at";
  }

  /**
   * The text of a run itself.
   *
   * @param status the expression for how a run stands
   */
  static JdbcFragment attribute(TextField.Kind kind, JdbcFragment status) {
    return switch (kind) {
      case RUN_ID -> JdbcFragment.of("r.id");
      case RUN_NAME -> JdbcFragment.of("r.name");
      case PARENT_RUN_ID -> JdbcFragment.of("r.parent_id");
      case EXPERIMENT -> JdbcFragment.of("r.experiment");
      case STATUS -> JdbcFragment.of("(").then(status).then(")");
      default -> throw new IllegalArgumentException(kind + " is not of the run itself");
    };
  }

  private JdbcFragment present(SearchField field) {
    if (field instanceof MetricField metric) {
      return rows("metric", "metric", metric.key()).then(")");
    }
    if (field instanceof TimeField time) {
      return JdbcFragment.of("(" + column(time) + " IS NOT NULL)");
    }
    TextField text = (TextField) field;
    return switch (text.kind()) {
      case PARAM, TAG, DATASET_NAME, DATASET_DIGEST, DATASET_CONTEXT -> rows(text).then(")");
      case PARENT_RUN_ID -> JdbcFragment.of("(r.parent_id IS NOT NULL)");
      default -> JdbcFragment.of("(1 = 1)");
    };
  }

  /** A test after a text: of the run's column, or of a row that belongs to it. */
  private JdbcFragment on(TextField field, String collation, JdbcFragment test) {
    String column =
        switch (field.kind()) {
          case PARAM, TAG -> "f.value";
          case DATASET_NAME -> "f.name";
          case DATASET_DIGEST -> "f.digest";
          case DATASET_CONTEXT -> "f.role";
          default -> "";
        };
    if (field.kind() == TextField.Kind.PARENT_RUN_ID) {
      return JdbcFragment.of("(r.parent_id IS NOT NULL AND r.parent_id" + collation)
          .then(test)
          .then(")");
    }
    return column.isEmpty()
        ? attribute(field.kind(), status).then(collation).then(test)
        : rows(field).then(" AND " + column + collation).then(test).then(")");
  }

  /** The beginning of a test whether there is a row. */
  private JdbcFragment rows(TextField field) {
    return switch (field.kind()) {
      case PARAM -> rows("run_param", "param", field.key());
      case TAG -> rows("run_tag", "tag", field.key());
      default -> JdbcFragment.of("EXISTS (SELECT 1 FROM run_dataset f WHERE f.run_no = " + runNo);
    };
  }

  private JdbcFragment rows(String table, String keyColumn, String key) {
    String sql = "EXISTS (SELECT 1 FROM %s f WHERE f.run_no = %s AND f.%s = ?";
    return JdbcFragment.of(sql.formatted(table, runNo, keyColumn), key);
  }

  private JdbcFragment joined(String word, List<Filter> parts) {
    List<JdbcFragment> all = parts.stream().map(part -> part.accept(this)).toList();
    return JdbcFragment.of("(").then(JdbcFragment.join(word, all)).then(")");
  }

  private static String glob(String pattern) {
    StringBuilder glob = new StringBuilder();
    for (int part : LikePattern.parse(pattern)) {
      if (part == LikePattern.ANY) {
        glob.append('*');
      } else if (part == LikePattern.ONE) {
        glob.append('?');
      } else if (part == '*' || part == '?' || part == '[') {
        glob.append('[').appendCodePoint(part).append(']');
      } else {
        glob.appendCodePoint(part);
      }
    }
    return glob.toString();
  }
}
