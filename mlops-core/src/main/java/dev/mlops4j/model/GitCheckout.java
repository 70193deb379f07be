package dev.mlops4j.model;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What code a process is of: what Git has checked out in the working directory or the nearest one
 * above it, or else what the variables of a CI say. Immutable.
 */
public final class GitCheckout {

  /** How long {@link #isDirty} waits for Git, each time. */
  public static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Not all files: workspaces, data and what programs leave may lie beside the code. */
  private static final List<String> SOURCES =
      List.of(
          "*.java",
          "*.kt",
          "*.kts",
          "*.scala",
          "*.groovy",
          "*.gradle",
          "*.clj",
          "*.py",
          "*.sql",
          "*.properties",
          "pom.xml",
          "*/pom.xml");

  /** GitHub and those alike, GitLab, Jenkins, Azure, CircleCI, Travis, Buildkite, Bitbucket. */
  private static final List<String> COMMITS =
      List.of(
          "GITHUB_SHA",
          "CI_COMMIT_SHA",
          "GIT_COMMIT",
          "BUILD_SOURCEVERSION",
          "CIRCLE_SHA1",
          "TRAVIS_COMMIT",
          "BUILDKITE_COMMIT",
          "BITBUCKET_COMMIT");

  private static final List<String> BRANCHES =
      List.of(
          "GITHUB_HEAD_REF",
          "GITHUB_REF_NAME",
          "CI_COMMIT_REF_NAME",
          "GIT_BRANCH",
          "BUILD_SOURCEBRANCHNAME",
          "CIRCLE_BRANCH",
          "TRAVIS_BRANCH",
          "BUILDKITE_BRANCH",
          "BITBUCKET_BRANCH");

  private final @Nullable Path root;
  private final @Nullable String commit;
  private final @Nullable String branch;

  private GitCheckout(@Nullable Path root, @Nullable String commit, @Nullable String branch) {
    this.root = root;
    this.commit = commit;
    this.branch = branch;
  }

  /** That of this process; reads a few small files. */
  public static GitCheckout current() {
    return of(Path.of(System.getProperty("user.dir", "")), System.getenv());
  }

  static GitCheckout of(Path directory, Map<String, String> variables) {
    Path root = GitFiles.root(directory);
    String told = first(variables, COMMITS);
    String commit = root == null ? told : GitFiles.commit(root);
    String branch = root == null ? null : GitFiles.branch(root);
    // A CI checks out a commit, not a branch.
    if (branch == null && commit != null && commit.equals(told)) {
      branch = first(variables, BRANCHES);
    }
    return new GitCheckout(root, commit, branch);
  }

  /** The commit; null if none is known. */
  public @Nullable String commit() {
    return commit;
  }

  /** The branch; null if none is known. */
  public @Nullable String branch() {
    return branch;
  }

  /**
   * Whether files that Git tracks are not as they were committed, or there are source files (Java,
   * Kotlin, Scala, Groovy, Clojure, Python, SQL, properties, builds of Maven and Gradle) that it
   * neither tracks nor ignores. Runs {@code git} twice at most and waits for it, {@link #PATIENCE}
   * at most each time.
   *
   * @return null if that cannot be told: without a repository or Git, or if it takes too long
   */
  public @Nullable Boolean isDirty() {
    return root == null ? null : isDirty(root, "git", PATIENCE);
  }

  static @Nullable Boolean isDirty(Path root, String git, Duration patience) {
    // Says it by its exit code.
    Integer changed =
        run(
            root,
            patience,
            Redirect.DISCARD,
            List.of(git, "diff", "--quiet", "--no-ext-diff", "--no-textconv", "HEAD"));
    if (changed == null || changed > 1) {
      return null;
    }
    return changed == 1 ? Boolean.TRUE : hasUntracked(root, git, patience);
  }

  private static @Nullable Boolean hasUntracked(Path root, String git, Duration patience) {
    List<String> command = new ArrayList<>(List.of(git, "ls-files", "--others"));
    command.addAll(List.of("--exclude-standard", "--"));
    command.addAll(SOURCES);
    try {
      Path listed = Files.createTempFile("untracked", ".txt");
      try {
        Integer exit = run(root, patience, Redirect.to(listed.toFile()), command);
        if (exit == null || exit != 0) {
          return null;
        }
        return Files.size(listed) > 0;
      } finally {
        Files.delete(listed);
      }
    } catch (IOException e) {
      return null;
    }
  }

  /** Runs Git so that it writes nothing and starts no other program; null if it does not end. */
  private static @Nullable Integer run(
      Path root, Duration patience, Redirect output, List<String> arguments) {
    List<String> command = new ArrayList<>(arguments);
    command.addAll(1, List.of("--no-optional-locks", "-c", "core.fsmonitor=false"));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(root.toFile())
            .redirectError(Redirect.DISCARD)
            .redirectOutput(output);
    try {
      Process process = builder.start();
      try {
        process.getOutputStream().close();
        return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)
            ? process.exitValue()
            : null;
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  private static @Nullable String first(Map<String, String> variables, List<String> names) {
    return names.stream()
        .map(variables::get)
        .filter(value -> value != null && !value.isBlank())
        .findFirst()
        .orElse(null);
  }
}
