package dev.mlops4j.tracking;

import dev.mlops4j.Digest;
import dev.mlops4j.MlopsException;
import dev.mlops4j.workspace.Archive;
import dev.mlops4j.workspace.ArchiveException;
import dev.mlops4j.workspace.Artifacts;
import dev.mlops4j.workspace.ProcessIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Adds the runs of an archive: all of it is verified first, and then seen at once or not at all.
 */
final class RunImport {

  /** Of the list of a tree's files, which is read whole. */
  private static final long MOST_TREE_BYTES = 16 << 20;

  /** Somebody else may add one of the runs between the look and the addition. */
  private static final int ATTEMPTS = 3;

  private final Archive archive;
  private final RunArchiveIndex index;
  private final TrackingStore store;
  private final Artifacts artifacts;
  private final Function<RunRecord, RunRecord> judge;

  private RunImport(
      Archive archive,
      TrackingStore store,
      Artifacts artifacts,
      Function<RunRecord, RunRecord> judge) {
    this.archive = archive;
    this.index = RunArchiveJson.read(archive.index());
    this.store = store;
    this.artifacts = artifacts;
    this.judge = judge;
  }

  /** Imports. {@code judge} tells a run that is here already how it stands. */
  static List<ImportedRun> read(
      Path file,
      long maxBytes,
      TrackingStore store,
      Artifacts artifacts,
      Function<RunRecord, RunRecord> judge) {
    try (Archive archive = Archive.open(file, "runs")) {
      RunImport read = new RunImport(archive, store, artifacts, judge);
      archive.verify(read.index.files(), maxBytes);
      read.verify();
      return read.add();
    }
  }

  private void verify() {
    Set<String> ids = new HashSet<>();
    for (RunArchiveIndex.Entry entry : index.runs()) {
      RunRecord run = entry.run();
      if (!ids.add(run.id())) {
        throw archive.refused("lists a run twice");
      }
      try {
        checkNames(entry);
        run.artifacts().values().forEach(this::verify);
        requireFile(entry.points(), Math.multiplyExact(entry.pointCount(), PointFile.POINT_BYTES));
        requirePoints(entry);
      } catch (ArithmeticException e) {
        throw archive.refused("lists more points than there can be");
      } catch (ArchiveException e) {
        throw e;
      } catch (MlopsException e) {
        throw archive.refused("is not as it should be: " + e.getMessage());
      }
    }
    requireNoCycle();
  }

  /** Else a store would give them back in another order, and the run would not be the same. */
  private void requirePoints(RunArchiveIndex.Entry entry) {
    try (InputStream in = archive.open(entry.points())) {
      if (!PointFile.isAsWritten(entry.series(), in)) {
        throw archive.refused("has points of a metric that are not in their order");
      }
    } catch (IOException e) {
      throw new ArchiveException("the archive cannot be read (" + e + ")", e);
    }
  }

  /** No run is its own ancestor, with the runs that are here already or without. */
  private void requireNoCycle() {
    Map<String, RunRecord> listed = new LinkedHashMap<>();
    index.runs().forEach(entry -> listed.put(entry.run().id(), entry.run()));
    Set<String> checked = new HashSet<>();
    for (String id : listed.keySet()) {
      Set<String> path = new HashSet<>();
      @Nullable String next = id;
      while (next != null && !checked.contains(next)) {
        if (!path.add(next)) {
          throw archive.refused("has runs whose parents form a cycle");
        }
        RunRecord run = listed.get(next);
        if (run == null) {
          run = store.find(next).orElse(null);
        }
        next = run == null ? null : run.parentId();
      }
      checked.addAll(path);
    }
  }

  private static void checkNames(RunArchiveIndex.Entry entry) {
    RunRecord run = entry.run();
    Names.checkName("run id", run.id());
    Names.checkName("experiment", run.experiment());
    Names.checkName("run name", run.name());
    Names.checkEntries("param", run.params());
    Names.checkEntries("tag", run.tags());
    entry.series().keySet().forEach(key -> Names.checkName("metric", key));
    run.artifacts().keySet().forEach(Names::checkPath);
    run.datasets().forEach(Names::checkDataset);
    if (run.start().parentId() != null) {
      Names.checkName("parent", run.start().parentId());
    }
    Names.checkText("notes", run.notes());
    checkTexts(run);
    if (run.status() == RunStatus.RUNNING) {
      throw new InvalidNameException("a run of an archive cannot be RUNNING");
    }
    if (entry.series().containsValue(0L)) {
      throw new InvalidNameException("a metric of an archive has one point at least");
    }
  }

  /** What no name is and no person wrote. */
  private static void checkTexts(RunRecord run) {
    RunArchiveJson.environments(run)
        .forEach(
            environment ->
                environment.forEach(
                    (key, value) -> {
                      Names.checkStorable("environment", key);
                      Names.checkStorable("environment", value);
                    }));
    Names.checkUnicode("failure", Objects.requireNonNullElse(run.failure(), ""));
    for (RunResume resume : run.resumes()) {
      Names.checkUnicode("failure", Objects.requireNonNullElse(resume.failure(), ""));
    }
    ProcessIdentity process = run.start().process();
    for (String part : List.of(process.host(), process.space(), process.started())) {
      Names.checkStorable("process", part);
    }
  }

  private void verify(RunArtifact artifact) {
    if (artifact.kind() == RunArtifact.Kind.FILE) {
      requireFile(artifact.digest(), artifact.bytes());
    } else {
      parts(artifact).forEach(this::requireFile);
    }
  }

  /** The tree's own manifest is in memory, its files are not. */
  private SortedMap<Digest, Long> parts(RunArtifact tree) {
    Long size = index.files().get(tree.digest());
    if (size == null) {
      throw archive.refused("lacks a tree that a run has");
    }
    if (size > MOST_TREE_BYTES) {
      throw archive.refused(
          "has a list of files of " + size + " bytes; it has " + MOST_TREE_BYTES + " at most");
    }
    return Artifacts.parts(tree.digest(), archive.read(tree.digest(), size));
  }

  private void requireFile(Digest digest, long size) {
    if (!Objects.equals(index.files().get(digest), size)) {
      throw archive.refused(
          "lacks the file " + digest.shortHex() + " of " + size + " bytes that a run has");
    }
  }

  private List<ImportedRun> add() {
    for (int attempt = 1; ; attempt++) {
      Set<String> present = present();
      List<RunArchiveIndex.Entry> missing =
          index.runs().stream().filter(entry -> !present.contains(entry.run().id())).toList();
      try {
        if (!missing.isEmpty()) {
          keep(missing);
          store.add(
              missing.stream().map(entry -> new EndedRun(entry.run(), points(entry))).toList());
        }
        return index.runs().stream()
            .map(entry -> entry.run().id())
            .map(id -> new ImportedRun(stored(id), !present.contains(id)))
            .toList();
      } catch (RunExistsException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private RunRecord stored(String id) {
    return judge.apply(store.find(id).orElseThrow(() -> new NoSuchRunException(id)));
  }

  /** Those that are here already; each must be the same. */
  private Set<String> present() {
    Set<String> present = new HashSet<>();
    for (RunArchiveIndex.Entry entry : index.runs()) {
      String id = entry.run().id();
      store
          .find(id)
          .ifPresent(
              run -> {
                requireSame(entry, judge.apply(run));
                present.add(id);
              });
    }
    return present;
  }

  private void requireSame(RunArchiveIndex.Entry entry, RunRecord here) {
    try {
      Map<String, Object> expected = RunArchiveJson.run(entry);
      Map<String, Object> found = RunArchiveJson.run(RunExport.entry(here, store));
      Set<String> different = new TreeSet<>(expected.keySet());
      different.addAll(found.keySet());
      different.removeIf(key -> Objects.equals(expected.get(key), found.get(key)));
      if (!RunArchiveJson.environments(entry.run()).equals(RunArchiveJson.environments(here))) {
        different.add("environment");
      }
      if (!different.isEmpty()) {
        throw RunExistsException.other(here.id(), String.join(", ", different));
      }
    } catch (IOException e) {
      throw new IllegalStateException("nothing is written anywhere", e);
    }
  }

  private void keep(List<RunArchiveIndex.Entry> entries) {
    SortedMap<Digest, Long> needed = new TreeMap<>();
    for (RunArchiveIndex.Entry entry : entries) {
      for (RunArtifact artifact : entry.run().artifacts().values()) {
        needed.put(artifact.digest(), artifact.bytes());
        if (artifact.kind() != RunArtifact.Kind.FILE) {
          needed.putAll(parts(artifact));
        }
      }
    }
    for (Digest digest : needed.keySet()) {
      try (InputStream content = archive.open(digest)) {
        artifacts.put(digest, content);
      } catch (IOException e) {
        throw new ArchiveException("the archive cannot be read (" + e + ")", e);
      }
    }
  }

  private EndedRun.Points points(RunArchiveIndex.Entry entry) {
    return new EndedRun.Points() {
      @Override
      public <E extends Exception> void read(EndedRun.PointReader<E> to) throws IOException, E {
        try (InputStream in = archive.open(entry.points())) {
          PointFile.read(entry.series(), in, to);
        }
      }
    };
  }
}
