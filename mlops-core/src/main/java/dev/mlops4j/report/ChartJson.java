package dev.mlops4j.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/** Charts as JSON that may stand in a script element. */
final class ChartJson {

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private ChartJson() {}

  /** In strings only are there letters that HTML could take for a tag, and they are escaped. */
  static String of(List<LineChart> charts) {
    ArrayNode all = MAPPER.createArrayNode();
    charts.forEach(chart -> add(all.addObject(), chart));
    try {
      return MAPPER
          .writeValueAsString(all)
          .replace("<", "\\u003c")
          .replace(">", "\\u003e")
          .replace("&", "\\u0026");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }

  private static void add(ObjectNode node, LineChart chart) {
    node.put("title", Printable.of(chart.title()));
    node.put("x", Printable.of(chart.xLabel()));
    node.put("axis", chart.axis().name().toLowerCase(Locale.ROOT));
    for (LineChart.Mark mark : chart.marks()) {
      node.withArray("marks")
          .addObject()
          .put("x", mark.x())
          .put("name", Printable.of(mark.label()));
    }
    ArrayNode lines = node.putArray("lines");
    for (int i = 0; i < chart.lines().size(); i++) {
      LineChart.Line line = chart.lines().get(i);
      if (line.points().isEmpty()) {
        continue;
      }
      ObjectNode one = lines.addObject().put("number", i).put("name", Printable.of(line.name()));
      ArrayNode xs = one.putArray("x");
      ArrayNode ys = one.putArray("y");
      line.points()
          .forEach(
              point -> {
                xs.add(point.x());
                add(ys, point.y());
              });
      if (line.points().stream().anyMatch(LineChart.Point::hasBand)) {
        ArrayNode lows = one.putArray("low");
        ArrayNode highs = one.putArray("high");
        line.points()
            .forEach(
                point -> {
                  add(lows, point.hasBand() ? point.low() : Double.NaN);
                  add(highs, point.hasBand() ? point.high() : Double.NaN);
                });
      }
    }
  }

  private static void add(ArrayNode numbers, double number) {
    if (Double.isFinite(number)) {
      numbers.add(number);
    } else {
      numbers.addNull();
    }
  }
}
