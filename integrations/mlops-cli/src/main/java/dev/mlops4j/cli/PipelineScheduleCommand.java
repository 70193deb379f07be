package dev.mlops4j.cli;

import dev.mlops4j.pipeline.Misfire;
import dev.mlops4j.pipeline.Pipeline;
import dev.mlops4j.pipeline.PipelineLaunch;
import dev.mlops4j.pipeline.PipelinePlan;
import dev.mlops4j.pipeline.PipelineReport;
import dev.mlops4j.pipeline.Progress;
import dev.mlops4j.pipeline.Schedule;
import dev.mlops4j.pipeline.ScheduleState;
import dev.mlops4j.pipeline.Scheduler;
import dev.mlops4j.workspace.Workspace;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a pipeline whenever it is planned, until it is stopped. */
@Command(
    name = "schedule",
    mixinStandardHelpOptions = true,
    description = {
      "Runs a pipeline whenever it is planned, until it is stopped: by SIGTERM or Ctrl-C, after"
          + " which what runs is cancelled, and gone on with by the next start or another process.",
      "Several processes may do this; each planned run is done by one of them. What is planned and"
          + " what came of it, the commands of mlops schedule show; they also pause, resume and ask"
          + " for a run.",
      "Exit code 143 after SIGTERM and 130 after Ctrl-C, as of any program that these end."
    },
    footer = {
      "",
      "Example:",
      "  mlops pipeline schedule --jar training.jar --class com.example.Coffee"
          + " --cron \"0 3 * * MON\" --zone Europe/Berlin"
    })
final class PipelineScheduleCommand extends WorkspaceCommand {

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "The pipeline's name.")
  private @Nullable String name;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private PipelineOption pipeline;

  @ArgGroup(multiplicity = "1")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private When when;

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      description = "With --cron: by the clocks of which zone, as Europe/Berlin (default: UTC).")
  private @Nullable ZoneId zone;

  @Option(
      names = "--schedule",
      paramLabel = "SCHEDULE",
      description = "The schedule's name (default: the pipeline's).")
  private @Nullable String schedule;

  @Option(
      names = "--misfire",
      defaultValue = "run-once",
      paramLabel = "POLICY",
      description =
          "What becomes of planned times that were missed: run-once, however late; skip, unless it"
              + " is a minute at most; or run-all=N, the last N (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String misfire;

  @Option(names = "--quiet", description = "Shows no progress.")
  private boolean quiet;

  /** One of the two. */
  static final class When {

    @Option(
        names = "--cron",
        required = true,
        paramLabel = "EXPRESSION",
        description = "Minute, hour, day of month, month and day of week, as \"0 3 * * MON\".")
    private @Nullable String cron;

    @Option(
        names = "--every",
        required = true,
        paramLabel = "TIME",
        converter = DurationText.class,
        description = "Every so often, counted from 1970 in UTC, as 15m.")
    private @Nullable Duration every;
  }

  @Override
  Workspace open(WorkspaceOption option) {
    return option.openOrMake();
  }

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    if (zone != null && when.cron == null) {
      throw new CommandException(ExitCode.USAGE, "--zone goes with --cron");
    }
    return pipeline.withEach(
        name, opened, (found, launches) -> schedule(found, launches, opened, printer));
  }

  private ExitCode schedule(
      Pipeline found, Supplier<PipelineLaunch> launches, Workspace opened, Printer printer) {
    // What no run could begin with is said now, and not by a firing some night.
    PipelinePlan unused = launches.get().plan();
    Scheduler scheduler = Scheduler.in(opened);
    try {
      Schedule defined =
          timed(scheduler.schedule(schedule == null ? found.name() : schedule))
              .misfire(misfire())
              .run(
                  firing -> {
                    PipelineReport report = launch(launches).run(firing);
                    return "run " + report.runId() + " " + report.status();
                  });
      scheduler.start();
      ScheduleState state = defined.state();
      if (printer.isJson()) {
        printer.json(Schedules.json(state, opened.systemClock().instant()));
      } else {
        printer.line(
            defined
                + (state.isPaused()
                    ? ", paused: " + state.pauseReason()
                    : state
                        .next(opened.systemClock().instant())
                        .map(next -> ", comes next at " + next)
                        .orElse("")));
      }
      // Until the thread is interrupted.
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      scheduler.close();
    }
    return ExitCode.DONE;
  }

  private PipelineLaunch launch(Supplier<PipelineLaunch> launches) {
    PipelineLaunch launch = launches.get();
    return quiet ? launch : launch.listener(Progress.terminal());
  }

  private Schedule.Builder timed(Schedule.Builder builder) {
    if (when.cron != null) {
      return builder.cron(when.cron, zone == null ? ZoneOffset.UTC : zone);
    }
    if (when.every == null) {
      throw new CommandException(ExitCode.USAGE, "say when: --cron EXPRESSION or --every TIME");
    }
    return builder.every(when.every);
  }

  private Misfire misfire() {
    String all = "run-all=";
    if (misfire.equals("run-once")) {
      return Misfire.runOnce();
    }
    if (misfire.equals("skip")) {
      return Misfire.skip();
    }
    if (misfire.startsWith(all) && misfire.substring(all.length()).matches("[1-9]\\d{0,3}")) {
      return Misfire.runAll(Integer.parseInt(misfire.substring(all.length())));
    }
    throw new CommandException(
        ExitCode.USAGE, "--misfire is run-once, skip or run-all=N, found " + misfire);
  }
}
