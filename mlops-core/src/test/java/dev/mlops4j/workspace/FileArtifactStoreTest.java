package dev.mlops4j.workspace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.Digest;
import dev.mlops4j.storage.StorageException;
import dev.mlops4j.storage.StorageFullException;
import dev.mlops4j.storage.StorageReadOnlyException;
import java.io.ByteArrayInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is particular to files; the rest is in the contract kit. */
class FileArtifactStoreTest {

  private static final Instant NOW = Instant.parse("2013-07-01T00:00:00Z");

  @TempDir Path directory;

  @Test
  void keepsAFileUnderItsDigestAndNoOther() throws IOException {
    Digest digest = put(store(), "hello");

    assertThat(files()).containsExactly("sha256/2c/" + digest.hex());
    put(store(), "hello");
    assertThat(files()).hasSize(1);
  }

  @Test
  void deletesOldTemporaryFilesWhenItIsOpenedAndNoYoungOnes() throws IOException {
    Path temporary = Files.createDirectories(directory.resolve("tmp"));
    Path old = Files.writeString(temporary.resolve("old.tmp"), "half");
    Path young = Files.writeString(temporary.resolve("young.tmp"), "half");
    Files.setLastModifiedTime(old, FileTime.from(NOW.minus(Duration.ofHours(25))));
    Files.setLastModifiedTime(young, FileTime.from(NOW.minus(Duration.ofHours(23))));

    store();

    assertThat(files()).containsExactly("tmp/young.tmp");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFullDiskHasItsOwnExceptionAndLeavesNoHalfFile() throws IOException {
    Artifacts artifacts =
        Artifacts.over(
            new FileArtifactStore(
                directory,
                file -> {
                  Files.createSymbolicLink(file, Path.of("/dev/full"));
                  return new FileOutputStream(file.toFile());
                }));

    assertThatThrownBy(() -> artifacts.put("hello".getBytes(UTF_8)))
        .isInstanceOf(StorageFullException.class)
        .hasMessageContaining("cannot write " + directory)
        .hasMessageContaining("the disk is full. Nothing was stored; free some space");
    assertThatThrownBy(() -> artifacts.putTree(Map.of("a", new byte[10])))
        .isInstanceOf(StorageFullException.class);
    assertThat(files()).isEmpty();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aDirectoryThatCannotBeWrittenHasItsOwnException() {
    FileArtifactStore readOnly =
        FileArtifactStore.open(Path.of("/sys/mlops4j-artifacts"), InstantSource.fixed(NOW));

    assertThatThrownBy(() -> put(readOnly, "hello"))
        .isInstanceOf(StorageReadOnlyException.class)
        .hasMessageContaining("it is read-only. Nothing was stored");
  }

  @Test
  void aFileInThePlaceOfItsDirectoryIsTold() throws IOException {
    Path file = Files.writeString(directory.resolve("artifacts"), "not a directory");
    FileArtifactStore store = FileArtifactStore.open(file, InstantSource.fixed(NOW));

    assertThatThrownBy(() -> put(store, "hello"))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("cannot write " + file);
    assertThat(file).hasContent("not a directory");
  }

  private FileArtifactStore store() {
    return FileArtifactStore.open(directory, InstantSource.fixed(NOW));
  }

  private static Digest put(ArtifactStore store, String text) throws IOException {
    return store.put(new ByteArrayInputStream(text.getBytes(UTF_8)));
  }

  private Stream<String> files() throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all
          .filter(path -> !Files.isDirectory(path))
          .map(path -> directory.relativize(path).toString())
          .toList()
          .stream();
    }
  }
}
