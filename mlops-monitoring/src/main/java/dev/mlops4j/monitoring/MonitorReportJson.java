package dev.mlops4j.monitoring;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops4j.monitoring.ColumnHistory.ColumnPoint;
import dev.mlops4j.monitoring.SegmentFigures.Segments;
import java.util.List;

/** A {@link MonitorReport} as JSON; a number that is not finite is left out. */
final class MonitorReportJson {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final int FORM = 1;
  private static final List<String> QUANTILES = List.of("quantile5", "median", "quantile95");

  private MonitorReportJson() {}

  static String of(MonitorReport report) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("form", FORM)
        .put("model", report.model())
        .put("reference", report.reference().toString())
        .put("summary", report.summary());
    ArrayNode alerts = json.putArray("alerts");
    report.openAlerts().forEach(alert -> append(alerts.addObject(), "open", alert));
    report.pastAlerts().forEach(alert -> append(alerts.addObject(), "past", alert));
    ArrayNode windows = json.putArray("windows");
    report.monitorWindows().forEach(window -> append(windows.addObject(), window));
    ArrayNode columns = json.putArray("columns");
    report.columns().forEach(column -> append(columns.addObject(), column));
    Segments segments = report.segments();
    ArrayNode values = json.putArray("segments");
    segments.figures().forEach(one -> append(values.addObject(), segments, one));
    try {
      return MAPPER.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }

  private static void append(ObjectNode one, String state, Alert alert) {
    one.put("state", state).put("id", alert.id()).put("column", alert.column());
    one.put("kind", alert.kind().name()).put("version", alert.version());
    one.put("rule", alert.rule()).put("severity", alert.severity().name());
    one.put("start", alert.start().toString()).put("end", alert.end().toString());
    one.put("firstEnd", alert.firstEnd().toString()).put("repeats", alert.repeats());
    one.put("raisedAt", alert.raisedAt().toString());
    alert.resolvedAt().ifPresent(at -> one.put("resolvedAt", at.toString()));
    verdict(one, alert.verdict());
  }

  private static void append(ObjectNode json, MonitorWindow window) {
    WindowReport report = window.report();
    json.put("start", report.start().toString()).put("end", report.end().toString());
    json.put("version", report.version());
    ArrayNode versions = json.putArray("versions");
    report.versions().forEach(versions::add);
    json.put("predictions", report.performance().rows());
    json.put("outcomesIn", report.outcomesIn());
    json.put("evaluated", !window.isSilent() && !window.waits());
    if (window.problem() != null) {
      json.put("problem", window.problem());
    }
    ArrayNode alerts = json.putArray("alerts");
    report.alerts().forEach(verdict -> alerts.add(verdict.column()));
    ObjectNode figures = json.putObject("figures");
    window
        .figures()
        .forEach(
            (name, figure) -> {
              ObjectNode one = figures.putObject(name);
              put(one, "value", figure.value());
              put(one, "low", figure.low());
              put(one, "high", figure.high());
            });
  }

  private static void append(ObjectNode json, ColumnHistory column) {
    json.put("name", column.name())
        .put("kind", column.verdict().kind().name())
        .put("start", column.window().start().toString())
        .put("end", column.window().end().toString());
    verdict(json, column.verdict());
    put(json, "importance", column.importance());
    ArrayNode windows = json.putArray("windows");
    List<String> names = names(column);
    column.points().forEach(point -> append(windows.addObject(), point, names));
  }

  private static void append(ObjectNode json, Segments segments, SegmentFigures figures) {
    json.put("segment", figures.segment()).put("value", figures.value());
    json.put("windows", segments.windows());
    Performance now = figures.now();
    json.put("predictions", now.rows()).put("labelled", now.labelled());
    put(json, "predicted", now.predicted());
    Performance before = figures.before();
    if (before != null) {
      json.put("predictionsBefore", before.rows());
      put(json, "predictedBefore", before.predicted());
    }
    if (segments.labelsShown()) {
      put(json, "actual", now.actual());
      json.put("metric", segments.metric()).put("worse", figures.worse());
      put(json, "metricValue", figures.metric().value());
      put(json, "low", figures.metric().low());
      put(json, "high", figures.metric().high());
      put(json, "ofAll", segments.overall().value());
    }
  }

  private static List<String> names(ColumnHistory column) {
    return switch (column.column().shape()) {
      case NUMBERS -> QUANTILES;
      case CATEGORIES -> column.categories();
      case MISSING -> List.of();
      case SHARE -> List.of("share");
      case GAP -> List.of("predicted", "actual");
    };
  }

  private static void append(ObjectNode json, ColumnPoint point, List<String> names) {
    json.put("start", point.start().toString());
    Verdict verdict = point.verdict();
    if (verdict != null) {
      json.put("status", verdict.status().name());
      put(json, "effect", verdict.effect());
      if (verdict.aspect() != null) {
        json.put("aspect", verdict.aspect().name());
      }
    }
    put(json, "missing", point.missing());
    ObjectNode values = json.putObject("values");
    for (int i = 0; i < names.size(); i++) {
      put(values, names.get(i), point.value(i));
    }
  }

  private static void verdict(ObjectNode json, Verdict verdict) {
    json.put("status", verdict.status().name());
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
    json.put("referenceRows", verdict.referenceRows());
    json.put("windowRows", verdict.windowRows());
    json.put("words", verdict.words());
  }

  private static void put(ObjectNode json, String name, double value) {
    if (Double.isFinite(value)) {
      json.put(name, value);
    }
  }
}
