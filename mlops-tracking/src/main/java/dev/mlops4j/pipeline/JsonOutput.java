package dev.mlops4j.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JavaType;
import dev.mlops4j.workspace.Artifacts;
import java.nio.file.Path;
import java.util.List;

/** Values as JSON. */
final class JsonOutput<T> extends Output<T> {

  private final String form;
  private final JavaType type;

  JsonOutput(String form, JavaType type) {
    this.form = form;
    this.type = type;
  }

  @Override
  String form() {
    return form;
  }

  @Override
  boolean isText() {
    return true;
  }

  @Override
  StoredOutput store(String step, T value, Artifacts artifacts, Path scratch) {
    String what = "the output of step \"" + step + "\"";
    String text = StepJson.write(what, value);
    String again;
    try {
      again = StepJson.write(what, StepJson.read(text, type));
    } catch (JsonProcessingException e) {
      throw new UnstorableOutputException(
          what
              + " was written as JSON and cannot be read as "
              + type.toCanonical()
              + " again: "
              + e.getOriginalMessage(),
          e);
    }
    if (!again.equals(text)) {
      throw new UnstorableOutputException(
          what
              + " is not the same after it was written as JSON and read as "
              + type.toCanonical()
              + " again; give a record, or another form of Outputs",
          null);
    }
    return new StoredOutput(form, text, List.of());
  }

  @Override
  @SuppressWarnings("unchecked") // the type is that of the output
  T read(StoredOutput stored, Artifacts artifacts, Path scratch) {
    try {
      return (T) StepJson.read(stored.text(), type);
    } catch (JsonProcessingException e) {
      throw new BrokenOutputException("its JSON cannot be read: " + e.getOriginalMessage(), e);
    }
  }
}
