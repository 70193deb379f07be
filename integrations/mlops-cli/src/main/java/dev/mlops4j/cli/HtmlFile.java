package dev.mlops4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a page where the user wants it. */
final class HtmlFile {

  private HtmlFile() {}

  static void write(Path file, String page) {
    try {
      Files.writeString(file, page);
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.FAILED,
          "cannot write " + file + " (" + e + "); name a file that can be written");
    }
  }
}
