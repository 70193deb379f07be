package dev.mlops4j.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops4j.storage.Database;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The tables of a workspace on PostgreSQL. */
@Command(
    name = "ddl",
    mixinStandardHelpOptions = true,
    description =
        "Prints the SQL that makes a workspace's tables on PostgreSQL, for who may create tables"
            + " where the services may not. Needs no workspace and no server.")
final class WorkspaceDdl implements Callable<Integer> {

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private OutputOption output;

  @Option(
      names = "--schema",
      defaultValue = "${env:MLOPS_SCHEMA:-mlops}",
      paramLabel = "NAME",
      description = "The database's schema (default: $MLOPS_SCHEMA, or mlops).")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String schema;

  @Override
  public Integer call() throws IOException {
    Printer printer = new Printer(spec, output);
    SortedMap<String, String> scripts = scripts(schema);
    if (printer.isJson()) {
      ObjectNode json = Json.object();
      scripts.forEach(json::put);
      printer.json(json);
    } else {
      scripts.values().forEach(printer::text);
    }
    return ExitCode.DONE.code();
  }

  /** The components say what they need when they are opened, which asks no database anything. */
  private static SortedMap<String, String> scripts(String schema) throws IOException {
    Path nowhere = Files.createTempDirectory("mlops-ddl");
    try (Database database = Database.postgres(new PGSimpleDataSource(), schema);
        Workspace workspace = Workspace.at(nowhere).database(database).open()) {
      WorkspaceCopyCommand.declareTables(workspace);
      return database.ddl();
    } finally {
      delete(nowhere);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
