package dev.mlops4j.pipeline;

import dev.mlops4j.Digest;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.tracking.RunArtifact;
import dev.mlops4j.workspace.Artifacts;
import java.nio.file.Path;
import java.util.List;

/** Model packages as trees of files. */
final class ModelOutput extends Output<ModelPackage> {

  private static final String PATH = "model";

  @Override
  String form() {
    return "model package";
  }

  @Override
  StoredOutput store(String step, ModelPackage value, Artifacts artifacts, Path scratch) {
    Digest tree = artifacts.putTree(value.files());
    long bytes = value.files().values().stream().mapToLong(file -> file.length).sum();
    RunArtifact kept = new RunArtifact(PATH, RunArtifact.Kind.MODEL, tree, bytes);
    return new StoredOutput(form(), value.digest().hex(), List.of(kept));
  }

  @Override
  ModelPackage read(StoredOutput stored, Artifacts artifacts, Path scratch) {
    return ModelPackage.of(artifacts.readTree(stored.files().get(0).digest()));
  }
}
