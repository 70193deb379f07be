package dev.mlops4j.workspace;

import java.text.Normalizer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Which paths a tree may have: those that mean the same file, inside the tree, on every system. */
final class TreePaths {

  private TreePaths() {}

  static void check(Collection<String> paths) {
    Map<String, String> names = new HashMap<>();
    for (String path : paths) {
      checkAlone(path);
      String other = names.put(folded(path), path);
      if (other != null) {
        throw refused(path, "on some systems it is the same file as \"" + other + "\"");
      }
    }
    for (String path : paths) {
      for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
        String file = names.get(folded(path.substring(0, slash)));
        if (file != null) {
          throw refused(path, "it lies in \"" + file + "\", which is a file");
        }
      }
    }
  }

  static void checkAlone(String path) {
    if (path.isEmpty()) {
      throw refused(path, "it is empty");
    }
    if (path.startsWith("/")) {
      throw refused(path, "it is absolute");
    }
    if (path.indexOf(':') >= 0) {
      throw refused(path, "it has a colon, which stands for a drive or a stream on Windows");
    }
    if (path.indexOf('\\') >= 0) {
      throw refused(path, "it has a backslash; separate its parts with slashes");
    }
    if (path.chars().anyMatch(Character::isISOControl)) {
      throw refused(path, "it has a control character");
    }
    for (String part : path.split("/", -1)) {
      if (part.isBlank() || part.equals(".") || part.equals("..")) {
        throw refused(path, "one of its parts is \"" + part + "\"");
      }
    }
  }

  /** The same text for paths that a system may take for the same. */
  private static String folded(String path) {
    String upper = Normalizer.normalize(path, Normalizer.Form.NFC).toUpperCase(Locale.ROOT);
    return upper.toLowerCase(Locale.ROOT);
  }

  private static InvalidArtifactPathException refused(String path, String why) {
    return new InvalidArtifactPathException(
        path,
        "\""
            + path
            + "\" cannot be a path in a tree: "
            + why
            + ". Use one like \"model/model.json\"");
  }
}
