package dev.mlops4j.cli;

import picocli.CommandLine.Command;

/** What is done with pipelines. */
@Command(
    name = "pipeline",
    mixinStandardHelpOptions = true,
    description =
        "Runs and schedules pipelines of a jar of yours, plans them, resumes and shows their runs.",
    subcommands = {
      PipelineRunCommand.class,
      PipelinePlanCommand.class,
      PipelineResumeCommand.class,
      PipelineScheduleCommand.class,
      PipelineList.class,
      PipelineShow.class
    })
final class PipelineCommand extends GroupCommand {}
