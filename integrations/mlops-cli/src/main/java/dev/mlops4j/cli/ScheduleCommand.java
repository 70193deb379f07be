package dev.mlops4j.cli;

import picocli.CommandLine.Command;

/** What is done with schedules. */
@Command(
    name = "schedule",
    mixinStandardHelpOptions = true,
    description =
        "Lists, shows, pauses and resumes schedules, and asks for a run. The work is done by the"
            + " processes that define them.",
    subcommands = {
      ScheduleList.class,
      ScheduleShow.class,
      ScheduleHistory.class,
      SchedulePause.class,
      ScheduleResume.class,
      ScheduleRunNow.class
    })
final class ScheduleCommand extends GroupCommand {}
