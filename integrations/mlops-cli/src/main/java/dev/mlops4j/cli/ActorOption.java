package dev.mlops4j.cli;

import dev.mlops4j.registry.ActorSource;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.workspace.Workspace;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who does something, and why. */
final class ActorOption {

  @Option(
      names = {"-m", "--reason"},
      required = true,
      paramLabel = "TEXT",
      description = "Why, for the history.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String reason;

  @Option(
      names = "--by",
      defaultValue = "${env:MLOPS_ACTOR}",
      paramLabel = "WHO",
      description = "Who does it, for the history (default: $MLOPS_ACTOR, or the system's user).")
  private @Nullable String by;

  String reason() {
    return reason;
  }

  /** The registry, with whoever acts. */
  Registry registry(Workspace workspace) {
    String who = by;
    ActorSource source = who == null || who.isBlank() ? ActorSource.SYSTEM_USER : () -> who;
    return Registry.in(workspace).actingAs(source);
  }
}
