package dev.mlops4j.tracking;

import dev.mlops4j.Digest;
import dev.mlops4j.workspace.ArchiveException;
import dev.mlops4j.workspace.ArchiveWriter;
import dev.mlops4j.workspace.Artifacts;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Writes runs to an archive: an index, the points of their metrics, their artifacts. */
final class RunExport implements AutoCloseable {

  private final TrackingStore store;
  private final Artifacts artifacts;
  private final List<Path> temporary = new ArrayList<>();
  private final SortedMap<Digest, Long> sizes = new TreeMap<>();
  private final SortedMap<Digest, ArchiveWriter.Content> contents = new TreeMap<>();

  RunExport(TrackingStore store, Artifacts artifacts) {
    this.store = store;
    this.artifacts = artifacts;
  }

  void write(Path file, List<RunRecord> runs) {
    ArchiveWriter.requireFree(file);
    check(runs);
    List<RunArchiveIndex.Entry> entries = new ArrayList<>();
    for (RunRecord run : runs) {
      run.artifacts().values().forEach(this::add);
      entries.add(entry(run));
    }
    ArchiveWriter.write(file, RunArchiveJson.write(new RunArchiveIndex(entries, sizes)), contents);
  }

  /** A run as an archive has it, without writing anything. */
  static RunArchiveIndex.Entry entry(RunRecord run, TrackingStore store) throws IOException {
    SortedMap<String, Long> counts = new TreeMap<>();
    DigestOutputStream out =
        new DigestOutputStream(OutputStream.nullOutputStream(), Digest.sha256());
    writePoints(run, store, counts, out);
    return new RunArchiveIndex.Entry(run, counts, Digest.of(out.getMessageDigest()));
  }

  @Override
  public void close() {
    temporary.forEach(file -> file.toFile().delete());
  }

  private static void check(List<RunRecord> runs) {
    Set<String> ids = new HashSet<>();
    for (RunRecord run : runs) {
      if (run.status() == RunStatus.RUNNING) {
        throw new RunNotEndedException(run, "exported");
      }
      if (!ids.add(run.id())) {
        throw new ArchiveException("run " + run.id() + " is there twice; name each run once");
      }
    }
    if (runs.isEmpty()) {
      throw new ArchiveException("an archive takes one run or more, found none");
    }
  }

  private void add(RunArtifact artifact) {
    if (artifact.kind() == RunArtifact.Kind.FILE) {
      add(artifact.digest(), artifact.bytes());
    } else {
      add(artifact.digest(), artifacts.read(artifact.digest()).length);
      artifacts.parts(artifact.digest()).forEach(this::add);
    }
  }

  private void add(Digest digest, long size) {
    sizes.put(digest, size);
    contents.put(digest, to -> artifacts.writeTo(digest, to));
  }

  /** The digest of the points must be known before they are written, so they wait in a file. */
  private RunArchiveIndex.Entry entry(RunRecord run) {
    SortedMap<String, Long> counts = new TreeMap<>();
    try {
      Path points = Files.createTempFile("mlops4j-", ".points");
      temporary.add(points);
      Digest digest;
      try (DigestOutputStream out =
          new DigestOutputStream(Files.newOutputStream(points), Digest.sha256())) {
        writePoints(run, store, counts, out);
        digest = Digest.of(out.getMessageDigest());
      }
      sizes.put(digest, Files.size(points));
      contents.put(digest, to -> Files.copy(points, to));
      return new RunArchiveIndex.Entry(run, counts, digest);
    } catch (IOException e) {
      throw new ArchiveException(
          "the metrics of run "
              + run.id()
              + " cannot be written to a temporary file ("
              + e
              + "); check the space left",
          e);
    }
  }

  private static void writePoints(
      RunRecord run, TrackingStore store, SortedMap<String, Long> counts, OutputStream out)
      throws IOException {
    for (String key : run.metrics().keySet()) {
      List<MetricPoint> series = store.series(run.id(), key);
      counts.put(key, (long) series.size());
      PointFile.write(series, out);
    }
  }
}
