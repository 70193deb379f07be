package dev.mlops4j.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportanceJsonTest {

  @TempDir Path directory;

  @Test
  void aTrainingsImportanceIsAnArtifactWithTheGreatestFirst() throws IOException {
    try (Workspace workspace = Workspace.open(directory)) {
      Tracking tracking = Tracking.in(workspace);
      RunRecord run =
          tracking.run(
              "delay",
              open ->
                  open.importance("gain", Map.of("b", 1.0, "wind", 7.5, "a", 1.0, "none", 0.0)));
      JsonNode json =
          new ObjectMapper().readTree(tracking.artifact(run.id(), "importance/gain.json"));
      assertThat(json.get("measure").asText()).isEqualTo("gain");
      assertThat(json.get("inputs").findValuesAsText("name"))
          .containsExactly("wind", "a", "b", "none");
      assertThat(json.get("inputs").get(0).get("importance").asDouble()).isEqualTo(7.5);
    }
  }
}
