package dev.mlops4j.cli;

import dev.mlops4j.workspace.Workspace;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command on a workspace that is there. */
abstract class WorkspaceCommand implements Callable<Integer> {

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private WorkspaceOption workspace;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private OutputOption output;

  @Override
  public final Integer call() {
    Printer printer = new Printer(spec, output);
    try (Workspace opened = open(workspace)) {
      return run(opened, printer).code();
    }
  }

  /** Opens the workspace; one that is not there is an error unless a command makes it. */
  Workspace open(WorkspaceOption option) {
    return option.open();
  }

  abstract ExitCode run(Workspace opened, Printer printer);
}
