package dev.mlops4j.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What is done with features. */
@Command(
    name = "features",
    mixinStandardHelpOptions = true,
    description = "Lists and shows feature views and feature sets.",
    subcommands = {FeaturesList.class, FeaturesShow.class})
final class FeaturesCommand implements Runnable {

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
