package dev.mlops4j.model;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which paths a file of a package may have: relative, below the package, the same on every OS.
 * Narrower than the paths of a tree of artifacts, for a package also stands in directories,
 * archives and URLs that other programs read; so whatever is allowed here is a path of a tree.
 */
final class PackagePaths {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,99}");
  private static final int MAX_LENGTH = 500;

  private PackagePaths() {}

  static boolean isAllowed(String path) {
    List<String> names = Arrays.asList(path.split("/", -1));
    return path.length() <= MAX_LENGTH
        && names.stream().allMatch(name -> NAME.matcher(name).matches() && !name.endsWith("."));
  }

  /**
   * Checks the paths of the model's own files.
   *
   * @throws IllegalArgumentException if one is not allowed or one of the package's own
   */
  static void checkModelFiles(Set<String> paths, Set<String> own) {
    for (String path : paths) {
      if (!isAllowed(path) || own.contains(path)) {
        throw new IllegalArgumentException(
            "a model file cannot have the path \""
                + path
                + "\": it should be relative, of letters, digits, \"_\", \"-\" and \".\" between"
                + " slashes, and none of "
                + own);
      }
    }
  }
}
