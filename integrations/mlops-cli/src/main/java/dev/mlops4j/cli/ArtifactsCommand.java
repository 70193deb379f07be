package dev.mlops4j.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What is done with artifacts. */
@Command(
    name = "artifacts",
    mixinStandardHelpOptions = true,
    description = "Takes out and verifies artifacts.",
    subcommands = {ArtifactsGet.class, ArtifactsVerify.class})
final class ArtifactsCommand implements Runnable {

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
