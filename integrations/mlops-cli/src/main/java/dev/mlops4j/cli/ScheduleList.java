package dev.mlops4j.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.mlops4j.pipeline.FiringRecord;
import dev.mlops4j.pipeline.ScheduleState;
import dev.mlops4j.pipeline.Scheduler;
import dev.mlops4j.workspace.Workspace;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;

/** The schedules of a workspace. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Lists the schedules: when they come next, and how the last run ended.")
final class ScheduleList extends WorkspaceCommand {

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    Scheduler scheduler = Scheduler.in(opened);
    Instant now = opened.systemClock().instant();
    Table table =
        new Table().words("schedule").words("next").words("state").words("last").words("timing");
    ArrayNode json = Json.array();
    for (ScheduleState schedule : scheduler.schedules()) {
      List<FiringRecord> last = scheduler.history(schedule.name(), 1);
      json.add(Schedules.json(schedule, now));
      table.row(
          schedule.name(),
          Schedules.seconds(schedule.next(now).orElse(null)),
          Schedules.state(schedule),
          last.isEmpty() ? "none" : last.get(0).state(),
          schedule.timing());
    }
    if (printer.isJson()) {
      printer.json(json);
    } else if (json.isEmpty()) {
      printer.line("no schedules");
    } else {
      printer.table(table);
    }
    return ExitCode.DONE;
  }
}
