package dev.mlops4j.cli;

import dev.mlops4j.pipeline.PipelineLaunch;
import dev.mlops4j.pipeline.Progress;
import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Goes on with a run of a pipeline. */
@Command(
    name = "resume",
    mixinStandardHelpOptions = true,
    description = {
      "Goes on with a run that failed, was cancelled or whose process died.",
      "Exit code 0 if no step failed, 1 if one did, 4 if it cannot be resumed, 7 if it was"
          + " cancelled."
    })
final class PipelineResumeCommand extends WorkspaceCommand {

  @Parameters(paramLabel = "RUN", description = "The run's id, or the beginning of it.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String id;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private PipelineOption pipeline;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private RefreshOption refresh;

  @Option(
      names = "--allow-changed-code",
      description = "Resumes although the pipeline has changed since; what is done is kept.")
  private boolean allowsChangedCode;

  @Option(names = "--quiet", description = "Shows no progress.")
  private boolean quiet;

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    RunRecord run = Runs.find(Tracking.in(opened), id);
    return pipeline.with(
        run.experiment(), opened, launch -> resume(refresh.on(launch), run.id(), printer));
  }

  private ExitCode resume(PipelineLaunch launch, String runId, Printer printer) {
    if (allowsChangedCode) {
      launch.allowChangedCode();
    }
    if (!quiet) {
      launch.listener(Progress.terminal());
    }
    return PipelineRunCommand.answer(launch.resume(runId), printer);
  }
}
