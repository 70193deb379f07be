package dev.mlops4j.monitoring;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops4j.report.Printable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;

/** What a {@link WebhookSink} sends. */
public enum WebhookFormat {
  /** One object of this library's own, whose schema is in docs/monitoring.md. */
  JSON {
    @Override
    byte[] body(AlertNotice notice, Instant now) {
      ObjectNode body = MAPPER.createObjectNode();
      body.put("format", "mlops4j-alerts").put("version", 1).put("model", notice.model());
      ArrayNode alerts = body.putArray("alerts");
      each(notice, (state, alert) -> put(alerts.addObject().put("state", state), alert));
      return bytes(body);
    }
  },

  /**
   * The array that Alertmanager's {@code POST /api/v2/alerts} takes. An alert that goes on ends
   * there two lengths of its window from now, unless it is sent again: each evaluation does so.
   */
  ALERTMANAGER {
    @Override
    byte[] body(AlertNotice notice, Instant now) {
      ArrayNode body = MAPPER.createArrayNode();
      each(notice, (state, alert) -> putAlertmanager(body.addObject(), alert, now));
      return bytes(body);
    }
  };

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** The body of a notice sent now. */
  abstract byte[] body(AlertNotice notice, Instant now);

  private static void each(AlertNotice notice, BiConsumer<String, Alert> action) {
    each(notice.raised(), "raised", action);
    each(notice.repeated(), "repeated", action);
    each(notice.resolved(), "resolved", action);
  }

  private static void each(List<Alert> alerts, String state, BiConsumer<String, Alert> action) {
    alerts.forEach(alert -> action.accept(state, alert));
  }

  private static void put(ObjectNode node, Alert alert) {
    node.put("id", alert.id()).put("kind", alert.kind().name()).put("column", alert.column());
    node.put("rule", alert.rule()).put("severity", alert.severity().name());
    node.put("version", alert.version());
    ArrayNode versions = node.putArray("versions");
    alert.versions().forEach(versions::add);
    node.put("start", alert.start().toString()).put("end", alert.end().toString());
    node.put("firstEnd", alert.firstEnd().toString()).put("repeats", alert.repeats());
    node.put("raisedAt", alert.raisedAt().toString());
    alert.resolvedAt().ifPresent(at -> node.put("resolvedAt", at.toString()));
    Verdict verdict = alert.verdict();
    node.put("words", verdict.words()).put("text", alert.toString());
    putFinite(node, "effect", verdict.effect());
    putFinite(node, "p", verdict.p());
    putFinite(node, "q", verdict.q());
    node.put("windowRows", verdict.windowRows()).put("referenceRows", verdict.referenceRows());
  }

  private static void putFinite(ObjectNode node, String name, double number) {
    if (Double.isFinite(number)) {
      node.put(name, number);
    }
  }

  private static void putAlertmanager(ObjectNode node, Alert alert, Instant now) {
    ObjectNode labels = node.putObject("labels");
    labels.put("alertname", "mlops4j_" + alert.kind().name().toLowerCase(Locale.ROOT));
    labels.put("model", alert.model()).put("column", alert.column());
    labels.put("rule", alert.rule());
    labels.put("severity", alert.severity().word());
    labels.put("alert_id", alert.id());
    node.putObject("annotations")
        .put("summary", alert.toString())
        .put("description", Printable.of(alert.verdict().words()));
    node.put("startsAt", alert.raisedAt().toString());
    Instant end = alert.resolvedAt().orElse(now.plus(alert.length().multipliedBy(2)));
    node.put("endsAt", end.toString());
  }

  private static byte[] bytes(Object body) {
    try {
      return MAPPER.writeValueAsString(body).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }
}
