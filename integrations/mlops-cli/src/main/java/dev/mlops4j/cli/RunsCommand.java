package dev.mlops4j.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What is done with runs. */
@Command(
    name = "runs",
    mixinStandardHelpOptions = true,
    description = "Lists, shows and compares runs.",
    subcommands = {RunsList.class, RunsShow.class, RunsCompare.class})
final class RunsCommand implements Runnable {

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
