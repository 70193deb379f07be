package dev.mlops4j.cli;

import dev.mlops4j.pipeline.PipelineLaunch;
import dev.mlops4j.pipeline.PipelineReport;
import dev.mlops4j.pipeline.PipelineRun;
import dev.mlops4j.pipeline.Progress;
import dev.mlops4j.pipeline.StepStatus;
import dev.mlops4j.tracking.Tracking;
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
      "Exit code 0 if no step failed, 1 if one did, 4 if another run of the pipeline goes on,"
          + " 6 if the one of --step was skipped, 7 if the run was cancelled."
    })
final class PipelineRunCommand extends WorkspaceCommand {

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "The pipeline's name.")
  private @Nullable String name;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private PipelineOption pipeline;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private RefreshOption refresh;

  @Option(
      names = "--step",
      paramLabel = "STEP",
      description =
          "Runs this step alone, with what the steps before it gave last with these parameters.")
  private @Nullable String step;

  @Option(
      names = "--from-run",
      paramLabel = "RUN",
      description =
          "With --step: takes what the steps before it gave in this run, whatever its parameters.")
  private @Nullable String fromRun;

  @Option(names = "--quiet", description = "Shows no progress.")
  private boolean quiet;

  @Override
  Workspace open(WorkspaceOption option) {
    return option.openOrMake();
  }

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    String from = fromRun == null ? null : Runs.find(Tracking.in(opened), fromRun).id();
    return pipeline.with(name, opened, launch -> run(refresh.on(launch), from, printer));
  }

  private ExitCode run(PipelineLaunch launch, @Nullable String from, Printer printer) {
    if (step == null && from != null) {
      throw new CommandException(ExitCode.USAGE, "--from-run goes with --step");
    }
    if (step != null) {
      PipelineLaunch unused = from == null ? launch.only(step) : launch.only(step, from);
    }
    if (!quiet) {
      launch.listener(Progress.terminal());
    }
    PipelineRun run = launch.run();
    ExitCode code = answer(run, printer);
    return step != null && run.step(step).status() == StepStatus.SKIPPED ? ExitCode.SKIPPED : code;
  }

  static ExitCode answer(PipelineRun run, Printer printer) {
    PipelineReport report = run.report();
    PipelineAnswer.print(report, printer);
    return switch (run.status()) {
      case FINISHED -> ExitCode.DONE;
      case KILLED -> ExitCode.CANCELLED;
      default -> ExitCode.FAILED;
    };
  }
}
