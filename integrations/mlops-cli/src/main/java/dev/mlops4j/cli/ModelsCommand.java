package dev.mlops4j.cli;

import picocli.CommandLine.Command;

/** What is done with registered models. */
@Command(
    name = "models",
    mixinStandardHelpOptions = true,
    description = "Lists, shows, promotes, rolls back and moves the versions of models.",
    subcommands = {
      ModelsList.class,
      ModelsShow.class,
      ModelsVersions.class,
      ModelsHistory.class,
      ModelsDiff.class,
      ModelsPromote.class,
      ModelsRollback.class,
      ModelsRequireGates.class,
      ModelsDescribe.class,
      ModelsDelete.class,
      ModelsExport.class,
      ImportCommand.class
    })
final class ModelsCommand extends GroupCommand {}
