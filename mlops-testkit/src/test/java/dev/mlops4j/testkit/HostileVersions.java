package dev.mlops4j.testkit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops4j.Digest;
import dev.mlops4j.model.Manifest;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.registry.ModelInfo;
import dev.mlops4j.registry.Registration;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.registry.RegistryStore;
import dev.mlops4j.workspace.Artifacts;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** An archive of one version of which a file of the package or the index is hostile. */
final class HostileVersions extends HostileArchive {

  HostileVersions(Path archive, Path scratch) throws IOException {
    super(archive, scratch);
  }

  @Override
  boolean imports(Path file, Artifacts artifacts, Kept kept) {
    RegistryStore store =
        (RegistryStore)
            Proxy.newProxyInstance(
                RegistryStore.class.getClassLoader(),
                new Class<?>[] {RegistryStore.class},
                (proxy, method, args) ->
                    switch (method.getName()) {
                      case "register" -> {
                        check((List<?>) args[0], kept);
                        yield List.of();
                      }
                      case "info" -> Optional.of(ModelInfo.of((String) args[0]));
                      case "describe" -> true;
                      default -> throw new AssertionError("an import does not " + method.getName());
                    });
    Registry.over(store, artifacts, () -> Instant.EPOCH).importFrom(file, MOST_BYTES);
    return true;
  }

  private static void check(List<?> registrations, Kept kept) {
    if (registrations.isEmpty()) {
      throw new AssertionError("nothing is registered");
    }
    for (Object each : registrations) {
      Registration registration = (Registration) each;
      if (registration.model().isBlank() || !kept.contains(registration.stored().digest())) {
        throw new AssertionError("imported without its package: " + registration);
      }
      kept.allowReading();
      ModelPackage.of(Artifacts.over(kept).readTree(registration.stored().digest()));
    }
  }

  /** The input whose package has a file under two more paths, with its size and with another. */
  byte[] withAFileOfTwoSizes() throws IOException {
    return whole(
        (root, changed) -> {
          byte[] extra = "seven b".getBytes(StandardCharsets.UTF_8);
          ObjectNode listed = (ObjectNode) root.get("versions").get(0).get("files");
          String manifest = listed.get(Manifest.PATH).get("sha256").asText();
          ObjectNode json = (ObjectNode) JSON.readTree(changed.get(manifest));
          ObjectNode files = (ObjectNode) json.get("files");
          put(files.putObject("extra-1"), "digest", extra);
          files.putObject("extra-2").setAll((ObjectNode) files.get("extra-1"));
          ((ObjectNode) files.get("extra-1")).put("size", 5);
          changed.put(manifest, JSON.writeValueAsBytes(json));
          changed.put(Digest.of(extra).hex(), extra);
          SortedMap<String, Artifacts.Put> tree = new TreeMap<>();
          put((ObjectNode) listed.get(Manifest.PATH), "sha256", changed.get(manifest));
          put(listed.putObject("extra-1"), "sha256", extra);
          listed.putObject("extra-2").setAll((ObjectNode) listed.get("extra-1"));
          ((ObjectNode) listed.get("extra-1")).put("size", 5);
          listed
              .properties()
              .forEach(
                  file ->
                      tree.put(
                          file.getKey(),
                          new Artifacts.Put(
                              new Digest(file.getValue().get("sha256").asText()),
                              file.getValue().get("size").asLong())));
          ((ObjectNode) root.get("versions").get(0))
              .put("package", Digest.of(Artifacts.treeManifest(tree)).hex());
        });
  }

  @Override
  void putRight(ObjectNode root, Map<String, byte[]> changed, String before) throws IOException {
    ObjectNode version = (ObjectNode) root.get("versions").get(0);
    ObjectNode listed = (ObjectNode) version.get("files");
    Map<String, String> digests = new TreeMap<>();
    listed
        .properties()
        .forEach(file -> digests.put(file.getKey(), file.getValue().get("sha256").asText()));
    String manifest = digests.get(Manifest.PATH);
    if (!before.equals(manifest)) {
      ObjectNode json = (ObjectNode) JSON.readTree(changed.get(manifest));
      digests.forEach(
          (path, digest) -> {
            if (digest.equals(before)) {
              put((ObjectNode) json.get("files").get(path), "digest", changed.get(before));
            }
          });
      changed.put(manifest, JSON.writeValueAsBytes(json));
    }
    TreeMap<String, byte[]> files = new TreeMap<>();
    digests.forEach((path, digest) -> files.put(path, changed.get(digest)));
    files.forEach((path, bytes) -> put((ObjectNode) listed.get(path), "sha256", bytes));
    version.put("package", Artifacts.treeDigest(files).hex());
  }

  private static void put(ObjectNode file, String name, byte[] content) {
    file.put("size", content.length).put(name, Digest.of(content).hex());
  }
}
