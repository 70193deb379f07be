package dev.mlops4j.cli;

import picocli.CommandLine.Command;

/** What is done with runs. */
@Command(
    name = "runs",
    mixinStandardHelpOptions = true,
    description = "Finds, shows, compares and deletes runs.",
    subcommands = {
      RunsList.class,
      RunsSearch.class,
      RunsShow.class,
      RunsCompare.class,
      RunsDelete.class,
      RunsRestore.class,
      RunsPurge.class
    })
final class RunsCommand extends GroupCommand {}
