package dev.mlops4j.cli;

import picocli.CommandLine.Command;

/** What is done with artifacts. */
@Command(
    name = "artifacts",
    mixinStandardHelpOptions = true,
    description = "Takes out and verifies artifacts, and deletes what nobody refers to.",
    subcommands = {ArtifactsGet.class, ArtifactsVerify.class, ArtifactsGc.class})
final class ArtifactsCommand extends GroupCommand {}
