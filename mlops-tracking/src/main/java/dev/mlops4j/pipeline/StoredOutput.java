package dev.mlops4j.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.mlops4j.Digest;
import dev.mlops4j.tracking.RunArtifact;
import dev.mlops4j.workspace.Artifacts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An output as it is kept: a text, and what lies among the artifacts.
 *
 * @param form how the text and the files are to be read
 * @param text what is small
 * @param files what is not, by path
 */
record StoredOutput(String form, String text, List<RunArtifact> files) {

  /** A longer text is kept as an artifact; a param of a run holds 64 Ki characters. */
  private static final int MOST_INLINE = 16_000;

  static final String SPILLED = StepTags.ARTIFACTS + "output.json";

  StoredOutput {
    files = files.stream().sorted(Comparator.comparing(RunArtifact::path)).toList();
  }

  /** Of all that it is, but what a process says; what its dependants' cache keys have of it. */
  Digest digest() {
    StringBuilder all = new StringBuilder();
    append(all, form);
    append(all, form.equals(ProcessFilesOutput.FORM) ? ProcessFilesOutput.identity(text) : text);
    for (RunArtifact file : files) {
      append(all, file.path());
      append(all, file.kind().name());
      append(all, file.digest().hex());
    }
    return Digest.of(all.toString());
  }

  /** As it is written down in a run: a text, and what the run has. */
  record Written(String text, List<RunArtifact> artifacts, Digest digest) {}

  Written write(Artifacts artifacts) {
    Digest digest = digest();
    SortedMap<String, Object> json = new TreeMap<>();
    json.put("digest", digest.hex());
    json.put("form", form);
    json.put("text", text);
    json.put("files", files);
    String whole = StepJson.write("an output", json);
    if (whole.length() <= MOST_INLINE) {
      return new Written(whole, kept(), digest);
    }
    byte[] bytes = whole.getBytes(StandardCharsets.UTF_8);
    Digest at = artifacts.put(bytes);
    List<RunArtifact> all = new ArrayList<>(kept());
    all.add(new RunArtifact(SPILLED, RunArtifact.Kind.FILE, at, bytes.length));
    return new Written(
        StepJson.write("an output", new TreeMap<>(java.util.Map.of("at", at.hex()))), all, digest);
  }

  /** Where a step's own artifacts are not, so that neither stands in the place of the other. */
  private List<RunArtifact> kept() {
    return files.stream()
        .map(
            file ->
                new RunArtifact(
                    StepTags.ARTIFACTS + file.path(), file.kind(), file.digest(), file.bytes()))
        .toList();
  }

  /**
   * Reads what {@link #write} gave.
   *
   * @throws BrokenOutputException if it was altered
   */
  static StoredOutput read(String written, Artifacts artifacts) {
    try {
      Form form = StepJson.read(written, Form.class);
      if (form.at() != null) {
        form =
            StepJson.read(
                new String(artifacts.read(new Digest(form.at())), StandardCharsets.UTF_8),
                Form.class);
      }
      if (form.form() == null || form.text() == null || form.files() == null) {
        throw new BrokenOutputException("it lacks a part", null);
      }
      StoredOutput output = new StoredOutput(form.form(), form.text(), form.files());
      if (!output.digest().hex().equals(form.digest())) {
        throw new BrokenOutputException("it has another digest than when it was kept", null);
      }
      return output;
    } catch (JsonProcessingException | RuntimeException e) {
      throw BrokenOutputException.of(e);
    }
  }

  private static void append(StringBuilder all, String part) {
    all.append(part.length()).append(':').append(part);
  }

  private record Form(
      @Nullable String at,
      @Nullable String digest,
      @Nullable String form,
      @Nullable String text,
      @Nullable List<RunArtifact> files) {}
}
