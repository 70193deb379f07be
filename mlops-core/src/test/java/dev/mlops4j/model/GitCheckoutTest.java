package dev.mlops4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitCheckoutTest {

  private static final String HASH = "0123456789012345678901234567890123456789";
  private static final Duration LONG = Duration.ofMinutes(1);

  @TempDir private Path temporary;

  @Test
  void tellsTheBranchOfARepositoryAndNoneOfADetachedHead() throws IOException {
    Path git =
        Files.createDirectories(temporary.resolve(".git/refs/heads/fix")).resolve("../../..");
    Files.writeString(git.resolve("refs/heads/fix/it"), HASH);
    Files.writeString(git.resolve("HEAD"), "ref: refs/heads/fix/it\n");
    GitCheckout onBranch = GitCheckout.of(temporary, Map.of("GIT_COMMIT", "x", "GIT_BRANCH", "y"));
    assertThat(onBranch.commit()).isEqualTo(HASH);
    assertThat(onBranch.branch()).isEqualTo("fix/it");
    Files.writeString(git.resolve("HEAD"), HASH);
    assertThat(GitCheckout.of(temporary, Map.of()).branch()).isNull();
    assertThat(
            GitCheckout.of(temporary, Map.of("CI_COMMIT_SHA", HASH, "CI_COMMIT_REF_NAME", "main")))
        .extracting(GitCheckout::branch)
        .isEqualTo("main");
    assertThat(
            GitCheckout.of(temporary, Map.of("CI_COMMIT_SHA", "x", "CI_COMMIT_REF_NAME", "main")))
        .extracting(GitCheckout::branch)
        .isNull();
  }

  @Test
  void withoutARepositoryTheVariablesOfACiTellCommitAndBranch() {
    GitCheckout told =
        GitCheckout.of(
            temporary,
            Map.of("GITHUB_SHA", HASH, "GITHUB_HEAD_REF", "", "GITHUB_REF_NAME", "main"));
    assertThat(told.commit()).isEqualTo(HASH);
    assertThat(told.branch()).isEqualTo("main");
    assertThat(told.isDirty()).isNull();
    GitCheckout unknown = GitCheckout.of(temporary, Map.of("GIT_BRANCH", "main"));
    assertThat(unknown.commit()).isNull();
    assertThat(unknown.branch()).isNull();
  }

  @Test
  void aChangeOfATrackedFileAndASourceThatIsNotTrackedAreSeenAndOtherFilesAreNot()
      throws Exception {
    assumeTrue(git("init", "-q"));
    Files.writeString(temporary.resolve("a.txt"), "a");
    assertThat(dirty()).as("without a commit").isNull();
    git("add", "a.txt");
    git("-c", "user.name=t", "-c", "user.email=t@t", "commit", "-q", "-m", "first");
    assertThat(dirty()).isFalse();
    Files.writeString(temporary.resolve("untracked.txt"), "x");
    assertThat(dirty()).isFalse();
    Path source = Files.createDirectories(temporary.resolve("src/main")).resolve("Train.java");
    Files.writeString(source, "x");
    assertThat(dirty()).as("a source that is not tracked").isTrue();
    Files.writeString(temporary.resolve(".gitignore"), "Train.java");
    assertThat(dirty()).as("a source that is ignored").isFalse();
    Files.writeString(temporary.resolve("a.txt"), "b");
    assertThat(dirty()).isTrue();
    git("add", "a.txt");
    assertThat(dirty()).as("staged").isTrue();
    assertThat(GitCheckout.of(temporary, Map.of()).isDirty()).isTrue();
  }

  @Test
  void withoutGitOrWhenItTakesTooLongItIsNotKnown() throws IOException {
    assertThat(GitCheckout.isDirty(temporary, "no-such-program-of-git", LONG)).isNull();
    Path slow = temporary.resolve("slow");
    Files.writeString(slow, "#!/bin/sh\nexec sleep 60\n");
    assumeTrue(slow.toFile().setExecutable(true));
    assertThat(GitCheckout.isDirty(temporary, slow.toString(), Duration.ofMillis(1))).isNull();
  }

  private @Nullable Boolean dirty() {
    return GitCheckout.isDirty(temporary, "git", LONG);
  }

  private boolean git(String... arguments) throws InterruptedException {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    try {
      return new ProcessBuilder(command).directory(temporary.toFile()).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
