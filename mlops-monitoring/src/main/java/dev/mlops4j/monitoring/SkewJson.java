package dev.mlops4j.monitoring;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.mlops4j.model.ServedLookup;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A skew report as JSON. */
final class SkewJson {

  /** The same line ends on every system. */
  private static final DefaultIndenter LINES = new DefaultIndenter("  ", "\n");

  private SkewJson() {}

  static String write(SkewReport report) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.setPrettyPrinter(new DefaultPrettyPrinter().withObjectIndenter(LINES));
      json.writeStartObject();
      json.writeStringField("format", "mlops4j-skew-report");
      json.writeNumberField("version", 1);
      json.writeStringField("model", report.model());
      json.writeStringField("featureSet", report.featureSet());
      json.writeStringField("from", report.from().toString());
      json.writeStringField("to", report.to().toString());
      json.writeNumberField("asked", report.asked());
      json.writeNumberField("compared", report.compared());
      json.writeNumberField("movedCount", report.movedCount());
      json.writeArrayFieldStart("features");
      for (FeatureSkew feature : report.features()) {
        write(json, feature);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("notReplayed");
      for (NotReplayed one : report.notReplayed()) {
        json.writeStartObject();
        json.writeStringField("reason", one.reason());
        json.writeNumberField("count", one.count());
        json.writeStringField("firstPredictionId", one.firstPredictionId());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a string can always be written", e);
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, FeatureSkew feature) throws IOException {
    json.writeStartObject();
    json.writeStringField("feature", feature.feature());
    json.writeBooleanField("sensitive", feature.sensitive());
    json.writeNumberField("compared", feature.compared());
    json.writeNumberField("differing", feature.differing());
    double largest = feature.largestDifference();
    write(json, "largestDifference", Double.isNaN(largest) ? null : largest);
    json.writeArrayFieldStart("examples");
    for (SkewExample example : feature.examples()) {
      json.writeStartObject();
      json.writeStringField("predictionId", example.predictionId());
      json.writeStringField("askedAt", example.askedAt().toString());
      json.writeNumberField("version", example.version());
      write(json, "served", example.served());
      write(json, "offline", example.offline());
      Instant event = example.offlineEventTime();
      write(json, "offlineEventTime", event == null ? null : event.toString());
      ServedLookup lookup = example.servedLookup();
      write(json, "servedEvent", example.servedEvent());
      write(json, "servedStatus", lookup == null ? null : lookup.status());
      write(json, "servedEventTime", lookup == null ? null : lookup.eventTime());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeObjectFieldStart("servedEvents");
    for (Map.Entry<ServedEvent, Long> one : feature.servedEvents().entrySet()) {
      json.writeNumberField(one.getKey().name(), one.getValue());
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, String name, @Nullable Object value)
      throws IOException {
    json.writeFieldName(name);
    if (value == null) {
      json.writeNull();
    } else if (value instanceof Double number) {
      json.writeNumber(number);
    } else {
      json.writeString(value.toString());
    }
  }
}
