package dev.mlops4j.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is checked out from the files of a Git repository, without running Git; see
 * gitrepository-layout(5).
 */
final class GitFiles {

  private static final Pattern HASH = Pattern.compile("[0-9a-f]{40}([0-9a-f]{24})?");
  private static final String REFERENCE = "ref: ";
  private static final String BRANCH = "refs/heads/";
  private static final String GIT_DIR = "gitdir: ";

  private GitFiles() {}

  /** The nearest directory, this one or above it, that has a repository; null if there is none. */
  static @Nullable Path root(Path directory) {
    for (Path at = directory.toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.exists(at.resolve(".git"))) {
        return at;
      }
    }
    return null;
  }

  /** The commit checked out in a directory that has a repository; null if it cannot be told. */
  static @Nullable String commit(Path root) {
    try {
      return checkedOut(git(root));
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }

  /** The branch checked out; null if it is none, or cannot be told. */
  static @Nullable String branch(Path root) {
    try {
      String head = Files.readString(git(root).resolve("HEAD")).strip();
      String branch = REFERENCE + BRANCH;
      return head.startsWith(branch) ? head.substring(branch.length()) : null;
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }

  private static Path git(Path root) throws IOException {
    Path git = root.resolve(".git");
    return Files.isDirectory(git) ? git : linked(git);
  }

  /** The directory that the {@code .git} file of a linked worktree or a submodule points to. */
  private static Path linked(Path gitFile) throws IOException {
    String line = Files.readString(gitFile).strip();
    return gitFile.resolveSibling(line.substring(GIT_DIR.length())).normalize();
  }

  private static @Nullable String checkedOut(Path git) throws IOException {
    String head = Files.readString(git.resolve("HEAD")).strip();
    if (!head.startsWith(REFERENCE)) {
      return hash(head);
    }
    String reference = head.substring(REFERENCE.length());
    Path common = common(git);
    for (Path directory : List.of(git, common)) {
      Path loose = directory.resolve(reference);
      if (Files.isRegularFile(loose)) {
        return hash(Files.readString(loose).strip());
      }
    }
    return packed(common.resolve("packed-refs"), reference);
  }

  /** Where a linked worktree keeps what it shares with the main one. */
  private static Path common(Path git) throws IOException {
    Path file = git.resolve("commondir");
    return Files.isRegularFile(file)
        ? git.resolve(Files.readString(file).strip()).normalize()
        : git;
  }

  private static @Nullable String packed(Path file, String reference) throws IOException {
    if (!Files.isRegularFile(file)) {
      return null;
    }
    for (String line : Files.readAllLines(file)) {
      if (line.endsWith(" " + reference)) {
        return hash(line.substring(0, line.indexOf(' ')));
      }
    }
    return null;
  }

  private static @Nullable String hash(String text) {
    return HASH.matcher(text).matches() ? text : null;
  }
}
