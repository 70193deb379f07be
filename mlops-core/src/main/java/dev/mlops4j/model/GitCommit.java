package dev.mlops4j.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads which commit is checked out from the files of a Git repository, without running Git; see
 * gitrepository-layout(5).
 */
final class GitCommit {

  private static final Pattern HASH = Pattern.compile("[0-9a-f]{40}([0-9a-f]{24})?");
  private static final String REFERENCE = "ref: ";
  private static final String GIT_DIR = "gitdir: ";

  private GitCommit() {}

  /**
   * The commit checked out at this directory or the nearest one above it; null if none is found.
   */
  static @Nullable String checkedOut(Path directory) {
    try {
      for (Path at = directory.toAbsolutePath(); at != null; at = at.getParent()) {
        Path git = at.resolve(".git");
        if (Files.exists(git)) {
          return commit(Files.isDirectory(git) ? git : linked(git));
        }
      }
      return null;
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }

  /** The directory that the {@code .git} file of a linked worktree or a submodule points to. */
  private static Path linked(Path gitFile) throws IOException {
    String line = Files.readString(gitFile).strip();
    return gitFile.resolveSibling(line.substring(GIT_DIR.length())).normalize();
  }

  private static @Nullable String commit(Path git) throws IOException {
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
