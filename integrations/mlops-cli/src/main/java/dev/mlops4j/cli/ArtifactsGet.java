package dev.mlops4j.cli;

import dev.mlops4j.Digest;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes an artifact out of the workspace. */
@Command(
    name = "get",
    mixinStandardHelpOptions = true,
    description = "Writes an artifact to a file, or a model package to a directory, verified.")
final class ArtifactsGet extends WorkspaceCommand {

  @Parameters(paramLabel = "SHA256", description = "The artifact's digest, of 64 digits.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String digest;

  @Option(
      names = {"-o", "--to"},
      required = true,
      paramLabel = "PATH",
      description = "The file or directory to write; there must be nothing yet.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path target;

  @Option(
      names = "--package",
      description = "The digest is that of a model package; its files are written.")
  private boolean isPackage;

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    Digest asked = new Digest(digest);
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new CommandException(
          ExitCode.REFUSED, "there is something at " + target + " already; name another path");
    }
    if (isPackage) {
      ModelPackage.of(opened.artifacts().readTree(asked)).writeTo(target);
    } else {
      opened.artifacts().writeTo(asked, target);
    }
    if (printer.isJson()) {
      printer.json(Json.object().put("digest", asked.hex()).put("to", target.toString()));
    } else {
      printer.line(asked.shortHex() + " written to " + target);
    }
    return ExitCode.DONE;
  }
}
