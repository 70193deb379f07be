package dev.mlops4j.cli;

import picocli.CommandLine.Command;

/** What is done with a workspace as a whole. */
@Command(
    name = "workspace",
    mixinStandardHelpOptions = true,
    description = "Tells about, checks, copies and backs up a workspace.",
    subcommands = {
      WorkspaceInfo.class,
      WorkspaceCheck.class,
      WorkspaceCopyCommand.class,
      WorkspaceBackupCommand.class,
      WorkspaceDdl.class
    })
final class WorkspaceCommands extends GroupCommand {}
