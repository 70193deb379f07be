package dev.mlops4j.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What is done with a workspace as a whole. */
@Command(
    name = "workspace",
    mixinStandardHelpOptions = true,
    description = "Tells about and checks a workspace.",
    subcommands = {WorkspaceInfo.class, WorkspaceCheck.class, WorkspaceDdl.class})
final class WorkspaceCommands implements Runnable {

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
