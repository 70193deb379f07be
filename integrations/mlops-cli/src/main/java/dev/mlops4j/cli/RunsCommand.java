package dev.mlops4j.cli;

import picocli.CommandLine.Command;

/** What is done with runs. */
@Command(
    name = "runs",
    mixinStandardHelpOptions = true,
    description = "Finds, shows, compares, moves and deletes runs.",
    subcommands = {
      RunsList.class,
      RunsSearch.class,
      RunsShow.class,
      RunsCompare.class,
      RunsExport.class,
      RunsImport.class,
      RunsDelete.class,
      RunsRestore.class,
      RunsPurge.class
    })
final class RunsCommand extends GroupCommand {}
