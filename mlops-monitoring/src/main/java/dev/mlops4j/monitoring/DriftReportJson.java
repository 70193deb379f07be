package dev.mlops4j.monitoring;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops4j.profile.CategorySummary;
import dev.mlops4j.profile.ColumnProfile;
import dev.mlops4j.profile.NumericSummary;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A {@link DriftReport} as JSON; a number that is not finite is left out. */
final class DriftReportJson {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final int TOP = 10;
  private static final int FORM = 1;

  private DriftReportJson() {}

  static String of(DriftReport report) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("form", FORM)
        .put("summary", report.summary())
        .put("referenceRows", report.referenceRows())
        .put("currentRows", report.currentRows());
    ArrayNode columns = json.putArray("columns");
    report.columns().forEach(column -> append(columns.addObject(), column));
    report.segments().ifPresent(segments -> append(json.putObject("segments"), segments));
    try {
      return MAPPER.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }

  private static void append(ObjectNode json, ColumnDrift column) {
    append(json, column.verdict());
    ObjectNode statistics = json.putObject("statistics");
    column
        .statistics()
        .forEach((name, value) -> put(statistics, name.name().toLowerCase(Locale.ROOT), value));
    profile(json, "reference", column.referenceProfile());
    profile(json, "current", column.currentProfile());
  }

  private static void append(ObjectNode json, Verdict verdict) {
    json.put("name", verdict.column()).put("status", verdict.status().name());
    if (verdict.aspect() != null) {
      json.put("aspect", verdict.aspect().name());
    }
    if (verdict.category() != null) {
      json.put("category", verdict.category());
    }
    put(json, "effect", verdict.effect());
    if (verdict.test() != null) {
      json.put("test", verdict.test());
    }
    put(json, "p", verdict.p());
    put(json, "q", verdict.q());
    json.put("words", verdict.words());
  }

  private static void append(ObjectNode json, DriftSegments segments) {
    json.put("keyColumn", segments.keyColumn());
    segments(json.putArray("compared"), segments.compared());
    segments(json.putArray("came"), segments.came());
    segments(json.putArray("went"), segments.went());
    ObjectNode beyond = json.putObject("beyond");
    ArrayNode keys = beyond.putArray("keys");
    segments.beyond().keys().forEach(keys::add);
    beyond
        .put("referenceRows", segments.beyond().referenceRows())
        .put("currentRows", segments.beyond().currentRows());
  }

  private static void segments(ArrayNode into, List<SegmentDrift> segments) {
    for (SegmentDrift segment : segments) {
      ObjectNode json = into.addObject();
      json.put("key", segment.withoutKey() ? null : segment.key());
      json.put("referenceRows", segment.referenceRows()).put("currentRows", segment.currentRows());
      put(json, "referenceShare", segment.referenceShare());
      put(json, "currentShare", segment.currentShare());
      if (segment.isCompared()) {
        json.put("status", segment.status().name()).put("alerts", segment.alerts().size());
        ArrayNode columns = json.putArray("columns");
        segment.verdicts().forEach(verdict -> append(columns.addObject(), verdict));
      }
    }
  }

  private static void profile(ObjectNode into, String name, @Nullable ColumnProfile column) {
    if (column == null) {
      return;
    }
    ObjectNode json = into.putObject(name);
    json.put("type", column.type().toString())
        .put("rows", column.count())
        .put("missing", column.missing());
    column.numbers().ifPresent(numbers -> numbers(json, numbers));
    column.categories().ifPresent(categories -> categories(json, categories));
  }

  private static void numbers(ObjectNode json, NumericSummary numbers) {
    json.put("nan", numbers.nan()).put("distinct", numbers.distinct());
    put(json, "mean", numbers.mean());
    put(json, "standardDeviation", numbers.standardDeviation());
    put(json, "min", numbers.min());
    put(json, "max", numbers.max());
    if (numbers.finite() > 0) {
      put(json, "median", numbers.quantile(0.5));
    }
  }

  private static void categories(ObjectNode json, CategorySummary categories) {
    ObjectNode top = json.put("distinct", categories.distinct()).putObject("top");
    ObjectNode atMost = json.objectNode();
    for (CategorySummary.Frequent one : categories.frequent(TOP)) {
      top.put(one.text(), one.atLeast());
      if (one.atMost() > one.atLeast()) {
        atMost.put(one.text(), one.atMost());
      }
    }
    if (!atMost.isEmpty()) {
      json.set("topAtMost", atMost);
    }
  }

  private static void put(ObjectNode json, String name, double value) {
    if (Double.isFinite(value)) {
      json.put(name, value);
    }
  }
}
