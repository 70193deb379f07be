package dev.mlops4j.cli;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where an export writes its archive. */
final class ArchiveOption {

  @Option(
      names = {"-o", "--to"},
      required = true,
      paramLabel = "FILE.zip",
      description = "The archive to write; there must be nothing yet.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path file;

  /** The file, if there is nothing yet: asked before what may take long. */
  Path free() {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new CommandException(
          ExitCode.REFUSED, "there is something at " + file + " already; name another file");
    }
    return file;
  }
}
