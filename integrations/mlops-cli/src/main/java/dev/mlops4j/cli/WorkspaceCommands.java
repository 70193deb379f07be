package dev.mlops4j.cli;

import picocli.CommandLine.Command;

/** What is done with a workspace as a whole. */
@Command(
    name = "workspace",
    mixinStandardHelpOptions = true,
    description = "Tells about and checks a workspace.",
    subcommands = {WorkspaceInfo.class, WorkspaceCheck.class, WorkspaceDdl.class})
final class WorkspaceCommands extends GroupCommand {}
