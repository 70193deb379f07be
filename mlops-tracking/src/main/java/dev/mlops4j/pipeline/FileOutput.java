package dev.mlops4j.pipeline;

import dev.mlops4j.tracking.RunArtifact;
import dev.mlops4j.workspace.Artifacts;
import dev.mlops4j.workspace.InvalidArtifactPathException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** A file, or a directory of files. The text is the name of the one or the other. */
final class FileOutput extends Output<Path> {

  /** Before the paths of files, so that they are not taken for what the library keeps. */
  static final String BELOW = "files/";

  private final boolean directory;

  FileOutput(boolean directory) {
    this.directory = directory;
  }

  @Override
  String form() {
    return directory ? "directory" : "file";
  }

  @Override
  StoredOutput store(String step, Path value, Artifacts artifacts, Path scratch) {
    String name = String.valueOf(value.toAbsolutePath().normalize().getFileName());
    if (!directory && !Files.isRegularFile(value)) {
      throw new UnstorableOutputException(
          "step \"" + step + "\" gave the file " + value + ", which is not there or no file", null);
    }
    SortedMap<String, Path> files =
        directory ? ScratchFiles.below(step, value) : new TreeMap<>(Map.of(name, value));
    return new StoredOutput(form(), name, keep(step, files, artifacts));
  }

  @Override
  Path read(StoredOutput stored, Artifacts artifacts, Path scratch) {
    Path own = ScratchFiles.directory(scratch.resolve(UUID.randomUUID().toString()));
    Path named = directory ? ScratchFiles.directory(below(own, stored.text())) : file(stored, own);
    write(stored.files(), artifacts, directory ? named : own);
    return named;
  }

  private static Path file(StoredOutput stored, Path target) {
    if (stored.files().stream().noneMatch(file -> name(file).equals(stored.text()))) {
      throw new BrokenOutputException("its file \"" + stored.text() + "\" is not kept", null);
    }
    return below(target, stored.text());
  }

  /**
   * The path of a kept file in its directory.
   *
   * @throws BrokenOutputException if it is none of a file of a step
   */
  static String name(RunArtifact file) {
    if (!file.path().startsWith(BELOW)) {
      throw new BrokenOutputException("\"" + file.path() + "\" is no file of a step", null);
    }
    return file.path().substring(BELOW.length());
  }

  /**
   * The file of this path in a directory. What is kept may be from an archive that somebody made by
   * hand.
   *
   * @throws BrokenOutputException if it would lie elsewhere
   */
  static Path below(Path directory, String path) {
    try {
      Artifacts.checkPath(path);
      Path to = directory.resolve(path).normalize();
      if (to.startsWith(directory.normalize()) && !to.equals(directory.normalize())) {
        return to;
      }
    } catch (InvalidArtifactPathException | InvalidPathException e) {
      throw new BrokenOutputException("\"" + path + "\" is no path of a file", e);
    }
    throw new BrokenOutputException("\"" + path + "\" lies outside of its directory", null);
  }

  /** Keeps copies of files. */
  static List<RunArtifact> keep(String step, SortedMap<String, Path> files, Artifacts artifacts) {
    List<RunArtifact> kept = new ArrayList<>();
    files.forEach(
        (path, file) -> {
          checkPath(step, path);
          Artifacts.Put put = artifacts.putSized(file);
          kept.add(new RunArtifact(BELOW + path, RunArtifact.Kind.FILE, put.digest(), put.bytes()));
        });
    return kept;
  }

  /** Writes kept files to a directory. */
  static void write(List<RunArtifact> files, Artifacts artifacts, Path target) {
    for (RunArtifact file : files) {
      Path to = below(target, name(file));
      ScratchFiles.directoryOf(to);
      artifacts.writeTo(file.digest(), to);
    }
  }

  private static void checkPath(String step, String path) {
    try {
      Artifacts.checkPath(path);
    } catch (InvalidArtifactPathException e) {
      throw new UnstorableOutputException(
          "step \"" + step + "\" gave the file \"" + path + "\": " + e.getMessage(), e);
    }
  }
}
