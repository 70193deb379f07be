package dev.mlops4j.cli;

import picocli.CommandLine.Command;

/** What is done with features. */
@Command(
    name = "features",
    mixinStandardHelpOptions = true,
    description = "Lists and shows feature views and feature sets.",
    subcommands = {FeaturesList.class, FeaturesShow.class})
final class FeaturesCommand extends GroupCommand {}
