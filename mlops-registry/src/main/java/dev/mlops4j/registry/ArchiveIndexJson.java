package dev.mlops4j.registry;

import dev.mlops4j.model.DatasetIndex;
import dev.mlops4j.model.RunFacts;
import dev.mlops4j.workspace.Artifacts;
import dev.mlops4j.workspace.IndexObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The index of an archive of versions. Whatever is not as it should be is refused. Version 2 tells
 * the columns and the sources of datasets; what people say of the models is a member that older
 * libraries pass over.
 */
final class ArchiveIndexJson {

  private static final String FORMAT = "mlops4j-versions";
  private static final int VERSION = 2;

  private ArchiveIndexJson() {}

  static byte[] write(ArchiveIndex index) {
    List<Map<String, Object>> versions = new ArrayList<>();
    for (ArchiveIndex.Entry entry : index.versions()) {
      Map<String, Object> version = new LinkedHashMap<>();
      version.put("model", entry.model());
      version.put("package", entry.packageDigest().hex());
      version.put("importedFrom", entry.importedFrom());
      version.put("params", entry.facts().params());
      // As text: JSON has no NaN and no infinities.
      Map<String, String> metrics = new LinkedHashMap<>();
      entry.facts().metrics().forEach((key, value) -> metrics.put(key, Double.toString(value)));
      version.put("metrics", metrics);
      version.put("datasets", DatasetIndex.write(entry.facts().datasets()));
      Map<String, Object> files = new LinkedHashMap<>();
      entry.files().forEach((path, file) -> files.put(path, file(file)));
      version.put("files", files);
      versions.add(version);
    }
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("versions", versions);
    if (!index.models().isEmpty()) {
      Map<String, Object> models = new LinkedHashMap<>();
      index.models().forEach(info -> models.put(info.model(), model(info)));
      root.put("models", models);
    }
    return IndexObject.write(FORMAT, VERSION, root);
  }

  private static Map<String, Object> model(ModelInfo info) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("description", info.description());
    object.put("owner", info.owner());
    object.put("tags", info.tags());
    return object;
  }

  private static Map<String, Object> file(Artifacts.Put file) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("size", file.bytes());
    object.put("sha256", file.digest().hex());
    return object;
  }

  static ArchiveIndex read(byte[] bytes) {
    IndexObject root = IndexObject.read(bytes, FORMAT, VERSION, "versions");
    List<ArchiveIndex.Entry> versions =
        root.objects("versions").stream().map(ArchiveIndexJson::entry).toList();
    if (versions.isEmpty()) {
      throw root.wrong("it lists no version");
    }
    List<ModelInfo> models = new ArrayList<>();
    if (root.has("models")) {
      root.object("models")
          .objectsByName()
          .forEach(
              (name, info) ->
                  models.add(
                      new ModelInfo(
                          name,
                          info.text("description"),
                          info.text("owner"),
                          info.object("tags").textsByName())));
    }
    return new ArchiveIndex(versions, models);
  }

  private static ArchiveIndex.Entry entry(IndexObject version) {
    SortedMap<String, Artifacts.Put> files = new TreeMap<>();
    version
        .object("files")
        .objectsByName()
        .forEach(
            (path, file) ->
                files.put(path, new Artifacts.Put(file.digest("sha256"), file.count("size"))));
    return new ArchiveIndex.Entry(
        version.text("model"),
        version.digest("package"),
        version.text("importedFrom"),
        new RunFacts(
            version.object("params").textsByName(),
            metrics(version),
            DatasetIndex.read(version, "datasets")),
        files);
  }

  private static SortedMap<String, Double> metrics(IndexObject version) {
    SortedMap<String, Double> metrics = new TreeMap<>();
    version
        .object("metrics")
        .textsByName()
        .forEach(
            (key, value) -> {
              try {
                metrics.put(key, Double.valueOf(value));
              } catch (NumberFormatException e) {
                throw version.wrong("a metric has no number");
              }
            });
    return metrics;
  }
}
