package dev.mlops4j.pipeline;

import dev.mlops4j.tracking.RunArtifact;
import dev.mlops4j.workspace.Artifacts;
import dev.mlops4j.workspace.InvalidArtifactPathException;
import java.nio.file.Files;
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
    Path target = directory ? ScratchFiles.directory(own.resolve(stored.text())) : own;
    write(stored.files(), artifacts, target);
    return directory ? target : own.resolve(stored.text());
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
      Artifacts.checkPath(file.path());
      Path to = target.resolve(file.path().substring(BELOW.length()));
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
