package dev.mlops4j.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops4j.pipeline.FiringRecord;
import dev.mlops4j.pipeline.ScheduleState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Schedules and their firings, for people and programs. */
final class Schedules {

  private Schedules() {}

  static ObjectNode json(ScheduleState schedule, Instant now) {
    ObjectNode node =
        Json.object()
            .put("schedule", schedule.name())
            .put("timing", schedule.timing())
            .put("next", text(schedule.next(now).orElse(null)))
            .put("definedAt", schedule.definedAt().toString())
            .put("plannedTo", schedule.plannedTo().toString())
            .put("pausedAt", text(schedule.pausedAt()))
            .put("pauseReason", schedule.pauseReason());
    node.set("open", json(schedule.open()));
    return node;
  }

  static ArrayNode json(List<FiringRecord> firings) {
    ArrayNode all = Json.array();
    firings.forEach(firing -> all.add(json(firing)));
    return all;
  }

  static ObjectNode json(FiringRecord firing) {
    return Json.object()
        .put("id", firing.id())
        .put("planned", firing.planned().toString())
        .put("requested", firing.requested())
        .put("state", firing.state().name())
        .put("passedOver", firing.passedOver())
        .put("attempts", firing.attempts())
        .put("process", firing.holder() == null ? null : firing.holder().toString())
        .put("startedAt", text(firing.startedAt()))
        .put("endedAt", text(firing.endedAt()))
        .put("text", firing.text())
        .put("run", firing.runId());
  }

  static void print(List<FiringRecord> firings, Printer printer) {
    Table table =
        new Table()
            .words("planned")
            .words("state")
            .words("begun")
            .words("took")
            .words("what came of it")
            .words("run")
            .words("process")
            .number("passed over");
    for (FiringRecord firing : firings) {
      table.row(
          seconds(firing.planned()) + (firing.requested() ? " (asked for)" : ""),
          firing.state() + (firing.attempts() > 1 ? " (attempt " + firing.attempts() + ")" : ""),
          seconds(firing.startedAt()),
          took(firing),
          firing.text(),
          firing.runId(),
          firing.holder(),
          firing.passedOver());
    }
    printer.table(table);
  }

  static String state(ScheduleState schedule) {
    if (schedule.isPaused()) {
      return "paused: " + schedule.pauseReason();
    }
    return schedule.open().stream().anyMatch(f -> f.state() == FiringRecord.State.RUNNING)
        ? "runs"
        : schedule.open().isEmpty() ? "waits" : "is asked to run";
  }

  static @Nullable String seconds(@Nullable Instant instant) {
    return instant == null ? null : instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static @Nullable Duration took(FiringRecord firing) {
    Instant begun = firing.startedAt();
    Instant ended = firing.endedAt();
    return begun == null || ended == null
        ? null
        : Duration.between(begun, ended).truncatedTo(ChronoUnit.MILLIS);
  }

  private static @Nullable String text(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }
}
