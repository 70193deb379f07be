package dev.mlops4j.tracking;

import dev.mlops4j.Digest;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.storage.StorageException;
import dev.mlops4j.workspace.Artifacts;
import dev.mlops4j.workspace.UnreadableFileException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Stores what a run makes: first the bytes, then, at once, that the run has them. */
final class RunArtifacts {

  private final String runId;
  private final TrackingStore store;
  private final Artifacts artifacts;

  RunArtifacts(String runId, TrackingStore store, Artifacts artifacts) {
    this.runId = runId;
    this.store = store;
    this.artifacts = artifacts;
  }

  RunArtifact put(String path, byte[] content) {
    Names.checkPath(path);
    Digest digest = artifacts.put(content);
    return note(new RunArtifact(path, RunArtifact.Kind.FILE, digest, content.length));
  }

  RunArtifact put(String path, Path file) {
    return note(stored(Names.checkPath(path), file));
  }

  List<RunArtifact> putDirectory(String path, Path directory) {
    Names.checkPath(path);
    SortedMap<String, Path> files = new TreeMap<>();
    for (Path file : filesBelow(directory)) {
      String below =
          directory.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
      files.put(Names.checkPath(path + "/" + below), file);
    }
    Artifacts.checkPaths(files.keySet());
    List<RunArtifact> all = new ArrayList<>();
    files.forEach((name, file) -> all.add(stored(name, file)));
    store.putArtifacts(runId, all);
    return List.copyOf(all);
  }

  Digest putModel(String path, ModelPackage model) {
    Names.checkPath(path);
    Digest digest = artifacts.putTree(model.files());
    long bytes = model.files().values().stream().mapToLong(file -> file.length).sum();
    note(new RunArtifact(path, RunArtifact.Kind.MODEL, digest, bytes));
    return digest;
  }

  /** Writes the files among these to a directory, by what their paths have after one. */
  static int write(Artifacts artifacts, List<RunArtifact> some, String path, Path directory) {
    int begin = path.isEmpty() ? 0 : path.length() + 1;
    SortedMap<String, Digest> files = new TreeMap<>();
    for (RunArtifact artifact : some) {
      if (artifact.kind() == RunArtifact.Kind.FILE && !artifact.path().equals(path)) {
        files.put(artifact.path().substring(begin), artifact.digest());
      }
    }
    Artifacts.checkPaths(files.keySet());
    files.forEach((name, digest) -> write(artifacts, digest, directory.resolve(name)));
    return files.size();
  }

  private static void write(Artifacts artifacts, Digest digest, Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
    } catch (IOException e) {
      throw new StorageException("cannot make a directory for " + file + ": " + e.getMessage(), e);
    }
    artifacts.writeTo(digest, file);
  }

  private RunArtifact stored(String path, Path file) {
    Artifacts.Put put = artifacts.putSized(file);
    return new RunArtifact(path, RunArtifact.Kind.FILE, put.digest(), put.bytes());
  }

  private RunArtifact note(RunArtifact artifact) {
    store.putArtifacts(runId, List.of(artifact));
    return artifact;
  }

  /** All files; what is neither a file nor a directory is an error. */
  private static List<Path> filesBelow(Path directory) {
    List<Path> files = new ArrayList<>();
    try {
      Files.walkFileTree(
          directory,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              if (!attributes.isRegularFile() || file.equals(directory)) {
                throw new UnreadableFileException(
                    file,
                    new IOException(
                        file.equals(directory)
                            ? "it is no directory"
                            : "neither symbolic links nor devices in a directory are followed"));
              }
              files.add(file);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UnreadableFileException(directory, e);
    }
    return files;
  }
}
