package dev.mlops4j.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.mlops4j.tracking.RunArtifact;
import dev.mlops4j.workspace.Artifacts;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** What a process gave: its exit code, the end of its output, and the files it made. */
final class ProcessFilesOutput extends Output<ProcessOutput> {

  /** Another one than when what a process says was a part of the digest. */
  static final String FORM = "process 2";

  @Override
  String form() {
    return FORM;
  }

  /** Of the text what counts: what a process says may differ each time, as by the time of day. */
  static String identity(String text) {
    try {
      return "exit code " + StepJson.read(text, End.class).exitCode();
    } catch (JsonProcessingException e) {
      return text;
    }
  }

  @Override
  StoredOutput store(String step, ProcessOutput value, Artifacts artifacts, Path scratch) {
    SortedMap<String, Path> files = new TreeMap<>(value.files());
    String text = StepJson.write("a process's end", new End(value.exitCode(), value.output()));
    return new StoredOutput(form(), text, FileOutput.keep(step, files, artifacts));
  }

  @Override
  ProcessOutput read(StoredOutput stored, Artifacts artifacts, Path scratch) {
    try {
      End end = StepJson.read(stored.text(), End.class);
      Path target = ScratchFiles.directory(scratch.resolve(UUID.randomUUID().toString()));
      FileOutput.write(stored.files(), artifacts, target);
      Map<String, Path> files = new HashMap<>();
      for (RunArtifact file : stored.files()) {
        String name = FileOutput.name(file);
        files.put(name, FileOutput.below(target, name));
      }
      return new ProcessOutput(end.exitCode(), end.output(), files);
    } catch (JsonProcessingException e) {
      throw new BrokenOutputException("its end cannot be read", e);
    }
  }

  private record End(int exitCode, String output) {}
}
