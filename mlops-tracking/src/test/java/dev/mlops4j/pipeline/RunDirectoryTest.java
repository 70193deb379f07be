package dev.mlops4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The temporary files of runs, also of killed ones. */
class RunDirectoryTest {

  @TempDir Path directory;

  private Path left(String name) throws IOException {
    Path left = Files.createDirectory(directory.resolve(name));
    Files.createFile(left.resolve("in-use.lock"));
    Files.writeString(Files.createDirectory(left.resolve("a")).resolve("data.csv"), "a,b");
    return left;
  }

  @Test
  void whatKilledRunsHaveLeftIsDeletedAndAllElseStays() throws IOException {
    Path dead = left("mlops4j-pipeline-dead");
    Path foreign = left("another-program");
    Path unknown = Files.createDirectory(directory.resolve("mlops4j-pipeline-unknown"));
    Path lives = left("mlops4j-pipeline-lives");
    Instant later = Instant.now().plusSeconds(60);
    try (FileChannel channel =
            FileChannel.open(lives.resolve("in-use.lock"), StandardOpenOption.WRITE);
        var lock = channel.lock()) {
      assertThat(lock.isValid()).isTrue();
      RunDirectory.clearBeside(directory.resolve("mlops4j-pipeline-own"), later);
      // Of the missing own directory no owner is known, so that nothing is taken for ours.
      assertThat(dead).exists();
      Path own = Files.createDirectory(directory.resolve("mlops4j-pipeline-own"));
      RunDirectory.clearBeside(own, Instant.now().minusSeconds(60));
      assertThat(dead).as("may not be locked yet").exists();
      RunDirectory.clearBeside(own, later);
      assertThat(lives).exists();
    }
    assertThat(dead).doesNotExist();
    assertThat(foreign).exists();
    assertThat(unknown).exists();
  }

  @Test
  void aDirectoryIsTheUsersOwnAndGoneWhenItIsClosed() throws IOException {
    Path path;
    try (RunDirectory open = RunDirectory.open();
        RunDirectory other = RunDirectory.open()) {
      path = open.path();
      RunDirectory.clearBeside(other.path(), Instant.now().plusSeconds(60));
      assertThat(path).isDirectory();
      Assumptions.assumeTrue(
          FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
          .isEqualTo("rwx------");
    }
    assertThat(path).doesNotExist();
  }
}
