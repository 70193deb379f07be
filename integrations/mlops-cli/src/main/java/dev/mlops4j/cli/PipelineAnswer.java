package dev.mlops4j.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops4j.pipeline.PipelinePlan;
import dev.mlops4j.pipeline.PipelineReport;
import dev.mlops4j.pipeline.PlannedStep;
import dev.mlops4j.pipeline.StepResult;

/** Runs and plans of pipelines as answers. */
final class PipelineAnswer {

  private PipelineAnswer() {}

  static void print(PipelineReport report, Printer printer) {
    if (printer.isJson()) {
      printer.json(json(report));
    } else {
      printer.line(report.pipeline() + " " + report.runId() + " " + report.status());
      printer.text(report.toText());
    }
  }

  static void print(PipelinePlan plan, Printer printer) {
    if (!printer.isJson()) {
      printer.text(plan.toText());
      return;
    }
    ObjectNode node = Json.object().put("pipeline", plan.pipeline());
    ArrayNode steps = node.putArray("steps");
    for (PlannedStep step : plan.steps()) {
      ObjectNode each =
          steps
              .addObject()
              .put("name", step.name())
              .put("action", step.action().name())
              .put("reason", step.reason());
      ArrayNode after = each.putArray("after");
      step.dependencies().forEach(after::add);
    }
    printer.json(node);
  }

  static ObjectNode json(PipelineReport report) {
    ObjectNode node =
        Json.object()
            .put("pipeline", report.pipeline())
            .put("run", report.runId())
            .put("status", report.status().name())
            .put("startedAt", report.startedAt().toString())
            .put("endedAt", report.endedAt() == null ? null : report.endedAt().toString());
    ArrayNode steps = node.putArray("steps");
    for (StepResult step : report.steps()) {
      ObjectNode each =
          steps
              .addObject()
              .put("name", step.name())
              .put("status", step.status().name())
              .put("reason", step.reason())
              .put("startedAt", step.startedAt() == null ? null : step.startedAt().toString())
              .put("millis", step.duration().toMillis())
              .put("attempts", step.attempts())
              .put("items", step.items())
              .put("output", step.output() == null ? null : step.output().hex())
              .put("run", step.runId())
              .put("codeChanged", step.codeChanged());
      ArrayNode after = each.putArray("after");
      step.dependencies().forEach(after::add);
    }
    return node;
  }
}
