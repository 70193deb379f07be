package dev.mlops4j.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops4j.Digest;
import dev.mlops4j.tracking.ImportedRun;
import dev.mlops4j.tracking.RunArtifact;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.ArchiveException;
import dev.mlops4j.workspace.Artifacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** An archive of runs of which points, artifacts, trees or the index are hostile. */
final class HostileRuns extends HostileArchive {

  HostileRuns(Path archive, Path scratch) throws IOException {
    super(archive, scratch);
  }

  /** Imports twice: the second time must change nothing. */
  @Override
  boolean imports(Path file, Artifacts artifacts, Kept kept) {
    RunsInMemory runs = new RunsInMemory();
    try (Tracking tracking = Tracking.over(runs.store(), artifacts, () -> Instant.EPOCH)) {
      check(tracking.importFrom(file, MOST_BYTES), true, kept);
      check(tracking.importFrom(file, MOST_BYTES), false, kept);
      return true;
    } catch (ArchiveException e) {
      if (!runs.isEmpty()) {
        throw new AssertionError("refused, and a run was added", e);
      }
      throw e;
    }
  }

  private static void check(List<ImportedRun> imported, boolean added, Kept kept) {
    for (ImportedRun each : imported) {
      for (RunArtifact artifact : each.run().artifacts().values()) {
        if (each.added() != added
            || each.run().id().isBlank()
            || !kept.contains(artifact.digest())) {
          throw new AssertionError(each + " was to be added: " + added);
        }
      }
    }
  }

  @Override
  void putRight(ObjectNode root, Map<String, byte[]> changed, String before) throws IOException {
    byte[] content = changed.get(before);
    String after = Digest.of(content).hex();
    String text = JSON.writeValueAsString(root).replace(before, after);
    root.removeAll();
    root.setAll((ObjectNode) JSON.readTree(text.getBytes(StandardCharsets.UTF_8)));
    ((ObjectNode) root.get("files")).put(after, content.length);
    for (JsonNode run : root.get("runs")) {
      for (JsonNode artifact : run.get("artifacts")) {
        if (artifact.get("digest").asText().equals(after)
            && artifact.get("kind").asText().equals("FILE")) {
          ((ObjectNode) artifact).put("bytes", content.length);
        }
      }
    }
  }
}
