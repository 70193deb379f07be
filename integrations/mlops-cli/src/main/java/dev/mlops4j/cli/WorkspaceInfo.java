package dev.mlops4j.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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
    try (Stream<Path> files = Files.walk(directory, depth)) {
      return files.filter(Files::isRegularFile).mapToLong(WorkspaceInfo::size).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file may go while it is looked at. */
  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }
}
