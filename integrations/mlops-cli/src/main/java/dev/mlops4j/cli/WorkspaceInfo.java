package dev.mlops4j.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;

/** What is in a workspace. */
@Command(
    name = "info",
    mixinStandardHelpOptions = true,
    description = "Shows what a workspace holds, and how large it is.")
final class WorkspaceInfo extends WorkspaceCommand {

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    Map<String, Object> info = info(opened);
    if (printer.isJson()) {
      ObjectNode json = Json.object();
      info.forEach(
          (key, value) -> {
            if (value instanceof Number number) {
              json.put(key, number.longValue());
            } else {
              json.put(key, value.toString());
            }
          });
      printer.json(json);
    } else {
      Table table = new Table().words("workspace").words(opened.directory().toString());
      info.forEach(table::row);
      printer.table(table);
    }
    return ExitCode.DONE;
  }

  private static Map<String, Object> info(Workspace opened) {
    Map<String, Object> info = new LinkedHashMap<>();
    Registry registry = Registry.in(opened);
    Tracking tracking = Tracking.in(opened);
    FeatureStore features = FeatureStore.in(opened);
    List<String> models = registry.models();
    Map<String, Long> runs = tracking.runCounts();
    info.put("id", opened.id());
    info.put("models", models.size());
    info.put("versions", models.stream().mapToLong(m -> registry.versions(m).size()).sum());
    info.put("experiments", runs.size());
    info.put("runs", runs.values().stream().mapToLong(Long::longValue).sum());
    info.put("feature views", features.views().size());
    info.put("feature sets", features.sets().size());
    info.put("bytes of databases", bytes(opened.directory(), 1));
    info.put("bytes of artifacts", bytes(opened.directory().resolve("artifacts"), 10));
    return info;
  }

  private static long bytes(Path directory, int depth) {
    if (!Files.isDirectory(directory)) {
      return 0;
    }
    Bytes bytes = new Bytes();
    try {
      Files.walkFileTree(directory, Set.of(), depth, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.sum;
  }

  /** Of all files; one may go while it is looked at. */
  static final class Bytes extends SimpleFileVisitor<Path> {

    private long sum;

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      sum += attributes.isRegularFile() ? attributes.size() : 0;
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }
  }
}
