package dev.mlops4j.cli;

import dev.mlops4j.pipeline.PipelineLaunch;
import dev.mlops4j.pipeline.PipelineReport;
import dev.mlops4j.pipeline.PipelineRun;
import dev.mlops4j.pipeline.Progress;
import dev.mlops4j.tracking.RunStatus;
import dev.mlops4j.workspace.Workspace;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a pipeline. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Runs a pipeline, or one step of it, and waits for its end.",
      "Exit code 0 if no step failed, 1 if one did."
    })
final class PipelineRunCommand extends WorkspaceCommand {

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "The pipeline's name.")
  private @Nullable String name;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private PipelineOption pipeline;

  @Option(
      names = "--step",
      paramLabel = "STEP",
      description =
          "Runs this step alone, with what the steps before it gave last in the workspace.")
  private @Nullable String step;

  @Option(names = "--quiet", description = "Shows no progress.")
  private boolean quiet;

  @Override
  Workspace open(WorkspaceOption option) {
    return option.openOrMake();
  }

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    return pipeline.with(name, opened, launch -> run(launch, printer));
  }

  private ExitCode run(PipelineLaunch launch, Printer printer) {
    if (step != null) {
      launch.only(step);
    }
    if (!quiet) {
      launch.listener(Progress.terminal());
    }
    return answer(launch.run(), printer);
  }

  static ExitCode answer(PipelineRun run, Printer printer) {
    PipelineReport report = run.report();
    PipelineAnswer.print(report, printer);
    return run.status() == RunStatus.FINISHED ? ExitCode.DONE : ExitCode.FAILED;
  }
}
