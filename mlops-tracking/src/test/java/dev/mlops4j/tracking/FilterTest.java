package dev.mlops4j.tracking;

import static dev.mlops4j.tracking.SearchField.datasetContext;
import static dev.mlops4j.tracking.SearchField.datasetDigest;
import static dev.mlops4j.tracking.SearchField.datasetName;
import static dev.mlops4j.tracking.SearchField.endTime;
import static dev.mlops4j.tracking.SearchField.experiment;
import static dev.mlops4j.tracking.SearchField.metric;
import static dev.mlops4j.tracking.SearchField.param;
import static dev.mlops4j.tracking.SearchField.parentRunId;
import static dev.mlops4j.tracking.SearchField.runId;
import static dev.mlops4j.tracking.SearchField.runName;
import static dev.mlops4j.tracking.SearchField.startTime;
import static dev.mlops4j.tracking.SearchField.status;
import static dev.mlops4j.tracking.SearchField.tag;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Filters as text and as calls. */
class FilterTest {

  private static final Instant TIME = Instant.parse("2026-01-31T12:00:00.000001Z");
  private static final Filter A = param("a").is("1");
  private static final Filter B = param("b").is("2");
  private static final Filter C = param("c").is("3");

  /** Texts, most of them from the documentation of MLflow's search, and what they mean. */
  static Stream<Map.Entry<String, Filter>> texts() {
    Map<String, Filter> texts = new LinkedHashMap<>();
    texts.put("metrics.accuracy > 0.92", metric("accuracy").greaterThan(0.92));
    texts.put("metric.a >= -1", metric("a").atLeast(-1));
    texts.put("metrics.a<+1e-3", metric("a").lessThan(0.001));
    texts.put("metrics.a <= .5", metric("a").atMost(0.5));
    texts.put("metrics.a = 5.", metric("a").is(5));
    texts.put("metrics.a != 1E2", metric("a").isNot(100));
    texts.put("metrics.a <> 1", metric("a").isNot(1));
    texts.put("metrics.a = NaN", metric("a").is(Double.NaN));
    texts.put("metrics.a < inf", metric("a").lessThan(Double.POSITIVE_INFINITY));
    texts.put("metrics.a = -Infinity", metric("a").is(Double.NEGATIVE_INFINITY));
    texts.put("metrics.a IS NULL", metric("a").isNull());
    texts.put("metrics.a is not null", metric("a").isNotNull());
    texts.put("metrics.train-logloss > 1", metric("train-logloss").greaterThan(1));
    texts.put("metrics.val/auc@10:x.y > 1", metric("val/auc@10:x.y").greaterThan(1));
    texts.put("metrics.`f1 score` > 0.5", metric("f1 score").greaterThan(0.5));
    texts.put("metrics.\"2019-04-02 error rate\" = 0", metric("2019-04-02 error rate").is(0));
    texts.put("metrics.größe = 1", metric("größe").is(1));
    texts.put("params.`a``b` = 'it''s'", param("a`b").is("it's"));
    texts.put("params.\"a\"\"b\" = \"say \"\"x\"\"\"", param("a\"b").is("say \"x\""));
    texts.put(
        "params.\"model-type\" = \"LogisticRegression\"",
        param("model-type").is("LogisticRegression"));
    texts.put("parameters.and = ''", param("and").is(""));
    texts.put("param.depth!='6'", param("depth").isNot("6"));
    texts.put("params.depth IN ('6', \"7\")", param("depth").in("6", "7"));
    texts.put("params.depth not in ('6')", param("depth").notIn("6"));
    texts.put("tags.`mlflow.user` = 'john@mlflow.com'", tag("mlflow.user").is("john@mlflow.com"));
    texts.put("tags.mlflow.parentRunId = 'x'", tag("mlflow.parentRunId").is("x"));
    texts.put("tag.`model` LIKE 'sklearn%'", tag("model").like("sklearn%"));
    texts.put("tags.`type` ilike '%Logistic%'", tag("type").ilike("%Logistic%"));
    texts.put("tags.x NOT LIKE '50\\%'", tag("x").notLike("50\\%"));
    texts.put("tags.x not ILIKE '_'", tag("x").notIlike("_"));
    texts.put("attributes.status = \"FINISHED\"", status().is(RunStatus.FINISHED));
    texts.put("parent_run_id = 'abc'", parentRunId().is("abc"));
    texts.put("attributes.parent_run_id IS NULL", parentRunId().isNull());
    texts.put("status != 'running'", status().isNot(RunStatus.RUNNING));
    texts.put(
        "attr.status in ('FAILED', 'ABANDONED')",
        status().in(RunStatus.FAILED, RunStatus.ABANDONED));
    texts.put("attributes.`run_name` IN ('alpha', 'beta')", runName().in("alpha", "beta"));
    texts.put("attributes.`Run name` = 'x'", runName().is("x"));
    texts.put("`run name` = 'x'", runName().is("x"));
    texts.put("run.run_id = 'a1'", runId().is("a1"));
    texts.put("experiment = 'delay'", experiment().is("delay"));
    texts.put(
        "attributes.start_time > 1670628787527",
        startTime().isAfter(Instant.ofEpochMilli(1_670_628_787_527L)));
    texts.put("Created >= -1", startTime().isAtOrAfter(Instant.ofEpochMilli(-1)));
    texts.put("start_time = '2026-01-31T12:00:00.000001Z'", startTime().is(TIME));
    texts.put("start_time != '2026-01-31T12:00:00.000001999Z'", startTime().isNot(TIME));
    texts.put("end_time < '2026-01-31T12:00:00.000001Z'", endTime().isBefore(TIME));
    texts.put("end_time <= '2026-01-31T12:00:00.000001Z'", endTime().isAtOrBefore(TIME));
    texts.put("end_time IS NULL", endTime().isNull());
    texts.put("dataset.name = 'flights'", datasetName().is("flights"));
    texts.put("datasets.digest LIKE 'ab%'", datasetDigest().like("ab%"));
    texts.put("dataset.context IN ('training')", datasetContext().in("training"));
    texts.put("params.a='1'AND params.b='2'", A.and(B));
    texts.put("params.a = '1' or params.b = '2' and params.c = '3'", A.or(B.and(C)));
    texts.put("(params.a = '1' or params.b = '2') and params.c = '3'", A.or(B).and(C));
    texts.put("not params.a = '1' and params.b = '2'", A.not().and(B));
    texts.put("not (params.a = '1' and params.b = '2')", A.and(B).not());
    texts.put("NOT NOT params.a = '1'", A.not().not());
    texts.put("((\n(params.a\t=\r\n'1')))", A);
    texts.put("params.a = '1' and params.b = '2' and params.c = '3'", A.and(B).and(C));
    texts.put(
        "params.a = '1' and (params.b = '2' and params.c = '3')",
        new Filter.And(List.of(A, B.and(C))));
    return texts.entrySet().stream();
  }

  @ParameterizedTest
  @MethodSource("texts")
  void aTextIsReadAsTheCallsThatMeanTheSame(Map.Entry<String, Filter> text) {
    assertThat(Filter.parse(text.getKey())).isEqualTo(text.getValue());
  }

  @ParameterizedTest
  @MethodSource("texts")
  void whatAFilterPrintsIsReadAsTheSame(Map.Entry<String, Filter> text) {
    assertThat(Filter.parse(text.getValue().toString())).isEqualTo(text.getValue());
  }

  /** Texts that are wrong, the column where they are, and a part of what is expected there. */
  static Stream<List<Object>> wrongTexts() {
    return Stream.of(
        List.of("", 1, "the end", "metrics.KEY"),
        List.of("   ", 4, "the end", "metrics.KEY"),
        List.of("metrics.auc", 12, "the end", "=, !=, <"),
        List.of("metrics.auc >", 14, "the end", "a number"),
        List.of("metrics.auc > and", 15, "\"and\"", "a number"),
        List.of("metrics.auc > '1'", 15, "\"'1'\"", "a number"),
        List.of("metrics.auc > 1e999", 15, "\"1e999\"", "1.8E308"),
        List.of("metrics.auc > nan", 15, "\"nan\"", "NaN is neither"),
        List.of("metrics.auc > 1x", 15, "\"1x\"", "a number"),
        List.of("metrics.auc > 1e", 15, "\"1e\"", "a number"),
        List.of("metrics.auc > -", 15, "\"-\"", "a number"),
        List.of("metrics.auc > -x1", 15, "\"-x1\"", "a number"),
        List.of("metrics.auc > .", 15, "\".\"", "a number"),
        List.of("metrics.auc like 'x'", 13, "\"like\"", "=, !=, <"),
        List.of("metrics.auc == 1", 14, "\"=\"", "a number"),
        List.of("metrics.auc ! 1", 13, "\"!\"", "!="),
        List.of("metrics. > 1", 9, "no key", "a key"),
        List.of("metrics.`` > 1", 1, "\"metrics.``\"", "1 to 255"),
        List.of("metrics.`a > 1", 9, "a text that does not end", "another `"),
        List.of("metrics.auc > 1 or", 19, "the end", "metrics.KEY"),
        List.of("metrics.auc > 1 metrics.b > 1", 17, "\"metrics.b\"", "AND, OR or the end"),
        List.of("metrics.auc > 1)", 16, "\")\"", "AND, OR or the end"),
        List.of("(metrics.auc > 1", 17, "the end", "AND, OR or )"),
        List.of("metrics.auc is 1", 16, "\"1\"", "NULL or NOT NULL"),
        List.of("metrics.auc is not 1", 20, "\"1\"", "NULL"),
        List.of("params.depth = 6", 16, "\"6\"", "a text in quotes"),
        List.of("params.depth > '6'", 14, "\">\"", "for it is text"),
        List.of("params.depth = '6", 16, "a text that does not end", "another '"),
        List.of("params.depth not = '6'", 18, "\"=\"", "LIKE, ILIKE or IN"),
        List.of("params.depth in '6'", 17, "\"'6'\"", "( and texts"),
        List.of("params.depth in ()", 18, "\")\"", "a text in quotes"),
        List.of("params.depth in ('6'", 21, "the end", "a comma or )"),
        List.of("params.depth in ('6',)", 22, "\")\"", "a text in quotes"),
        List.of("params.depth like 6", 19, "\"6\"", "a text in quotes"),
        List.of("params.depth like '\\x'", 19, "\"'\\x'\"", "a backslash in a pattern"),
        List.of("params.depth like '\\'", 19, "\"'\\'\"", "a backslash in a pattern"),
        List.of("params.depth like '\0'", 19, "\"' '\"", "U+0000"),
        List.of("params.depth = '\ud800'", 16, "\"'\ud800'\"", "surrogate"),
        List.of(
            "status = 'PAUSED'",
            10,
            "\"'PAUSED'\"",
            "RUNNING, FINISHED, FAILED, KILLED, ABANDONED"),
        List.of("artifact_uri = 'x'", 1, "\"artifact_uri\"", "run_id, run_name"),
        List.of("attributes.user_id = 'x'", 1, "\"attributes.user_id\"", "run_id, run_name"),
        List.of("dataset.size = 'x'", 1, "\"dataset.size\"", "context, digest, name"),
        List.of("model.x = 'x'", 1, "\"model.x\"", "metrics.KEY"),
        List.of("start_time > 1.5", 14, "\"1.5\"", "whole milliseconds"),
        List.of("start_time > 'yesterday'", 14, "\"'yesterday'\"", "2026-01-31T12:00:00Z"),
        List.of("start_time > 99999999999999999999", 14, "\"99999999999999999999\"", "whole"),
        List.of("start_time > 9223372036854775807", 14, "\"9223372036854775807\"", "whole"),
        List.of("end_time = x", 12, "\"x\"", "whole milliseconds"),
        List.of("start_time > '+1000000000-01-01T00:00:00Z'", 14, "'+1000000000", "292,000"),
        List.of("metrics.auc > 1; drop", 16, "\";\"", "metrics.KEY"),
        List.of("metrics.auc > 1 and 🛫", 21, "\"🛫\"", "metrics.KEY"),
        List.of("'a' = 'a'", 1, "\"'a'\"", "metrics.KEY"));
  }

  @ParameterizedTest
  @MethodSource("wrongTexts")
  void aWrongTextIsAnErrorThatPointsAtTheColumn(List<Object> wrong) {
    SearchSyntaxException error =
        catchThrowableOfType(
            SearchSyntaxException.class, () -> Filter.parse((String) wrong.get(0)));

    assertThat(error.column()).isEqualTo(wrong.get(1));
    assertThat(error.found()).contains((String) wrong.get(2));
    assertThat(error.expected()).contains((String) wrong.get(3));
    assertThat(error.text()).isEqualTo(wrong.get(0));
  }

  @Test
  void anErrorShowsTheTextAndACaretBelowTheColumn() {
    assertThatThrownBy(() -> Filter.parse("metrics.auc > and params.depth = '6'"))
        .hasMessage(
            """
            cannot read the search at column 15: found "and", expected a number
              metrics.auc > and params.depth = '6'
                            ^""");
  }

  @Test
  void anErrorInALongTextShowsItsSurroundingsOnOneLine() {
    String text =
        "params.a = '"
            + "x".repeat(500)
            + "' and\nmetrics.b > x or params.c = 'secret"
            + "y".repeat(500)
            + "'";
    SearchSyntaxException error =
        catchThrowableOfType(SearchSyntaxException.class, () -> Filter.parse(text));
    String[] lines = error.getMessage().split("\n");
    assertThat(lines).hasSize(3);
    assertThat(lines[1]).hasSizeLessThan(120).startsWith("  ...xx").endsWith("...");
    assertThat(lines[1].substring(lines[2].length() - 1)).startsWith("x or params.c");
  }

  @Test
  void hostileTextsAreErrorsAndNeitherExhaustTheStackNorTakeLong() {
    String condition = "metrics.a > 1";
    List<String> texts =
        List.of(
            "(".repeat(60_000),
            "(".repeat(20_000) + condition + ")".repeat(20_000),
            "not ".repeat(15_000) + condition,
            "(not ".repeat(10_000) + condition,
            condition + (" and " + condition).repeat(3_000),
            condition + (" or " + condition).repeat(201),
            "params.a in (" + "'x', ".repeat(10_000) + "'x')",
            "x".repeat(70_000),
            "params.a like '" + "%_".repeat(10_000) + "'",
            "metrics." + "a".repeat(60_000) + " > 1",
            "start_time > " + "9".repeat(60_000),
            "metrics.a > " + "9".repeat(60_000),
            "'".repeat(60_000));
    for (String text : texts) {
      assertThatThrownBy(() -> Filter.parse(text)).isInstanceOf(SearchSyntaxException.class);
    }
    assertThat(Filter.parse("(".repeat(100) + condition + ")".repeat(100)))
        .isEqualTo(metric("a").greaterThan(1));
  }

  @Test
  void whatCannotBeAFilterIsRefusedAsACallAsWell() {
    assertThatThrownBy(() -> metric("a").lessThan(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> param("a").in()).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> param("a").like("%".repeat(1_001)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> startTime().is(Instant.MAX))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Filter.And(List.of(A)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Filter.Or(List.of())).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TextField(TextField.Kind.RUN_ID, "x"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> datasetName().ascending())
        .isInstanceOf(IllegalArgumentException.class);
    for (String key : List.of("", " ", "a\0b", "x".repeat(256), "\ud800")) {
      assertThatThrownBy(() -> metric(key)).isInstanceOf(InvalidNameException.class);
      assertThatThrownBy(() -> param(key)).isInstanceOf(InvalidNameException.class);
      assertThatThrownBy(() -> tag(key)).isInstanceOf(InvalidNameException.class);
    }
  }

  @Test
  void callsThatMakeTooLargeAFilterAreRefused() {
    assertThatThrownBy(
            () -> {
              Filter filter = A;
              for (int i = 0; i < 1_000_000; i++) {
                filter = filter.not();
              }
            })
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 40 conditions within each other");
    assertThatThrownBy(
            () -> {
              Filter filter = A;
              for (int i = 0; i < 1_000_000; i++) {
                filter = filter.and(B);
              }
            })
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 200 comparisons");
    List<String> values = new ArrayList<>();
    for (int i = 0; i <= Filter.MAX_VALUES; i++) {
      values.add("x");
    }
    assertThatThrownBy(() -> param("a").in(values.toArray(String[]::new)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 5000 texts");
  }

  @Test
  void minusZeroIsZero() {
    assertThat(metric("a").is(-0.0)).isEqualTo(metric("a").is(0.0));
  }

  @Test
  void ordersAreReadAndPrinted() {
    List<Order> orders =
        List.of(metric("auc").descending(), param("a b").ascending(), startTime().descending());
    assertThat(Order.parse("metrics.auc desc, params.`a b`, created DESC")).isEqualTo(orders);
    assertThat(orders).hasToString("[metrics.auc DESC, params.`a b` ASC, start_time DESC]");
    assertThat(Order.parse("status asc")).containsExactly(status().ascending());
    assertThat(Order.parse("status desc")).containsExactly(status().descending());
  }

  @Test
  void wrongOrdersAreErrorsThatPointAtTheColumn() {
    Map<String, Integer> wrong =
        Map.of(
            "",
            1,
            "metrics.auc down",
            13,
            "metrics.auc desc,",
            18,
            "metrics.auc, dataset.name",
            14,
            "start_time, ".repeat(8) + "end_time",
            97);
    wrong.forEach(
        (text, column) ->
            assertThatThrownBy(() -> Order.parse(text))
                .isInstanceOfSatisfying(
                    SearchSyntaxException.class, e -> assertThat(e.column()).isEqualTo(column)));
  }
}
