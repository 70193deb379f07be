package dev.mlops4j.cli;

import picocli.CommandLine.Command;

/** What is done with runs. */
@Command(
    name = "runs",
    mixinStandardHelpOptions = true,
    description = "Lists, shows, compares and moves runs.",
    subcommands = {
      RunsList.class,
      RunsShow.class,
      RunsCompare.class,
      RunsExport.class,
      RunsImport.class
    })
final class RunsCommand extends GroupCommand {}
