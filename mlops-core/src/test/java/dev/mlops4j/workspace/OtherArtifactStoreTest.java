package dev.mlops4j.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.Digest;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That artifacts are not put where nobody looks for them. */
class OtherArtifactStoreTest {

  private static final byte[] CONTENT = {1, 2, 3};
  private static final Digest DIGEST = Digest.of(CONTENT);

  @TempDir Path directory;

  @Test
  void whoNamesNoStoreIsRefusedWhatNeedsArtifacts() {
    putElsewhere();

    try (Workspace plain = Workspace.open(workspace())) {
      Artifacts artifacts = plain.artifacts();
      for (ThrowingCallable call :
          List.<ThrowingCallable>of(
              () -> artifacts.put(CONTENT),
              () -> artifacts.put(DIGEST, new ByteArrayInputStream(CONTENT)),
              () -> artifacts.putTree(Map.of("a", CONTENT)),
              () -> artifacts.read(DIGEST),
              () -> artifacts.contains(DIGEST),
              () -> artifacts.collectGarbage(Duration.ofDays(1)),
              () -> WorkspaceBackup.of(plain).to(directory.resolve("backup")))) {
        assertThatThrownBy(call)
            .isInstanceOfSatisfying(
                OtherArtifactStoreException.class,
                e -> assertThat(e.store()).isEqualTo(elsewhere().toString()))
            .hasMessageContaining(elsewhere().toString())
            .hasMessageContaining("Nothing was changed");
      }
      assertThat(FileArtifactStore.open(own(), InstantSource.system()).contains(DIGEST)).isFalse();
    }
  }

  @Test
  void whoNamesTheStoreOrAnotherOneIsNotAsked() {
    putElsewhere();
    Path third = directory.resolve("third");
    try (Workspace again = open(elsewhere());
        Workspace other = open(third)) {
      assertThat(again.artifacts().read(DIGEST)).isEqualTo(CONTENT);
      other.artifacts().put(CONTENT);
      assertThat(again.artifacts().read(DIGEST)).isEqualTo(CONTENT);
    }
    try (Workspace plain = Workspace.open(workspace())) {
      assertThatThrownBy(() -> plain.artifacts().read(DIGEST))
          .hasMessageContaining(third.toString());
    }
  }

  @Test
  void theDirectorysOwnStoreCanBeNamedToComeBackToIt() {
    putElsewhere();
    try (Workspace back = open(own())) {
      back.artifacts().put(CONTENT);
    }
    try (Workspace plain = Workspace.open(workspace())) {
      assertThat(plain.artifacts().read(DIGEST)).isEqualTo(CONTENT);
    }
  }

  @Test
  void aBackupAndACopyHaveTheirOwnArtifacts() {
    putElsewhere();
    Path copy = directory.resolve("copy");
    Path backup = directory.resolve("backup");
    try (Workspace source = open(elsewhere());
        Workspace target = Workspace.open(copy)) {
      WorkspaceCopy.from(source).to(target).run();
      WorkspaceBackup.of(source).to(backup);
    }
    for (Path place : List.of(copy, backup)) {
      try (Workspace opened = Workspace.open(place)) {
        assertThat(opened.artifacts().read(DIGEST)).isEqualTo(CONTENT);
      }
    }
  }

  private void putElsewhere() {
    try (Workspace named = open(elsewhere())) {
      named.artifacts().put(CONTENT);
    }
  }

  private Workspace open(Path store) {
    return Workspace.at(workspace())
        .artifacts(FileArtifactStore.open(store, InstantSource.system()))
        .open();
  }

  private Path workspace() {
    return directory.resolve("workspace");
  }

  private Path own() {
    return workspace().resolve("artifacts");
  }

  private Path elsewhere() {
    return directory.resolve("elsewhere");
  }
}
