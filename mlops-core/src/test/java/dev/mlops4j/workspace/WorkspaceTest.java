package dev.mlops4j.workspace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.mlops4j.Digest;
import dev.mlops4j.MlopsException;
import dev.mlops4j.storage.SchemaTooNewException;
import dev.mlops4j.storage.StorageReadOnlyException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceTest {

  @TempDir Path temporary;

  @Test
  void isMadeWhereNothingIsAndFoundAgain() {
    Path directory = temporary.resolve("deep/down/workspace");
    String id;
    Digest digest;
    try (Workspace workspace = Workspace.open(directory)) {
      id = workspace.id();
      digest = workspace.artifacts().put("hello".getBytes(UTF_8));
      workspace.database(Area.METADATA).write(tx -> tx.update("CREATE TABLE t (x INTEGER)"));
      assertThat(workspace.directory()).isEqualTo(directory.toAbsolutePath());
      assertThat(workspace).hasToString("workspace " + directory);
    }

    try (Workspace workspace = Workspace.open(directory)) {
      assertThat(workspace.id()).isEqualTo(id);
      assertThat(workspace.artifacts().read(digest)).asString(UTF_8).isEqualTo("hello");
      int rows =
          workspace
              .database(Area.METADATA)
              .read(tx -> tx.first("SELECT count(*) FROM t", r -> r.getInt(1)).orElseThrow());
      assertThat(rows).isZero();
    }
    assertThat(directory.resolve("metadata.db")).exists();
    assertThat(directory.resolve("features.db")).doesNotExist();
  }

  @Test
  void ofVersion1IsOpened() throws IOException {
    try (InputStream golden = WorkspaceTest.class.getResourceAsStream("workspace-v1.json")) {
      Files.copy(golden, temporary.resolve("mlops4j.json"));
    }

    try (Workspace workspace = Workspace.open(temporary)) {
      assertThat(workspace.id()).isEqualTo("2ecdc7a9-20a7-4d11-8d4e-ff7f2c5fd0ac");
    }
  }

  @Test
  void writesItsMarkerInVersion1() throws IOException {
    Workspace workspace = Workspace.open(temporary);
    workspace.close();

    assertThat(temporary.resolve("mlops4j.json"))
        .hasContent(
            "{\"format\":\"mlops4j-workspace\",\"version\":1,\"oldestReader\":1,\"id\":\""
                + workspace.id()
                + "\"}\n");
  }

  @Test
  void isNotMadeInADirectoryWithSomethingElseInIt() throws IOException {
    Files.writeString(temporary.resolve("thesis.txt"), "ten years of work");

    NotAWorkspaceException refused =
        catchThrowableOfType(NotAWorkspaceException.class, () -> Workspace.open(temporary));

    assertThat(refused.directory()).isEqualTo(temporary);
    assertThat(refused)
        .hasMessageContaining(temporary + " is not a workspace: it has no mlops4j.json")
        .hasMessageContaining("\"thesis.txt\"")
        .hasMessageContaining("name an empty directory");
    try (var files = Files.list(temporary)) {
      assertThat(files).containsExactly(temporary.resolve("thesis.txt"));
    }
  }

  @Test
  void isMadeAtTheRootOfAFreshFileSystem() throws IOException {
    Files.createDirectory(temporary.resolve("lost+found"));

    assertThatCode(() -> Workspace.open(temporary).close()).doesNotThrowAnyException();
  }

  @Test
  void isNotAFile() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "text");

    assertThatThrownBy(() -> Workspace.open(file))
        .isInstanceOf(NotAWorkspaceException.class)
        .hasMessage(file + " is a file; a workspace is a directory");
    assertThat(file).hasContent("text");
  }

  @Test
  void isNotWhatAnotherProgramMarked() throws IOException {
    Path marker = Files.writeString(temporary.resolve("mlops4j.json"), "{\"hello\":1}");

    assertThatThrownBy(() -> Workspace.open(temporary))
        .isInstanceOf(NotAWorkspaceException.class)
        .hasMessageContaining("mlops4j.json in it was not written by mlops4j");
    Files.writeString(marker, "");
    assertThatThrownBy(() -> Workspace.open(temporary)).isInstanceOf(NotAWorkspaceException.class);
    Files.writeString(marker, "noise");
    assertThatThrownBy(() -> Workspace.open(temporary)).isInstanceOf(NotAWorkspaceException.class);
    assertThat(marker).hasContent("noise");
  }

  @Test
  void ofANewerLibraryIsRefusedUnlessItLetsThisOneIn() throws IOException {
    Path marker = temporary.resolve("mlops4j.json");
    String newer =
        "{\"format\":\"mlops4j-workspace\",\"version\":3,\"oldestReader\":%d,\"id\":\"x\"}";
    Files.writeString(marker, String.format(newer, 2));

    assertThatThrownBy(() -> Workspace.open(temporary))
        .isInstanceOf(SchemaTooNewException.class)
        .hasMessageContaining(temporary + " holds a workspace in version 3")
        .hasMessageContaining("needs a library that knows version 2 or later");

    Files.writeString(marker, String.format(newer, 1));
    try (Workspace workspace = Workspace.open(temporary)) {
      assertThat(workspace.id()).isEqualTo("x");
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void cannotBeMadeWhereNothingCanBeWritten() {
    assertThatThrownBy(() -> Workspace.open(Path.of("/sys/mlops4j-workspace")))
        .isInstanceOf(StorageReadOnlyException.class)
        .hasMessageContaining("/sys/mlops4j-workspace")
        .hasMessageContaining("read-only");
  }

  @Test
  void onANetworkFileSystemIsRefused() {
    assertThatThrownBy(() -> Marker.checkLocal(temporary, "nfs4"))
        .isInstanceOf(NotAWorkspaceException.class)
        .hasMessageContaining("is on a network file system (nfs4)")
        .hasMessageContaining("put the workspace on a local disk");
    assertThatCode(() -> Marker.checkLocal(temporary, "ext4")).doesNotThrowAnyException();
  }

  @Test
  void goesOnWhereAProcessDiedWhileMakingIt() throws IOException {
    Files.writeString(temporary.resolve(".mlops4j-0a1b.tmp"), "{\"format\":\"mlop");

    Workspace.open(temporary).close();

    assertThat(temporary.resolve("mlops4j.json")).isNotEmptyFile();
  }

  @Test
  void madeByManyAtOnceIsOne() {
    CountDownLatch start = new CountDownLatch(1);
    List<CompletableFuture<String>> openers = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      openers.add(
          CompletableFuture.supplyAsync(
              () -> {
                await(start);
                try (Workspace workspace = Workspace.open(temporary.resolve("w"))) {
                  return workspace.id();
                }
              },
              task -> new Thread(task).start()));
    }
    start.countDown();

    Set<String> ids = new HashSet<>();
    openers.forEach(opener -> ids.add(opener.join()));
    assertThat(ids).hasSize(1);
  }

  @Test
  void hasTwoClocks() {
    InstantSource world = InstantSource.fixed(Instant.EPOCH);
    try (Workspace workspace = Workspace.at(temporary).clock(world).open()) {
      assertThat(workspace.clock().instant()).isEqualTo(Instant.EPOCH);
      assertThat(workspace.systemClock().instant()).isAfter(Instant.EPOCH);
    }
    try (Workspace workspace = Workspace.at(temporary).systemClock(world).open()) {
      assertThat(workspace.systemClock().instant()).isEqualTo(Instant.EPOCH);
      assertThat(workspace.clock().instant()).isAfter(Instant.EPOCH);
    }
  }

  @Test
  void closesInReverseWhatWasOpenedInItAndThenItsDatabases() {
    List<String> closed = new ArrayList<>();
    Workspace workspace = Workspace.open(temporary);
    var database = workspace.database(Area.FEATURES);
    workspace.onClose(() -> closed.add("first"));
    workspace.onClose(
        () -> {
          database.write(tx -> tx.update("CREATE TABLE t (x INTEGER)"));
          closed.add("second");
        });

    workspace.close();
    workspace.close();

    assertThat(closed).containsExactly("second", "first");
    assertThatThrownBy(() -> database.read(tx -> 1)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatIsForgottenIsNotClosedAndNotHeld() {
    List<String> closed = new ArrayList<>();
    Workspace workspace = Workspace.open(temporary);
    AutoCloseable kept = () -> closed.add("kept");
    AutoCloseable gone = () -> closed.add("gone");
    workspace.onClose(kept);
    workspace.onClose(gone);
    workspace.onClose(() -> workspace.forget(kept));

    workspace.forget(gone);
    workspace.forget(gone);
    workspace.close();
    workspace.forget(gone);

    assertThat(closed).containsExactly("kept");
  }

  @Test
  void closesAllEvenIfOneFails() {
    List<String> closed = new ArrayList<>();
    Workspace workspace = Workspace.open(temporary);
    workspace.onClose(() -> closed.add("first"));
    workspace.onClose(
        () -> {
          throw new IllegalArgumentException("later");
        });
    workspace.onClose(
        () -> {
          throw new IOException("sooner");
        });

    assertThatThrownBy(workspace::close)
        .isInstanceOf(MlopsException.class)
        .hasMessageContaining("could not close all of workspace " + temporary + ": sooner")
        .hasSuppressedException(new IllegalArgumentException("later"));
    assertThat(closed).containsExactly("first");
  }

  @Test
  void saysThatItIsClosed() {
    Workspace workspace = Workspace.open(temporary);
    workspace.close();

    for (Runnable use :
        List.<Runnable>of(
            workspace::artifacts,
            () -> workspace.database(Area.METADATA),
            () -> workspace.onClose(() -> {}))) {
      assertThatThrownBy(use::run)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("workspace " + temporary + " is closed");
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
