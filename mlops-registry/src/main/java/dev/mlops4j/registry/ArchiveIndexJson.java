package dev.mlops4j.registry;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops4j.Digest;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.model.RunFacts;
import dev.mlops4j.workspace.Archive;
import dev.mlops4j.workspace.ArchiveException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code index.json} of an archive. Whatever is not as it should be is refused. */
final class ArchiveIndexJson {

  private static final String FORMAT = "mlops4j-versions";
  private static final int VERSION = 1;
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private ArchiveIndexJson() {}

  static byte[] write(ArchiveIndex index) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("format", FORMAT).put("version", VERSION);
    ArrayNode versions = root.putArray("versions");
    for (ArchiveIndex.Entry entry : index.versions()) {
      ObjectNode version = versions.addObject();
      version.put("model", entry.model());
      version.put("package", entry.packageDigest().hex());
      version.put("importedFrom", entry.importedFrom());
      ObjectNode params = version.putObject("params");
      entry.facts().params().forEach(params::put);
      ObjectNode metrics = version.putObject("metrics");
      // As text: JSON has no NaN and no infinities.
      entry.facts().metrics().forEach((key, value) -> metrics.put(key, Double.toString(value)));
      ArrayNode datasets = version.putArray("datasets");
      for (DatasetReference dataset : entry.facts().datasets()) {
        datasets
            .addObject()
            .put("name", dataset.name())
            .put("role", dataset.role())
            .put("digest", dataset.digest().hex())
            .put("rows", dataset.rows());
      }
      ObjectNode files = version.putObject("files");
      entry
          .files()
          .forEach(
              (path, file) ->
                  files
                      .putObject(path)
                      .put("size", file.size())
                      .put("sha256", file.digest().hex()));
    }
    try {
      return MAPPER.writeValueAsBytes(root);
    } catch (IOException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }

  static ArchiveIndex read(byte[] bytes) {
    JsonNode root;
    try {
      root = MAPPER.readTree(bytes);
    } catch (IOException e) {
      throw wrong("it is not JSON", e);
    }
    if (!FORMAT.equals(root.path("format").asText())) {
      throw wrong("it does not say \"format\": \"" + FORMAT + "\"", null);
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
    List<ArchiveIndex.Entry> entries = new ArrayList<>();
    try {
      for (JsonNode entry : root.path("versions")) {
        entries.add(entry(entry));
      }
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()), e);
    }
    if (entries.isEmpty()) {
      throw wrong("it lists no version", null);
    }
    return new ArchiveIndex(entries);
  }

  private static ArchiveIndex.Entry entry(JsonNode node) {
    SortedMap<String, String> params = new TreeMap<>();
    fields(node, "params").forEach(param -> params.put(param.getKey(), text(param.getValue())));
    SortedMap<String, Double> metrics = new TreeMap<>();
    fields(node, "metrics")
        .forEach(metric -> metrics.put(metric.getKey(), Double.valueOf(text(metric.getValue()))));
    List<DatasetReference> datasets = new ArrayList<>();
    for (JsonNode dataset : node.path("datasets")) {
      datasets.add(
          new DatasetReference(
              text(dataset.path("name")),
              text(dataset.path("role")),
              new Digest(text(dataset.path("digest"))),
              number(dataset.path("rows"))));
    }
    SortedMap<String, ArchiveIndex.File> files = new TreeMap<>();
    fields(node, "files")
        .forEach(
            file ->
                files.put(
                    file.getKey(),
                    new ArchiveIndex.File(
                        number(file.getValue().path("size")),
                        new Digest(text(file.getValue().path("sha256"))))));
    return new ArchiveIndex.Entry(
        text(node.path("model")),
        new Digest(text(node.path("package"))),
        text(node.path("importedFrom")),
        new RunFacts(params, metrics, datasets),
        files);
  }

  private static Iterable<Map.Entry<String, JsonNode>> fields(JsonNode node, String name) {
    return node.path(name).properties();
  }

  private static String text(JsonNode node) {
    if (!node.isTextual()) {
      throw new IllegalArgumentException("a text lacks");
    }
    return node.asText();
  }

  private static long number(JsonNode node) {
    if (!node.canConvertToLong() || !node.isIntegralNumber() || node.asLong() < 0) {
      throw new IllegalArgumentException("a size or a number of rows lacks or is negative");
    }
    return node.asLong();
  }

  private static ArchiveException wrong(String why, @Nullable Exception e) {
    return new ArchiveException(
        "the archive's "
            + Archive.INDEX
            + " is not as it should be: "
            + why
            + "; export the versions again",
        e);
  }
}
