package dev.mlops4j.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mlops4j.tracking.RunArtifact;
import dev.mlops4j.workspace.Artifacts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The outputs of the items of a step for each, in the order of the list. */
final class ListOutput<T> extends Output<List<T>> {

  private final Output<T> item;

  ListOutput(Output<T> item) {
    this.item = item;
  }

  @Override
  String form() {
    return "list of " + item.form();
  }

  @Override
  boolean isText() {
    return item.isText();
  }

  @Override
  StoredOutput store(String step, List<T> values, Artifacts artifacts, Path scratch) {
    List<StoredOutput> items = new ArrayList<>();
    for (T value : values) {
      items.add(item.store(step, value, artifacts, scratch));
    }
    return join(items);
  }

  /** The output of all from those of each. */
  StoredOutput join(List<StoredOutput> items) {
    List<Part> parts = new ArrayList<>();
    List<RunArtifact> files = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      StoredOutput each = items.get(i);
      parts.add(new Part(each.text(), each.files().size()));
      for (RunArtifact file : each.files()) {
        files.add(
            new RunArtifact(prefix(i) + file.path(), file.kind(), file.digest(), file.bytes()));
      }
    }
    return new StoredOutput(form(), StepJson.write("a list of outputs", parts), files);
  }

  @Override
  List<T> read(StoredOutput stored, Artifacts artifacts, Path scratch) {
    List<T> values = new ArrayList<>();
    try {
      int i = 0;
      for (JsonNode part : StepJson.tree(stored.text())) {
        String prefix = prefix(i++);
        List<RunArtifact> files = new ArrayList<>();
        for (RunArtifact file : stored.files()) {
          if (file.path().startsWith(prefix)) {
            String path = file.path().substring(prefix.length());
            files.add(new RunArtifact(path, file.kind(), file.digest(), file.bytes()));
          }
        }
        String text = part.path("text").asText();
        values.add(item.read(new StoredOutput(item.form(), text, files), artifacts, scratch));
      }
    } catch (JsonProcessingException e) {
      throw new BrokenOutputException("its list cannot be read", e);
    }
    return List.copyOf(values);
  }

  private static String prefix(int position) {
    return "items/" + position + "/";
  }

  private record Part(String text, int files) {}
}
