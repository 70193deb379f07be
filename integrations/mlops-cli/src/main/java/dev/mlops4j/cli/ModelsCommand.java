package dev.mlops4j.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What is done with registered models. */
@Command(
    name = "models",
    mixinStandardHelpOptions = true,
    description = "Imports, lists and promotes the versions of models.",
    subcommands = {
      ImportCommand.class,
      ListCommand.class,
      VersionsCommand.class,
      PromoteCommand.class,
      RollbackCommand.class
    })
final class ModelsCommand implements Runnable {

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut(), CommandLine.Help.Ansi.AUTO);
  }
}
