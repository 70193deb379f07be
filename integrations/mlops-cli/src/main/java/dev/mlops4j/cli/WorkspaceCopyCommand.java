package dev.mlops4j.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.monitoring.Monitor;
import dev.mlops4j.pipeline.Pipeline;
import dev.mlops4j.pipeline.Scheduler;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.report.Printable;
import dev.mlops4j.storage.CopiedTable;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.CopyProgress;
import dev.mlops4j.workspace.CopyReport;
import dev.mlops4j.workspace.Workspace;
import dev.mlops4j.workspace.WorkspaceCopy;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Copies a workspace, between a directory and PostgreSQL as well. */
@Command(
    name = "copy",
    mixinStandardHelpOptions = true,
    description = {
      "Copies a workspace to a place where nothing is yet: a directory, or a schema of PostgreSQL"
          + " with a directory for the artifacts. Every table and every artifact is compared. Stop"
          + " what writes to the source first: what is written later is not copied.",
      "Passwords are taken from $MLOPS_FROM_DATABASE_PASSWORD and $MLOPS_TO_DATABASE_PASSWORD, else"
          + " from $MLOPS_DATABASE_PASSWORD, $PGPASSWORD or ~/.pgpass."
    },
    footer = {
      "",
      "Examples:",
      "  mlops workspace copy --from workspace --to shared --to-database"
          + " jdbc:postgresql://db.example/ml --to-schema mlops",
      "  mlops workspace copy --from shared --from-database jdbc:postgresql://db.example/ml"
          + " --to laptop"
    })
final class WorkspaceCopyCommand implements Callable<Integer> {

  private static final long ARTIFACTS_A_LINE = 1_000;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private OutputOption output;

  @Option(names = "--from", required = true, paramLabel = "DIR", description = "What to copy.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path from;

  @Option(
      names = "--from-database",
      paramLabel = "URL",
      description = "Its PostgreSQL database (default: the directory's own files).")
  private @Nullable String fromDatabase;

  @Option(names = "--from-database-user", paramLabel = "USER", description = "The database's user.")
  private @Nullable String fromUser;

  @Option(
      names = "--from-schema",
      defaultValue = "mlops",
      paramLabel = "NAME",
      description = "The database's schema (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String fromSchema;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "DIR",
      description =
          "Where to. The same directory if only the databases go to PostgreSQL and the artifacts"
              + " stay.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path to;

  @Option(
      names = "--to-database",
      paramLabel = "URL",
      description = "The PostgreSQL database to copy to (default: the directory's own files).")
  private @Nullable String toDatabase;

  @Option(names = "--to-database-user", paramLabel = "USER", description = "The database's user.")
  private @Nullable String toUser;

  @Option(
      names = "--to-schema",
      defaultValue = "mlops",
      paramLabel = "NAME",
      description = "The database's schema (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String toSchema;

  @Option(names = "--progress", description = "Says on the error stream how far it is.")
  private boolean progress;

  @Override
  public Integer call() {
    Printer printer = new Printer(spec, output);
    WorkspaceOption.checkThere(from, "--from");
    Workspace.Builder sourceSettings = Workspace.at(from);
    if (fromDatabase != null) {
      sourceSettings.database(
          Postgres.open(
              "--from-database",
              fromDatabase,
              fromUser,
              fromSchema,
              "MLOPS_FROM_DATABASE_PASSWORD",
              "MLOPS_DATABASE_PASSWORD",
              "PGPASSWORD"));
    }
    Workspace.Builder targetSettings = Workspace.at(to);
    if (toDatabase != null) {
      targetSettings.database(
          Postgres.open(
              "--to-database",
              toDatabase,
              toUser,
              toSchema,
              "MLOPS_TO_DATABASE_PASSWORD",
              "MLOPS_DATABASE_PASSWORD",
              "PGPASSWORD"));
    }
    try (Workspace source = sourceSettings.open();
        Workspace target = targetSettings.open()) {
      declareTables(target);
      print(WorkspaceCopy.from(source).to(target).run(progress()), printer);
    }
    return ExitCode.DONE.code();
  }

  /** All that this command knows; what is opened asks the database nothing yet. */
  static void declareTables(Workspace workspace) {
    Registry.in(workspace);
    Tracking.in(workspace);
    Pipeline.declareTables(workspace.database(Area.METADATA));
    Scheduler.in(workspace);
    FeatureStore.in(workspace);
    Monitor.declareTables(workspace.database(Area.LEDGER));
  }

  private CopyProgress progress() {
    if (!progress) {
      return CopyProgress.NONE;
    }
    PrintWriter err = spec.commandLine().getErr();
    return new CopyProgress() {
      @Override
      public void copied(CopiedTable table) {
        say(table.component() + " " + table.table() + ": " + table.rows() + " rows");
      }

      @Override
      public void copied(long artifacts, long bytes) {
        if (artifacts % ARTIFACTS_A_LINE == 0) {
          say(artifacts + " artifacts of " + bytes + " bytes");
        }
      }

      private void say(String text) {
        err.println(Printable.of(text));
        err.flush();
      }
    };
  }

  private static void print(CopyReport report, Printer printer) {
    if (printer.isJson()) {
      ObjectNode json =
          Json.object().put("artifacts", report.artifacts()).put("bytes", report.bytes());
      ArrayNode tables = json.putArray("tables");
      for (CopiedTable table : report.tables()) {
        tables
            .addObject()
            .put("component", table.component())
            .put("table", table.table())
            .put("rows", table.rows())
            .put("digest", table.digest().hex());
      }
      printer.json(json);
      return;
    }
    Table table = new Table().words("table").number("rows").words("digest of the rows");
    report.tables().forEach(each -> table.row(each.table(), each.rows(), each.digest().shortHex()));
    printer.table(table);
    printer.line(
        report.rows()
            + " rows and "
            + report.artifacts()
            + " artifacts of "
            + report.bytes()
            + " bytes copied and compared");
  }
}
