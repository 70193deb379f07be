package dev.mlops4j.cli;

import dev.mlops4j.report.Printable;
import dev.mlops4j.tracking.SearchSyntaxException;
import java.io.PrintWriter;
import java.util.List;
import java.util.logging.ConsoleHandler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code mlops}. */
@Command(
    name = "mlops",
    mixinStandardHelpOptions = true,
    versionProvider = Mlops.Version.class,
    description = "Works with an MLOps4J workspace.",
    footer = {
      "",
      "Exit codes: 0 done, 1 failed, 2 wrong arguments, 3 not there, 4 refused by a rule,"
          + " 5 damaged, 6 skipped, 7 cancelled."
    },
    subcommands = {
      ModelsCommand.class,
      RunsCommand.class,
      ScheduleCommand.class,
      PipelineCommand.class,
      FeaturesCommand.class,
      ArtifactsCommand.class,
      WorkspaceCommands.class,
      CompletionCommand.class
    })
public final class Mlops implements Runnable {

  private static final String STACK_TRACE = "--stack-trace";

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Option(
      names = STACK_TRACE,
      scope = CommandLine.ScopeType.INHERIT,
      description = "Shows where in the code a failure came from, and what is logged as a warning.")
  private boolean stackTrace;

  private Mlops() {}

  /** Runs the command and ends the process, with the exit codes that its help lists. */
  public static void main(String[] arguments) {
    if (System.getProperty("java.util.logging.config.file") == null
        && System.getProperty("java.util.logging.config.class") == null) {
      resetLogging(List.of(arguments).contains(STACK_TRACE));
    }
    System.exit(commandLine().execute(arguments));
  }

  /** What goes wrong is said by the command itself. Steps of pipelines keep what is logged. */
  static void resetLogging(boolean warnings) {
    LogManager.getLogManager().reset();
    if (warnings) {
      ConsoleHandler handler = new ConsoleHandler(); // writes to the error stream
      handler.setLevel(Level.WARNING);
      Logger.getLogger("").addHandler(handler);
    }
  }

  /** The command, which says what went wrong in one line. */
  static CommandLine commandLine() {
    Mlops mlops = new Mlops();
    CommandLine command = new CommandLine(mlops);
    command.setCaseInsensitiveEnumValuesAllowed(true);
    command.setUsageHelpAutoWidth(true);
    command.setExecutionExceptionHandler(
        (e, failed, arguments) -> {
          say(failed.getErr(), ExitCode.isSaid(e) ? message(e) : "unexpected: " + e);
          if (mlops.stackTrace) {
            e.printStackTrace(failed.getErr());
          }
          return ExitCode.of(e).code();
        });
    command.setParameterExceptionHandler(Mlops::wrongArguments);
    return command;
  }

  private static int wrongArguments(ParameterException e, String[] arguments) {
    CommandLine failed = e.getCommandLine();
    List<String> meant =
        e instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
    say(
        failed.getErr(),
        e.getMessage()
            + (meant.isEmpty() ? "" : "; did you mean " + String.join(" or ", meant) + "?")
            + "; see "
            + failed.getCommandSpec().qualifiedName()
            + " --help");
    return ExitCode.USAGE.code();
  }

  /** A filter's other lines point at its column, which one line cannot; the first one names it. */
  private static @Nullable String message(Exception e) {
    String message = e.getMessage();
    return e instanceof SearchSyntaxException && message != null
        ? message.lines().findFirst().orElse(message)
        : message;
  }

  /** One line, whatever is in it. */
  private static void say(PrintWriter err, @Nullable String message) {
    String text = message == null ? "failed" : message.replaceAll("\\s*\\R\\s*", " ");
    err.println("mlops: " + Printable.of(text));
    err.flush();
  }

  /** Without a subcommand, says what there is. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** The version of the library. */
  static final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
      String version = Mlops.class.getPackage().getImplementationVersion();
      return new String[] {"mlops " + (version == null ? "(development)" : version)};
    }
  }
}
