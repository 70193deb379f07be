package dev.mlops4j.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops4j.Digest;
import dev.mlops4j.model.Environment.ClassPathEntry;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.Signature.InputType;
import dev.mlops4j.model.Signature.Output;
import dev.mlops4j.model.Signature.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** {@code manifest.json}: the manifest with the size and digest of every other file. */
final class ManifestJson {

  private ManifestJson() {}

  /** A file as the manifest lists it. */
  record FileEntry(long size, Digest digest) {}

  /** What the file holds. */
  record Contents(Manifest manifest, SortedMap<String, FileEntry> files) {}

  static byte[] write(Manifest manifest, Map<String, FileEntry> files) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("formatVersion", manifest.formatVersion());
    root.put("format", manifest.format());
    root.set("signature", write(manifest.signature()));
    root.put("featureSet", manifest.featureSet());
    Digest fingerprint = manifest.featureFingerprint();
    root.put("featureFingerprint", fingerprint == null ? null : fingerprint.hex());
    ArrayNode datasets = root.putArray("datasets");
    for (DatasetReference dataset : manifest.datasets()) {
      datasets
          .addObject()
          .put("name", dataset.name())
          .put("role", dataset.role())
          .put("digest", dataset.digest().hex())
          .put("rows", dataset.rows());
    }
    root.put("runId", manifest.runId());
    root.set("environment", write(manifest.environment()));
    ObjectNode list = root.putObject("files");
    new TreeMap<>(files)
        .forEach(
            (path, file) ->
                list.putObject(path).put("size", file.size()).put("digest", file.digest().hex()));
    return JsonFile.write(root);
  }

  static Contents read(byte[] bytes) {
    JsonObject root = JsonFile.read(Manifest.PATH, bytes);
    int version = root.smallInteger("formatVersion");
    if (version != Manifest.FORMAT_VERSION) {
      throw new CorruptPackageException(
          Manifest.PATH
              + " of the model package has format version "
              + version
              + ", this library reads version "
              + Manifest.FORMAT_VERSION
              + "; use the library that wrote the package, or a later one");
    }
    try {
      Manifest manifest =
          new Manifest(
              version,
              root.text("format"),
              readSignature(root.object("signature")),
              root.text("featureSet"),
              root.optionalDigest("featureFingerprint"),
              readDatasets(root),
              root.optionalText("runId"),
              readEnvironment(root.object("environment")));
      return new Contents(manifest, readFiles(root.object("files")));
    } catch (IllegalArgumentException e) {
      throw new CorruptPackageException(
          Manifest.PATH
              + " of the model package contradicts itself: "
              + e.getMessage()
              + "; fetch the package again or use another version",
          e);
    }
  }

  private static ObjectNode write(Signature signature) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    ArrayNode inputs = node.putArray("inputs");
    for (Input input : signature.inputs()) {
      ObjectNode written =
          inputs.addObject().put("name", input.name()).put("type", input.type().name());
      if (input.type() == InputType.CATEGORICAL) {
        input.categories().forEach(written.putArray("categories")::add);
      }
    }
    Output output = signature.output();
    ObjectNode written =
        node.putObject("output").put("name", output.name()).put("task", output.task().name());
    output.labels().forEach(written.putArray("labels")::add);
    return node;
  }

  private static Signature readSignature(JsonObject object) {
    List<Input> inputs = new ArrayList<>();
    for (JsonObject input : object.objects("inputs")) {
      String name = input.text("name");
      inputs.add(
          switch (input.constant("type", InputType.class)) {
            case NUMERIC -> Input.numeric(name);
            case CATEGORICAL -> Input.categorical(name, input.texts("categories"));
          });
    }
    JsonObject output = object.object("output");
    return new Signature(
        inputs,
        new Output(
            output.text("name"), output.constant("task", Task.class), output.texts("labels")));
  }

  private static List<DatasetReference> readDatasets(JsonObject root) {
    return root.objects("datasets").stream()
        .map(
            dataset ->
                new DatasetReference(
                    dataset.text("name"),
                    dataset.text("role"),
                    dataset.digest("digest"),
                    dataset.integer("rows")))
        .toList();
  }

  private static ObjectNode write(Environment environment) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("libraryVersion", environment.libraryVersion());
    node.put("java", environment.java());
    node.put("os", environment.os());
    node.put("architecture", environment.architecture());
    node.put("processors", environment.processors());
    node.put("timeZone", environment.timeZone());
    node.put("locale", environment.locale());
    node.put("gitCommit", environment.gitCommit());
    ArrayNode classPath = node.putArray("classPath");
    for (ClassPathEntry entry : environment.classPath()) {
      Digest digest = entry.digest();
      classPath
          .addObject()
          .put("name", entry.name())
          .put("digest", digest == null ? null : digest.hex());
    }
    return node;
  }

  private static Environment readEnvironment(JsonObject object) {
    return new Environment(
        object.text("libraryVersion"),
        object.text("java"),
        object.text("os"),
        object.text("architecture"),
        object.smallInteger("processors"),
        object.text("timeZone"),
        object.text("locale"),
        object.optionalText("gitCommit"),
        object.objects("classPath").stream()
            .map(entry -> new ClassPathEntry(entry.text("name"), entry.optionalDigest("digest")))
            .toList());
  }

  private static SortedMap<String, FileEntry> readFiles(JsonObject list) {
    SortedMap<String, FileEntry> files = new TreeMap<>();
    for (String path : list.fields().keySet()) {
      JsonObject file = list.object(path);
      long size = file.integer("size");
      if (size < 0) {
        throw file.wrong("size", "a size that is not negative");
      }
      files.put(path, new FileEntry(size, file.digest("digest")));
    }
    return files;
  }
}
