package dev.mlops4j.cli;

import dev.mlops4j.MlopsException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code mlops}. */
@Command(
    name = "mlops",
    mixinStandardHelpOptions = true,
    description = "Works with an MLOps4J workspace.",
    subcommands = ModelsCommand.class)
public final class Mlops implements Runnable {

  /** What a command ends with if it could not do what was asked. */
  static final int FAILED = 1;

  private Mlops() {}

  /** Runs the command and ends the process: with 0, 1 for a failure, 2 for wrong arguments. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** The command, which says what went wrong without a stack trace. */
  static CommandLine commandLine() {
    CommandLine command = new CommandLine(new Mlops());
    command.setCaseInsensitiveEnumValuesAllowed(true);
    command.setExecutionExceptionHandler(
        (e, failed, arguments) -> {
          PrintWriter err = failed.getErr();
          boolean isSaid = e instanceof MlopsException || e instanceof IllegalArgumentException;
          err.println("mlops: " + (isSaid ? e.getMessage() : e.toString()));
          err.flush();
          return FAILED;
        });
    return command;
  }

  /** Without a subcommand, says what there is. */
  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }
}
