package dev.mlops4j.workspace;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops4j.Digest;
import dev.mlops4j.storage.SchemaTooNewException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;

/** A tree's manifest as bytes: canonical, so that the same files give the same bytes for ever. */
final class TreeManifestJson {

  private static final String FORMAT = "mlops4j-tree";
  private static final int VERSION = 1;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private TreeManifestJson() {}

  static byte[] write(TreeManifest manifest) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = new JsonFactory().createGenerator(bytes, JsonEncoding.UTF8)) {
      json.writeStartObject();
      json.writeStringField("format", FORMAT);
      json.writeNumberField("version", VERSION);
      json.writeArrayFieldStart("files");
      for (Map.Entry<String, TreeManifest.Entry> file : manifest.files().entrySet()) {
        json.writeStartObject();
        json.writeStringField("path", file.getKey());
        json.writeNumberField("size", file.getValue().size());
        json.writeStringField("sha256", file.getValue().digest().hex());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static TreeManifest read(Digest tree, byte[] bytes) {
    JsonNode json = parse(tree, bytes);
    if (!FORMAT.equals(json.path("format").asText())) {
      throw noTree(tree, "it does not say \"format\": \"" + FORMAT + "\"");
    }
    int version = json.path("version").asInt();
    if (version > VERSION) {
      throw new SchemaTooNewException("artifact " + tree, "a tree", version, VERSION, version);
    }
    TreeMap<String, TreeManifest.Entry> files = new TreeMap<>();
    for (JsonNode file : json.path("files")) {
      files.put(
          text(tree, file, "path"), new TreeManifest.Entry(size(tree, file), digest(tree, file)));
    }
    TreePaths.check(files.keySet());
    return new TreeManifest(files);
  }

  private static JsonNode parse(Digest tree, byte[] bytes) {
    try {
      return MAPPER.readTree(bytes);
    } catch (IOException e) {
      throw noTree(tree, "it is not JSON");
    }
  }

  private static String text(Digest tree, JsonNode file, String name) {
    JsonNode value = file.get(name);
    if (value == null || !value.isTextual()) {
      throw noTree(tree, "one of its files has no " + name);
    }
    return value.asText();
  }

  private static long size(Digest tree, JsonNode file) {
    JsonNode value = file.path("size");
    if (!value.canConvertToLong() || value.asLong() < 0) {
      throw noTree(tree, "one of its files has no size");
    }
    return value.asLong();
  }

  private static Digest digest(Digest tree, JsonNode file) {
    try {
      return new Digest(text(tree, file, "sha256"));
    } catch (IllegalArgumentException e) {
      throw noTree(tree, "one of its files has no sha256 that is one");
    }
  }

  private static CorruptArtifactException noTree(Digest tree, String why) {
    return new CorruptArtifactException(
        tree, "artifact " + tree + " is not the manifest of a tree: " + why);
  }
}
