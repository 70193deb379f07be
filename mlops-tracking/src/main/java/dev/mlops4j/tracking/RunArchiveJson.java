package dev.mlops4j.tracking;

import dev.mlops4j.data.Timestamps;
import dev.mlops4j.model.DatasetIndex;
import dev.mlops4j.workspace.IndexObject;
import dev.mlops4j.workspace.ProcessIdentity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The index of an archive of runs. Whatever is not as it should be is refused. Version 2 tells the
 * columns and the sources of datasets.
 */
final class RunArchiveJson {

  private static final String FORMAT = "mlops4j-runs";
  private static final int VERSION = 2;

  private RunArchiveJson() {}

  static byte[] write(RunArchiveIndex index) {
    Map<String, Object> root = new LinkedHashMap<>();
    // Runs of one process have one environment, which is large.
    List<SortedMap<String, String>> environments =
        index.runs().stream()
            .flatMap(entry -> environments(entry.run()).stream())
            .distinct()
            .toList();
    root.put("environments", environments);
    List<Map<String, Object>> runs = new ArrayList<>();
    for (RunArchiveIndex.Entry entry : index.runs()) {
      Map<String, Object> run = run(entry);
      run.put(
          "environments", environments(entry.run()).stream().map(environments::indexOf).toList());
      runs.add(run);
    }
    root.put("runs", runs);
    Map<String, Long> files = new LinkedHashMap<>();
    index.files().forEach((digest, size) -> files.put(digest.hex(), size));
    root.put("files", files);
    return IndexObject.write(FORMAT, VERSION, root);
  }

  /** Where a run started, and where it was resumed. */
  static List<SortedMap<String, String>> environments(RunRecord run) {
    List<SortedMap<String, String>> all = new ArrayList<>();
    all.add(run.environment());
    run.resumes().forEach(resume -> all.add(resume.environment()));
    return all;
  }

  /**
   * Everything of a run but the environments: equal ones are the same run with the same content.
   */
  static Map<String, Object> run(RunArchiveIndex.Entry entry) {
    RunRecord run = entry.run();
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("id", run.id());
    object.put("experiment", run.experiment());
    object.put("name", run.name());
    object.put("status", run.status().name());
    object.put("startedAt", Timestamps.toMicros(run.startedAt()));
    object.put("seenAt", Timestamps.toMicros(run.seenAt()));
    if (run.endedAt() != null) {
      object.put("endedAt", Timestamps.toMicros(run.endedAt()));
    }
    if (run.failure() != null) {
      object.put("failure", run.failure());
    }
    if (run.start().parentId() != null) {
      object.put("parent", run.start().parentId());
    }
    object.put("notes", run.notes());
    object.put("resumes", run.resumes().stream().map(RunArchiveJson::resume).toList());
    object.put("process", process(run.start().process()));
    object.put("params", run.params());
    object.put("tags", run.tags());
    object.put("datasets", DatasetIndex.write(run.datasets()));
    object.put(
        "artifacts", run.artifacts().values().stream().map(RunArchiveJson::artifact).toList());
    object.put("metrics", entry.series());
    object.put("points", entry.points().hex());
    return object;
  }

  private static Map<String, Object> resume(RunResume resume) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("at", Timestamps.toMicros(resume.at()));
    object.put("before", resume.before().name());
    if (resume.failure() != null) {
      object.put("failure", resume.failure());
    }
    return object;
  }

  private static Map<String, Object> process(ProcessIdentity process) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("host", process.host());
    object.put("space", process.space());
    object.put("pid", process.pid());
    object.put("started", process.started());
    return object;
  }

  private static Map<String, Object> artifact(RunArtifact artifact) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("path", artifact.path());
    object.put("kind", artifact.kind().name());
    object.put("digest", artifact.digest().hex());
    object.put("bytes", artifact.bytes());
    return object;
  }

  static RunArchiveIndex read(byte[] bytes) {
    IndexObject root = IndexObject.read(bytes, FORMAT, VERSION, "runs");
    List<SortedMap<String, String>> environments =
        root.objects("environments").stream().map(IndexObject::textsByName).toList();
    List<RunArchiveIndex.Entry> runs =
        root.objects("runs").stream().map(run -> entry(run, environments)).toList();
    if (runs.isEmpty()) {
      throw root.wrong("it lists no run");
    }
    return new RunArchiveIndex(runs, root.object("files").countsByDigest());
  }

  private static RunArchiveIndex.Entry entry(
      IndexObject object, List<SortedMap<String, String>> environments) {
    List<SortedMap<String, String>> own = environments(object, environments);
    RunStart start =
        new RunStart(
            object.text("id"),
            object.text("experiment"),
            object.text("name"),
            instant(object, "startedAt"),
            process(object.object("process")),
            own.get(0),
            object.optionalText("parent"));
    RunRecord run =
        new RunRecord(
            start,
            object.constant("status", RunStatus.class),
            instant(object, "seenAt"),
            object.has("endedAt") ? instant(object, "endedAt") : null,
            object.optionalText("failure"),
            null,
            object.object("params").textsByName(),
            new TreeMap<>(),
            object.object("tags").textsByName(),
            DatasetIndex.read(object, "datasets"),
            artifacts(object),
            object.text("notes"),
            resumes(object, own));
    return new RunArchiveIndex.Entry(
        run, object.object("metrics").countsByName(), object.digest("points"));
  }

  /** One for the start of the run, and one for each resume. */
  private static List<SortedMap<String, String>> environments(
      IndexObject run, List<SortedMap<String, String>> all) {
    List<SortedMap<String, String>> own = new ArrayList<>();
    for (long place : run.counts("environments")) {
      if (place >= all.size()) {
        throw run.wrong("an environment lacks");
      }
      own.add(all.get((int) place));
    }
    List<IndexObject> resumes = run.objects("resumes");
    if (resumes.stream().anyMatch(each -> before(each) == RunStatus.RUNNING)) {
      throw run.wrong("a run that was resumed was RUNNING before");
    }
    if (own.size() != resumes.size() + 1) {
      throw run.wrong("a run has one environment for its start and each resume");
    }
    return own;
  }

  private static List<RunResume> resumes(
      IndexObject run, List<SortedMap<String, String>> environments) {
    List<RunResume> resumes = new ArrayList<>();
    for (IndexObject resume : run.objects("resumes")) {
      resumes.add(
          new RunResume(
              instant(resume, "at"),
              before(resume),
              resume.optionalText("failure"),
              environments.get(resumes.size() + 1)));
    }
    return resumes;
  }

  private static RunStatus before(IndexObject resume) {
    return resume.constant("before", RunStatus.class);
  }

  private static ProcessIdentity process(IndexObject object) {
    return new ProcessIdentity(
        object.text("host"), object.text("space"), object.whole("pid"), object.text("started"));
  }

  private static SortedMap<String, RunArtifact> artifacts(IndexObject run) {
    SortedMap<String, RunArtifact> artifacts = new TreeMap<>();
    for (IndexObject object : run.objects("artifacts")) {
      RunArtifact artifact =
          new RunArtifact(
              object.text("path"),
              object.constant("kind", RunArtifact.Kind.class),
              object.digest("digest"),
              object.count("bytes"));
      if (artifacts.put(artifact.path(), artifact) != null) {
        throw run.wrong("two artifacts have one path");
      }
    }
    return artifacts;
  }

  private static Instant instant(IndexObject object, String name) {
    return Timestamps.fromMicros(object.whole(name));
  }
}
