package dev.mlops4j.pipeline;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Graphs in the language of Mermaid. */
final class Mermaid {

  private static final Map<String, String> COLOURS =
      Map.of(
          "finished", "fill:#d7f0dd,stroke:#2c7a3f,color:#111",
          "cached", "fill:#d9e8fb,stroke:#2f5f9e,color:#111",
          "failed", "fill:#f8d7d7,stroke:#a12c2c,color:#111",
          "skipped", "fill:#eee,stroke:#888,color:#444");

  private final Map<String, String> ids = new LinkedHashMap<>();
  private final List<String> lines = new ArrayList<>(List.of("flowchart TD"));

  private Mermaid() {}

  static String of(PipelineReport report) {
    Mermaid graph = new Mermaid();
    for (StepResult step : report.steps()) {
      String time = step.startedAt() == null ? "" : ", " + ReportText.time(step.duration());
      graph.node(step.name(), step.status() + time, colour(step.status()), step.dependencies());
    }
    return graph.text();
  }

  static String of(PipelinePlan plan) {
    Mermaid graph = new Mermaid();
    for (PlannedStep step : plan.steps()) {
      String colour =
          switch (step.action()) {
            case RUN, DEPENDS -> "";
            case CACHED, GIVEN -> "cached";
            case SKIP -> "skipped";
          };
      graph.node(step.name(), step.action().name(), colour, step.dependencies());
    }
    return graph.text();
  }

  private void node(String name, String below, String colour, List<String> after) {
    String id = "s" + ids.size();
    ids.put(name, id);
    lines.add(
        "  "
            + id
            + "[\""
            + escaped(name)
            + "<br/>"
            + below.toLowerCase(Locale.ROOT)
            + "\"]"
            + (colour.isEmpty() ? "" : ":::" + colour));
    for (String each : after) {
      String from = ids.get(each);
      if (from != null) {
        lines.add("  " + from + " --> " + id);
      }
    }
  }

  private String text() {
    COLOURS.keySet().stream()
        .sorted()
        .forEach(name -> lines.add("  classDef " + name + " " + COLOURS.get(name)));
    return String.join("\n", lines) + "\n";
  }

  private static String colour(StepStatus status) {
    return switch (status) {
      case FINISHED -> "finished";
      case CACHED, KEPT, REPLACED -> "cached";
      case FAILED -> "failed";
      case SKIPPED, BLOCKED, CANCELLED -> "skipped";
      case WAITING, RUNNING -> "";
    };
  }

  /** As entities of Mermaid, so that no name is taken for markup. */
  private static String escaped(String name) {
    StringBuilder escaped = new StringBuilder();
    name.codePoints()
        .forEach(
            c -> {
              if (Character.isLetterOrDigit(c) || c == ' ' || c == '-' || c == '_' || c == '.') {
                escaped.appendCodePoint(c);
              } else {
                escaped.append('#').append(c).append(';');
              }
            });
    return escaped.toString();
  }
}
