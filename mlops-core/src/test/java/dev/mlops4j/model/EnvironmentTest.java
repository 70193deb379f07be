package dev.mlops4j.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.Digest;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentTest {

  private static final String HASH = "0123456789abcdef0123456789abcdef01234567";

  @TempDir Path temporary;

  @Test
  void saysWhereTheProcessRunsAndIsCapturedOnce() {
    Environment environment = Environment.current();
    assertThat(environment).isSameAs(Environment.current());
    assertThat(environment.java()).startsWith(System.getProperty("java.version"));
    assertThat(environment.libraryVersion()).matches("\\d+\\.\\d+\\.\\d+(-.+)?");
    assertThat(environment.classPath())
        .anyMatch(entry -> entry.name().startsWith("jackson-databind") && entry.digest() != null);
    assertThat(environment.properties()).containsKeys("java", "os", "time zone", "processors");
  }

  @Test
  void digestsFilesOfTheClassPathAndNamesDirectoriesByTheirEnd() throws IOException {
    Path jar = Files.writeString(temporary.resolve("a.jar"), "jar");
    Path classes = Files.createDirectories(temporary.resolve("home/app/target/classes"));
    assertThat(EnvironmentCapture.classPath(jar + File.pathSeparator + classes, ""))
        .containsExactly(
            new Environment.ClassPathEntry("a.jar", Digest.of("jar")),
            new Environment.ClassPathEntry("app/target/classes", null));
  }

  @Test
  void findsTheCommitOfABranch() throws IOException {
    Path git = Files.createDirectories(temporary.resolve("repository/.git"));
    Path inside = Files.createDirectories(temporary.resolve("repository/module/src"));
    Files.writeString(git.resolve("HEAD"), "ref: refs/heads/main\n");
    assertThat(commit(inside)).isNull();
    Files.writeString(
        git.resolve("packed-refs"), "# pack-refs with: peeled\n" + HASH + " refs/heads/main\n");
    assertThat(commit(inside)).isEqualTo(HASH);
    Files.createDirectories(git.resolve("refs/heads"));
    String newer = HASH.replace('0', 'f');
    Files.writeString(git.resolve("refs/heads/main"), newer + "\n");
    assertThat(commit(inside)).isEqualTo(newer);
  }

  @Test
  void findsTheCommitOfALinkedWorktreeAndOfADetachedHead() throws IOException {
    Path git = Files.createDirectories(temporary.resolve("repository/.git/refs/heads"));
    Files.writeString(git.resolve("feature"), HASH + "\n");
    Path own = Files.createDirectories(temporary.resolve("repository/.git/worktrees/wt"));
    Files.writeString(own.resolve("HEAD"), "ref: refs/heads/feature\n");
    Files.writeString(own.resolve("commondir"), "../..\n");
    Path worktree = Files.createDirectories(temporary.resolve("wt"));
    Files.writeString(worktree.resolve(".git"), "gitdir: " + own + "\n");
    assertThat(commit(worktree)).isEqualTo(HASH);
    Files.writeString(own.resolve("HEAD"), HASH + "\n");
    assertThat(commit(worktree)).isEqualTo(HASH);
    Files.writeString(own.resolve("HEAD"), "nonsense\n");
    assertThat(commit(worktree)).isNull();
  }

  private static @Nullable String commit(Path directory) {
    return GitCheckout.of(directory, Map.of()).commit();
  }
}
