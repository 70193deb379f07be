package dev.mlops4j.tracking;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops4j.Digest;
import dev.mlops4j.data.Timestamps;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.workspace.Archive;
import dev.mlops4j.workspace.ArchiveException;
import dev.mlops4j.workspace.ProcessIdentity;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The index of an archive of runs. Whatever is not as it should be is refused. */
final class RunArchiveJson {

  private static final String FORMAT = "mlops4j-runs";
  private static final int VERSION = 1;
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private RunArchiveJson() {}

  static byte[] write(RunArchiveIndex index) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("format", FORMAT).put("version", VERSION);
    // Runs of one process have one environment, which is large.
    List<SortedMap<String, String>> environments =
        index.runs().stream()
            .flatMap(entry -> environments(entry.run()).stream())
            .distinct()
            .toList();
    ArrayNode list = root.putArray("environments");
    environments.forEach(environment -> list.add(texts(environment)));
    ArrayNode runs = root.putArray("runs");
    for (RunArchiveIndex.Entry entry : index.runs()) {
      ObjectNode run = run(entry);
      ArrayNode own = run.putArray("environments");
      environments(entry.run()).forEach(each -> own.add(environments.indexOf(each)));
      runs.add(run);
    }
    ObjectNode files = root.putObject("files");
    index.files().forEach((digest, size) -> files.put(digest.hex(), size));
    try {
      return MAPPER.writeValueAsBytes(root);
    } catch (IOException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
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
  static ObjectNode run(RunArchiveIndex.Entry entry) {
    RunRecord run = entry.run();
    ObjectNode node = MAPPER.createObjectNode();
    node.put("id", run.id()).put("experiment", run.experiment()).put("name", run.name());
    node.put("status", run.status().name());
    node.put("startedAt", micros(run.startedAt()));
    node.put("seenAt", micros(run.seenAt()));
    if (run.endedAt() != null) {
      node.put("endedAt", micros(run.endedAt()));
    }
    if (run.failure() != null) {
      node.put("failure", run.failure());
    }
    if (run.start().parentId() != null) {
      node.put("parent", run.start().parentId());
    }
    node.put("notes", run.notes());
    ArrayNode resumes = node.putArray("resumes");
    for (RunResume resume : run.resumes()) {
      ObjectNode one = resumes.addObject().put("at", micros(resume.at()));
      one.put("before", resume.before().name());
      if (resume.failure() != null) {
        one.put("failure", resume.failure());
      }
    }
    ProcessIdentity process = run.start().process();
    node.putObject("process")
        .put("host", process.host())
        .put("space", process.space())
        .put("pid", process.pid())
        .put("started", process.started());
    node.set("params", texts(run.params()));
    node.set("tags", texts(run.tags()));
    ArrayNode datasets = node.putArray("datasets");
    for (DatasetReference dataset : run.datasets()) {
      datasets
          .addObject()
          .put("name", dataset.name())
          .put("role", dataset.role())
          .put("digest", dataset.digest().hex())
          .put("rows", dataset.rows());
    }
    ArrayNode artifacts = node.putArray("artifacts");
    for (RunArtifact artifact : run.artifacts().values()) {
      artifacts
          .addObject()
          .put("path", artifact.path())
          .put("kind", artifact.kind().name())
          .put("digest", artifact.digest().hex())
          .put("bytes", artifact.bytes());
    }
    ObjectNode metrics = node.putObject("metrics");
    entry.series().forEach(metrics::put);
    node.put("points", entry.points().hex());
    return node;
  }

  static RunArchiveIndex read(byte[] bytes) {
    JsonNode root;
    try {
      root = MAPPER.readTree(bytes);
    } catch (IOException e) {
      throw wrong("it is not JSON", e);
    }
    String format = root.path("format").asText();
    if (!FORMAT.equals(format)) {
      throw wrong(
          "it does not say \"format\": \"" + FORMAT + "\", so it is no archive of runs", null);
    }
    int version = root.path("version").asInt(0);
    if (version != VERSION) {
      throw new ArchiveException(
          "the archive has format version "
              + version
              + ", this library reads version "
              + VERSION
              + "; use the library that wrote it, or a later one");
    }
    try {
      List<SortedMap<String, String>> environments = new ArrayList<>();
      list(root, "environments").forEach(node -> environments.add(texts(node)));
      List<RunArchiveIndex.Entry> runs = new ArrayList<>();
      for (JsonNode node : list(root, "runs")) {
        runs.add(entry(node, environments));
      }
      SortedMap<Digest, Long> files = new TreeMap<>();
      object(root.path("files"))
          .properties()
          .forEach(file -> files.put(new Digest(file.getKey()), count(file.getValue())));
      if (runs.isEmpty()) {
        throw wrong("it lists no run", null);
      }
      return new RunArchiveIndex(runs, files);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw wrong(String.valueOf(e.getMessage()), e);
    }
  }

  private static RunArchiveIndex.Entry entry(
      JsonNode node, List<SortedMap<String, String>> environments) {
    JsonNode process = node.path("process");
    RunStart start =
        new RunStart(
            text(node, "id"),
            text(node, "experiment"),
            text(node, "name"),
            instant(node, "startedAt"),
            new ProcessIdentity(
                text(process, "host"),
                text(process, "space"),
                whole(process.path("pid")),
                text(process, "started")),
            environment(node, 0, environments),
            optional(node, "parent"));
    SortedMap<String, Long> series = new TreeMap<>();
    object(node.path("metrics"))
        .properties()
        .forEach(metric -> series.put(metric.getKey(), count(metric.getValue())));
    RunRecord run =
        new RunRecord(
            start,
            RunStatus.valueOf(text(node, "status")),
            instant(node, "seenAt"),
            node.has("endedAt") ? instant(node, "endedAt") : null,
            optional(node, "failure"),
            null,
            texts(node.path("params")),
            new TreeMap<>(),
            texts(node.path("tags")),
            datasets(node),
            artifacts(node),
            text(node, "notes"),
            resumes(node, environments));
    return new RunArchiveIndex.Entry(run, series, digest(node, "points"));
  }

  private static List<RunResume> resumes(
      JsonNode node, List<SortedMap<String, String>> environments) {
    List<RunResume> resumes = new ArrayList<>();
    for (JsonNode resume : list(node, "resumes")) {
      RunStatus before = RunStatus.valueOf(text(resume, "before"));
      if (before == RunStatus.RUNNING) {
        throw new IllegalArgumentException("a run that was resumed was RUNNING before");
      }
      resumes.add(
          new RunResume(
              instant(resume, "at"),
              before,
              optional(resume, "failure"),
              environment(node, resumes.size() + 1, environments)));
    }
    if (list(node, "environments").size() != resumes.size() + 1) {
      throw new IllegalArgumentException("a run has one environment for its start and each resume");
    }
    return resumes;
  }

  private static SortedMap<String, String> environment(
      JsonNode node, int number, List<SortedMap<String, String>> environments) {
    long place = count(node.path("environments").path(number));
    if (place >= environments.size()) {
      throw new IllegalArgumentException("an environment lacks");
    }
    return environments.get((int) place);
  }

  private static List<DatasetReference> datasets(JsonNode node) {
    List<DatasetReference> datasets = new ArrayList<>();
    for (JsonNode dataset : list(node, "datasets")) {
      datasets.add(
          new DatasetReference(
              text(dataset, "name"),
              text(dataset, "role"),
              digest(dataset, "digest"),
              count(dataset.path("rows"))));
    }
    return datasets;
  }

  private static SortedMap<String, RunArtifact> artifacts(JsonNode node) {
    SortedMap<String, RunArtifact> artifacts = new TreeMap<>();
    for (JsonNode artifact : list(node, "artifacts")) {
      String path = text(artifact, "path");
      RunArtifact read =
          new RunArtifact(
              path,
              RunArtifact.Kind.valueOf(text(artifact, "kind")),
              digest(artifact, "digest"),
              count(artifact.path("bytes")));
      if (artifacts.put(path, read) != null) {
        throw new IllegalArgumentException("two artifacts have one path");
      }
    }
    return artifacts;
  }

  private static ObjectNode texts(Map<String, String> texts) {
    ObjectNode node = MAPPER.createObjectNode();
    texts.forEach(node::put);
    return node;
  }

  private static SortedMap<String, String> texts(JsonNode node) {
    SortedMap<String, String> texts = new TreeMap<>();
    object(node).properties().forEach(one -> texts.put(one.getKey(), text(one.getValue())));
    return texts;
  }

  private static JsonNode object(JsonNode node) {
    if (!node.isObject()) {
      throw new IllegalArgumentException("an object lacks");
    }
    return node;
  }

  private static JsonNode list(JsonNode node, String name) {
    if (!node.path(name).isArray()) {
      throw new IllegalArgumentException("a list lacks");
    }
    return node.path(name);
  }

  private static Digest digest(JsonNode node, String name) {
    return new Digest(text(node, name));
  }

  private static @Nullable String optional(JsonNode node, String name) {
    return node.has(name) ? text(node, name) : null;
  }

  private static String text(JsonNode node, String name) {
    return text(node.path(name));
  }

  private static String text(JsonNode node) {
    if (!node.isTextual()) {
      throw new IllegalArgumentException("a text lacks");
    }
    return node.asText();
  }

  private static Instant instant(JsonNode node, String name) {
    return Timestamps.fromMicros(whole(node.path(name)));
  }

  private static long micros(Instant instant) {
    return Timestamps.toMicros(instant);
  }

  private static long count(JsonNode node) {
    long number = whole(node);
    if (number < 0) {
      throw new IllegalArgumentException("a size or a count is negative");
    }
    return number;
  }

  private static long whole(JsonNode node) {
    if (!node.canConvertToLong() || !node.isIntegralNumber()) {
      throw new IllegalArgumentException("a whole number lacks");
    }
    return node.asLong();
  }

  private static ArchiveException wrong(String why, @Nullable Exception e) {
    return new ArchiveException(
        "the archive's "
            + Archive.INDEX
            + " is not as it should be: "
            + why
            + "; export the runs again",
        e);
  }
}
