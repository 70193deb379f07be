package dev.mlops4j.validation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** A report as JSON; the same report gives the same text. */
final class ReportJson {

  private static final String FORMAT = "mlops4j-validation-report";
  private static final int VERSION = 1;

  /** The same line ends on every system. */
  private static final DefaultIndenter LINES = new DefaultIndenter("  ", "\n");

  private ReportJson() {}

  static String write(ValidationReport report) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.setPrettyPrinter(new DefaultPrettyPrinter().withObjectIndenter(LINES));
      json.writeStartObject();
      json.writeStringField("format", FORMAT);
      json.writeNumberField("version", VERSION);
      json.writeStringField("name", report.name());
      json.writeNumberField("rowCount", report.rowCount());
      json.writeArrayFieldStart("results");
      for (ExpectationResult result : report.results()) {
        write(json, result);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a string can always be written", e);
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, ExpectationResult result) throws IOException {
    json.writeStartObject();
    json.writeStringField("severity", result.severity().name());
    json.writeStringField("column", result.column());
    json.writeStringField("asked", result.asked());
    json.writeStringField("outcome", result.outcome().name());
    json.writeStringField("found", result.found());
    json.writeNumberField("violations", result.violations());
    json.writeArrayFieldStart("firstRows");
    for (int row : result.firstRows()) {
      json.writeNumber(row);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  static ValidationReport read(String text) {
    JsonNode root = parse(text);
    if (!FORMAT.equals(root.path("format").textValue())) {
      throw wrong("\"format\"", "\"" + FORMAT + "\"");
    }
    int version = integer(root, "version", 1);
    if (version > VERSION) {
      throw new CorruptValidationReportException(
          "the validation report has version "
              + version
              + ", this library reads version "
              + VERSION
              + "; update the library or check the data again");
    }
    List<ExpectationResult> results = new ArrayList<>();
    for (JsonNode result : array(root, "results")) {
      results.add(readResult(result));
    }
    return new ValidationReport(text(root, "name"), integer(root, "rowCount", 0), results);
  }

  private static ExpectationResult readResult(JsonNode result) {
    List<Integer> rows = new ArrayList<>();
    for (JsonNode row : array(result, "firstRows")) {
      rows.add(integer(row, "firstRows"));
    }
    JsonNode column = result.path("column");
    return new ExpectationResult(
        constant(result, "severity", Severity.class),
        column.isNull() ? null : text(result, "column"),
        text(result, "asked"),
        constant(result, "outcome", Outcome.class),
        text(result, "found"),
        integer(result, "violations", 0),
        rows);
  }

  private static JsonNode parse(String text) {
    try {
      return Reader.MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      // The message shows a part of the text only.
      throw new CorruptValidationReportException(
          "the validation report is not JSON ("
              + e.getOriginalMessage()
              + "); give what ValidationReport.toJson wrote",
          e);
    }
  }

  private static String text(JsonNode node, String name) {
    JsonNode value = node.path(name);
    if (!value.isTextual()) {
      throw wrong("\"" + name + "\"", "text");
    }
    return value.textValue();
  }

  private static int integer(JsonNode node, String name, int least) {
    int value = integer(node.path(name), name);
    if (value < least) {
      throw wrong("\"" + name + "\"", "an integer of at least " + least);
    }
    return value;
  }

  private static int integer(JsonNode value, String name) {
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw wrong("\"" + name + "\"", "a 32-bit integer");
    }
    return value.intValue();
  }

  private static JsonNode array(JsonNode node, String name) {
    JsonNode value = node.path(name);
    if (!value.isArray()) {
      throw wrong("\"" + name + "\"", "a list");
    }
    return value;
  }

  private static <E extends Enum<E>> E constant(JsonNode node, String name, Class<E> type) {
    String text = text(node, name);
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(text)) {
        return constant;
      }
    }
    throw wrong("\"" + name + "\"", "one of " + List.of(type.getEnumConstants()));
  }

  private static CorruptValidationReportException wrong(String where, String expected) {
    return new CorruptValidationReportException(
        "the validation report should have "
            + expected
            + " at "
            + where
            + "; give what ValidationReport.toJson wrote");
  }

  /** Loaded by those who read. */
  private static final class Reader {
    static final JsonMapper MAPPER =
        JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
  }
}
