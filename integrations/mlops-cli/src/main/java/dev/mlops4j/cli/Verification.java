package dev.mlops4j.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops4j.Digest;
import dev.mlops4j.MlopsException;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.registry.Stage;
import dev.mlops4j.storage.StorageCorruptException;
import dev.mlops4j.storage.StorageException;
import dev.mlops4j.tracking.MadeArtifact;
import dev.mlops4j.tracking.RunArtifact;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Artifacts;
import dev.mlops4j.workspace.OtherArtifactStoreException;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;

/** Reads what versions and runs refer to, and gathers what is wrong with it. */
final class Verification {

  private final Artifacts artifacts;
  private final List<String> problems = new ArrayList<>();

  /** Several versions and runs may refer to one. */
  private final Set<Digest> verified = new LinkedHashSet<>();

  Verification(Artifacts artifacts) {
    this.artifacts = artifacts;
  }

  /** What the databases of a workspace find wrong with themselves. */
  void verifyDatabases(Workspace workspace) {
    problems.addAll(workspace.findDamage());
  }

  /** All that the versions and runs of a workspace refer to. */
  void verifyAll(Workspace workspace) {
    attempt("versions", () -> verifyVersions(Registry.in(workspace)));
    attempt("runs", () -> verifyRuns(Tracking.in(workspace)));
  }

  /** Reads something that may be damaged itself; what else is wrong is told all the same. */
  void attempt(String what, Runnable read) {
    try {
      read.run();
    } catch (StorageException e) {
      if (problems.isEmpty() && !(e instanceof StorageCorruptException)) {
        throw e; // it cannot be read, and is not known to be damaged
      }
      problems.add(what + ": " + e.getMessage());
    }
  }

  /** The bytes of one artifact. */
  void verify(Digest digest) {
    attempt("artifact " + digest.shortHex(), digest, () -> read(digest));
  }

  /** Piece by piece: it may be larger than memory. */
  private void read(Digest digest) {
    try {
      artifacts.writeTo(digest, OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new UncheckedIOException("nothing is written anywhere", e);
    }
  }

  /** The same of a package's files; the manifest and the golden rows are looked into. */
  private void readPackage(Digest tree) {
    SortedMap<String, Artifacts.Put> files = artifacts.files(tree);
    files.values().stream().map(Artifacts.Put::digest).forEach(this::read);
    ModelPackage.verify(files, path -> artifacts.readFile(tree, path));
  }

  void verifyVersions(Registry registry) {
    for (String model : registry.models()) {
      List<ModelVersion> versions = registry.versions(model);
      long serving = versions.stream().filter(v -> v.stage() == Stage.PRODUCTION).count();
      if (serving > 1) {
        problems.add(model + " has " + serving + " versions in PRODUCTION");
      }
      for (ModelVersion version : versions) {
        attempt(
            version.label(), version.packageDigest(), () -> readPackage(version.packageDigest()));
      }
    }
  }

  void verifyRuns(Tracking tracking) {
    for (MadeArtifact made : tracking.madeArtifacts()) {
      Digest digest = made.artifact().digest();
      attempt(
          "run " + made.runId() + ", " + made.artifact().path(),
          digest,
          made.artifact().kind() == RunArtifact.Kind.MODEL
              ? () -> readPackage(digest)
              : () -> read(digest));
    }
  }

  /** Prints the outcome. */
  ExitCode report(Printer printer) {
    if (printer.isJson()) {
      ObjectNode json = Json.object().put("verified", verified.size());
      ArrayNode list = json.putArray("problems");
      problems.forEach(list::add);
      printer.json(json);
    } else {
      problems.forEach(printer::line);
      printer.line(verified.size() + " artifacts verified, " + problems.size() + " problems found");
    }
    return problems.isEmpty() ? ExitCode.DONE : ExitCode.DAMAGED;
  }

  private void attempt(String what, Digest digest, Runnable read) {
    if (verified.contains(digest)) {
      return;
    }
    try {
      read.run();
      verified.add(digest);
    } catch (OtherArtifactStoreException e) {
      throw e; // nothing is wrong with what is elsewhere
    } catch (MlopsException e) {
      problems.add(what + ": " + e.getMessage());
    }
  }
}
