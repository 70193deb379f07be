package dev.mlops4j.tracking;

import dev.mlops4j.tracking.SearchLexer.Form;
import dev.mlops4j.tracking.SearchLexer.Token;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Reads the text language of a search by recursive descent.
 *
 * <pre>
 * filter     = and { OR and }
 * and        = not { AND not }
 * not        = NOT not | "(" filter ")" | condition
 * condition  = field ( operator value | [NOT] (LIKE | ILIKE) text | [NOT] IN "(" text {"," text} ")"
 *                    | IS [NOT] NULL )
 * orders     = field [ASC | DESC] { "," field [ASC | DESC] }
 * </pre>
 */
final class SearchParser {

  static final String FIELDS = "metrics.KEY, params.KEY, tags.KEY, dataset.NAME or an attribute";

  /** How long a text may be. */
  static final int MAX_LENGTH = 65_536;

  /** Parentheses alone make no deep filter; they need a bound of their own. */
  private static final int MAX_NESTING = 100;

  private static final int MAX_ORDERS = RunQuery.MAX_ORDERS;
  private static final long MICROS_PER_MILLI = 1_000;

  private static final Map<String, Function<String, SearchField>> PREFIXES =
      Map.ofEntries(
          Map.entry("metric", SearchField::metric),
          Map.entry("metrics", SearchField::metric),
          Map.entry("param", SearchField::param),
          Map.entry("params", SearchField::param),
          Map.entry("parameter", SearchField::param),
          Map.entry("parameters", SearchField::param),
          Map.entry("tag", SearchField::tag),
          Map.entry("tags", SearchField::tag));

  private static final List<String> ATTRIBUTE_PREFIXES =
      List.of("attribute", "attributes", "attr", "run");

  private static final List<String> DATASET_PREFIXES = List.of("dataset", "datasets");

  private static final Map<String, SearchField> ATTRIBUTES =
      Map.of(
          "run_id", SearchField.runId(),
          "run_name", SearchField.runName(),
          "run name", SearchField.runName(),
          "parent_run_id", SearchField.parentRunId(),
          "experiment", SearchField.experiment(),
          "status", TextField.of(TextField.Kind.STATUS),
          "start_time", SearchField.startTime(),
          "created", SearchField.startTime(),
          "end_time", SearchField.endTime());

  private static final Map<String, SearchField> DATASET_FIELDS =
      Map.of(
          "name", SearchField.datasetName(),
          "digest", SearchField.datasetDigest(),
          "context", SearchField.datasetContext());

  private static final Map<String, Operator> OPERATORS =
      Map.of(
          "=", Operator.EQUAL,
          "!=", Operator.NOT_EQUAL,
          "<", Operator.LESS,
          "<=", Operator.AT_MOST,
          ">", Operator.GREATER,
          ">=", Operator.AT_LEAST);

  private final SearchLexer lexer;
  private Token token;
  private int nesting;

  SearchParser(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new SearchSyntaxException(
          text, MAX_LENGTH, "more text", "at most " + MAX_LENGTH + " characters");
    }
    this.lexer = new SearchLexer(text);
    this.token = lexer.next();
  }

  Filter filter() {
    Filter filter = or();
    if (token.type() != Form.END) {
      throw unexpected("AND, OR or the end");
    }
    return filter;
  }

  List<Order> orders() {
    List<Order> orders = new ArrayList<>();
    do {
      Token start = token;
      SearchField field = field();
      boolean descending = token.is("desc");
      if (descending || token.is("asc")) {
        advance();
      }
      orders.add(made(start, () -> new Order(field, descending)));
      if (orders.size() > MAX_ORDERS) {
        throw lexer.error(start.start(), "one more key", "at most " + MAX_ORDERS + " of them");
      }
    } while (skip(Form.COMMA));
    if (token.type() != Form.END) {
      throw unexpected("ASC, DESC, a comma or the end");
    }
    return orders;
  }

  private Filter or() {
    Token start = token;
    List<Filter> parts = new ArrayList<>(List.of(and()));
    while (skipWord("or")) {
      parts.add(and());
    }
    return parts.size() == 1 ? parts.get(0) : made(start, () -> new Filter.Or(parts));
  }

  private Filter and() {
    Token start = token;
    List<Filter> parts = new ArrayList<>(List.of(not()));
    while (skipWord("and")) {
      parts.add(not());
    }
    return parts.size() == 1 ? parts.get(0) : made(start, () -> new Filter.And(parts));
  }

  private Filter not() {
    Token start = token;
    boolean negated = token.is("not");
    if (!negated && token.type() != Form.OPEN) {
      return condition();
    }
    if (++nesting > MAX_NESTING) {
      throw lexer.error(
          start.start(), "one more " + lexer.shown(start), "at most " + MAX_NESTING + " of them");
    }
    advance();
    Filter filter;
    if (negated) {
      Filter part = not();
      filter = made(start, () -> new Filter.Not(part));
    } else {
      filter = or();
      if (!skip(Form.CLOSE)) {
        throw unexpected("AND, OR or )");
      }
    }
    nesting--;
    return filter;
  }

  private Filter condition() {
    SearchField field = field();
    if (skipWord("is")) {
      boolean negated = skipWord("not");
      if (!skipWord("null")) {
        throw unexpected(negated ? "NULL" : "NULL or NOT NULL");
      }
      return new Filter.NullTest(field, negated);
    }
    if (field instanceof MetricField metric) {
      Operator operator = operator();
      Token value = token;
      double number = number();
      return made(value, () -> new Filter.MetricComparison(metric, operator, number));
    }
    if (field instanceof TimeField time) {
      Operator operator = operator();
      Token value = token;
      Instant instant = instant();
      return made(value, () -> new Filter.TimeComparison(time, operator, instant));
    }
    return textCondition((TextField) field);
  }

  private Filter textCondition(TextField field) {
    if (token.type() == Form.OPERATOR
        && (token.value().equals("=") || token.value().equals("!="))) {
      boolean negated = token.value().equals("!=");
      advance();
      Token value = token;
      List<String> values = List.of(text(field));
      return made(value, () -> new Filter.OneOf(field, values, negated));
    }
    boolean negated = skipWord("not");
    boolean like = token.is("like");
    if (like || token.is("ilike")) {
      advance();
      Token value = token;
      String pattern = text();
      return made(value, () -> new Filter.Like(field, pattern, like, negated));
    }
    if (skipWord("in")) {
      Token start = token;
      List<String> values = texts(field);
      return made(start, () -> new Filter.OneOf(field, values, negated));
    }
    throw unexpected(
        negated ? "LIKE, ILIKE or IN" : "=, !=, LIKE, ILIKE, IN, NOT or IS, for it is text");
  }

  private List<String> texts(TextField field) {
    if (!skip(Form.OPEN)) {
      throw unexpected("( and texts in quotes");
    }
    List<String> values = new ArrayList<>();
    do {
      values.add(text(field));
    } while (skip(Form.COMMA));
    if (!skip(Form.CLOSE)) {
      throw unexpected("a comma or )");
    }
    return values;
  }

  private SearchField field() {
    Token start = token;
    SearchField field =
        switch (start.type()) {
          case FIELD -> field(start);
          case WORD, NAME -> named(ATTRIBUTES, start, start.value(), FIELDS + " of ");
          default -> throw unexpected(FIELDS);
        };
    advance();
    return field;
  }

  private SearchField field(Token start) {
    Function<String, SearchField> keyed = PREFIXES.get(start.prefix());
    if (keyed != null) {
      return made(start, () -> keyed.apply(start.value()));
    }
    if (ATTRIBUTE_PREFIXES.contains(start.prefix())) {
      return named(ATTRIBUTES, start, start.value(), "an attribute of ");
    }
    if (DATASET_PREFIXES.contains(start.prefix())) {
      return named(DATASET_FIELDS, start, start.value(), "dataset and one of ");
    }
    throw unexpected(FIELDS);
  }

  private SearchField named(
      Map<String, SearchField> fields, Token start, String name, String expected) {
    SearchField field = fields.get(name.toLowerCase(Locale.ROOT));
    if (field == null) {
      String names = fields.keySet().stream().sorted().collect(Collectors.joining(", "));
      throw lexer.error(start.start(), lexer.shown(start), expected + names);
    }
    return field;
  }

  private Operator operator() {
    Operator operator = token.type() == Form.OPERATOR ? OPERATORS.get(token.value()) : null;
    if (operator == null) {
      throw unexpected("=, !=, <, <=, >, >= or IS");
    }
    advance();
    return operator;
  }

  private double number() {
    boolean word = token.type() == Form.WORD;
    if (!word && token.type() != Form.NUMBER) {
      throw unexpected("a number");
    }
    double number =
        switch (token.value().toLowerCase(Locale.ROOT)) {
          case "nan" -> Double.NaN;
          case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
          case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
          default -> finite(word);
        };
    advance();
    return number;
  }

  private double finite(boolean word) {
    // The lexer leaves two forms: a number, and a sign before a word.
    boolean signedWord = token.value().matches("[+-]\\p{L}.*");
    if (word || signedWord) {
      throw unexpected("a number");
    }
    double number = Double.parseDouble(token.value());
    if (Double.isInfinite(number)) {
      throw unexpected("a number up to 1.8E308, or inf");
    }
    return number;
  }

  private Instant instant() {
    String expected = "whole milliseconds since 1970, or a time such as '2026-01-31T12:00:00Z'";
    try {
      Instant instant;
      if (token.type() == Form.NUMBER) {
        long millis = new BigInteger(token.value()).longValueExact();
        instant = Instant.ofEpochMilli(millis);
        Math.multiplyExact(millis, MICROS_PER_MILLI);
      } else if (token.type() == Form.TEXT) {
        instant = Instant.parse(token.value());
      } else {
        throw unexpected(expected);
      }
      advance();
      return instant;
    } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
      throw unexpected(expected);
    }
  }

  private String text() {
    if (token.type() != Form.TEXT) {
      throw unexpected("a text in quotes");
    }
    String text = token.value();
    advance();
    return text;
  }

  private String text(TextField field) {
    String text = text();
    return field.kind() == TextField.Kind.STATUS ? text.toUpperCase(Locale.ROOT) : text;
  }

  private boolean skip(Form type) {
    boolean there = token.type() == type;
    if (there) {
      advance();
    }
    return there;
  }

  private boolean skipWord(String keyword) {
    boolean there = token.is(keyword);
    if (there) {
      advance();
    }
    return there;
  }

  private void advance() {
    token = lexer.next();
  }

  private SearchSyntaxException unexpected(String expected) {
    return lexer.error(token.start(), lexer.shown(token), expected);
  }

  /** Has what the builder refuses point at where it stands. */
  private <T> T made(Token start, Supplier<T> maker) {
    try {
      return maker.get();
    } catch (IllegalArgumentException | InvalidNameException e) {
      throw lexer.error(start.start(), lexer.shown(start), "something else: " + e.getMessage());
    }
  }
}
