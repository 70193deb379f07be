package dev.mlops4j.examples.docs;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the sources and the documents are. */
final class Repository {

  private Repository() {}

  /** The directory of the whole project, wherever in it the tests run. */
  static Path root() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.isRegularFile(directory.resolve("CHANGELOG.md"))) {
      directory = directory.getParent();
      if (directory == null) {
        throw new IllegalStateException(
            "no CHANGELOG.md above " + Path.of("").toAbsolutePath() + "; run within the project");
      }
    }
    return directory;
  }
}
