package dev.mlops4j.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {

  private static final String MODEL = "parcels";
  private static final long ROOM = 1 << 20;

  @TempDir Path directory;

  private Spool open() throws IOException {
    return Spool.open(directory, MODEL, ROOM);
  }

  private static List<LedgerEntry> read(SpoolDirectory from) throws IOException {
    List<LedgerEntry> entries = new ArrayList<>();
    for (SpoolSegment segment : from.segments()) {
      entries.addAll(
          SpoolReader.read(segment.file(), segment.delivered(), segment.end(), 100_000).entries());
    }
    return entries;
  }

  @Test
  void whatIsWrittenIsThereForAnotherProcessInItsOrder() throws IOException {
    Spool spool = open();
    spool.write(SpoolEntries.known(0, 10));
    assertThat(spool.roll()).isEqualTo(2);
    assertThat(spool.roll()).isEqualTo(2);
    spool.write(SpoolEntries.known(10, 20));
    assertThat(SpoolDirectory.others(spool.ofModel())).isEmpty();

    // As if the process had ended.
    spool.close();
    spool.directory().release();
    List<Path> others = SpoolDirectory.others(spool.ofModel());

    assertThat(others).containsExactly(spool.directory().path());
    SpoolDirectory left = SpoolDirectory.takeOver(others.get(0));
    assertThat(left.segments()).hasSize(2);
    assertThat(read(left)).isEqualTo(SpoolEntries.known(0, 20));
    assertThat(left.waitingBytes()).isEqualTo(left.bytes() - 2L * SpoolSegment.HEAD);
    for (SpoolSegment segment : List.copyOf(left.segments())) {
      left.remove(segment);
    }
    left.delete();
    assertThat(spool.ofModel()).isEmptyDirectory();
  }

  @Test
  void whatIsInUseIsNotTakenOver() throws IOException {
    Spool spool = open();
    Path path = spool.directory().path();
    assertThat(SpoolDirectory.takeOver(path)).isNull();

    Path another = Files.createDirectory(spool.ofModel().resolve(UUID.randomUUID().toString()));
    try (FileChannel channel =
            FileChannel.open(
                another.resolve("in-use.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock held = channel.lock()) {
      assertThat(held.isValid()).isTrue();
      // Of another class loader, as far as the spool can tell: it is left alone for ever.
      assertThat(SpoolDirectory.others(spool.ofModel())).containsExactly(another);
      assertThat(SpoolDirectory.takeOver(another)).isNull();
      assertThat(SpoolDirectory.others(spool.ofModel())).isEmpty();
    }
  }

  @Test
  void theOlderOnesAreTakenOverFirst() throws IOException {
    List<Path> expected = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Spool spool = open();
      Path path = spool.directory().path();
      Files.setLastModifiedTime(path.resolve("in-use.lock"), FileTime.fromMillis(1_000L * i));
      spool.directory().release();
      expected.add(path);
    }
    assertThat(SpoolDirectory.others(expected.get(0).getParent())).isEqualTo(expected);
  }

  @Test
  void everyNameOfAModelHasADirectoryOfItsOwn() throws IOException {
    List<String> names =
        List.of(
            "a",
            "A",
            "a/b",
            "a\\b",
            "..",
            ".",
            "con",
            "nul.",
            "a b",
            "a:b",
            "\u00e4",
            "a\0",
            "*",
            "x".repeat(500),
            "x".repeat(501),
            "\ud83d\ude9a",
            "a_b",
            "-",
            "a\n");
    Set<Path> directories = new HashSet<>();
    for (String name : names) {
      Spool spool = Spool.open(directory, name, ROOM);
      assertThat(spool.ofModel().getParent()).isEqualTo(directory.toRealPath());
      assertThat(spool.ofModel().getFileName().toString()).matches("[a-z0-9_-]{1,80}");
      directories.add(spool.ofModel());
    }
    assertThat(directories).hasSameSizeAs(names);
  }

  @Test
  void beyondItsBytesItIsFullAndTakesMoreWhenSegmentsAreGone() throws IOException {
    Spool spool = open();
    int written = 0;
    List<LedgerEntry> batch = SpoolEntries.known(0, 1_000);
    RuntimeException full = null;
    while (full == null) {
      try {
        spool.write(batch);
        written++;
      } catch (RuntimeException e) {
        full = e;
      }
    }
    assertThat(spool.isFull(full)).isTrue();
    assertThat(spool.isRefusal(full)).isFalse();
    assertThat(full).hasMessageContaining(ROOM + " bytes");
    assertThat(spool.directory().bytes()).isLessThanOrEqualTo(ROOM);
    assertThat(sizeOnDisk()).isEqualTo(spool.directory().bytes());
    assertThat(read(spool.directory())).hasSize(written * 1_000);

    spool.directory().remove(spool.directory().first());
    spool.write(batch);
    assertThat(sizeOnDisk()).isEqualTo(spool.directory().bytes()).isLessThanOrEqualTo(ROOM);
  }

  @Test
  void anEntryThatIsTooLongIsRefusedAndLeavesNothing() throws IOException {
    Spool spool = Spool.open(directory, MODEL, 4L * SpoolRecord.MOST_BYTES);
    LedgerEntry longest = new LedgerEntry.Known("x".repeat(SpoolRecord.MOST_BYTES - 100), "1", 0);
    LedgerEntry tooLong = new LedgerEntry.Known("x".repeat(SpoolRecord.MOST_BYTES), "1", 0);
    List<LedgerEntry> both = List.of(longest, tooLong);

    assertThatThrownBy(() -> spool.write(both))
        .satisfies(e -> assertThat(spool.isRefusal(e)).isTrue());
    assertThat(sizeOnDisk()).isEqualTo(SpoolSegment.HEAD);
    spool.write(List.of(longest));
    assertThat(read(spool.directory())).containsExactly(longest);
  }

  @Test
  void attemptsThatFailLeaveNoFiles() throws IOException {
    Spool spool = Spool.open(directory, MODEL, 4L * SpoolRecord.MOST_BYTES);
    LedgerEntry tooLong = new LedgerEntry.Known("x".repeat(SpoolRecord.MOST_BYTES), "1", 0);

    assertThatThrownBy(() -> spool.write(List.of(tooLong))).isNotNull();
    spool.close();

    assertThat(spool.directory().segments()).isEmpty();
    assertThat(sizeOnDisk()).isZero();
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsTriedAgain() throws IOException {
    Spool spool = open();
    Path path = spool.directory().path();
    Path away = path.resolveSibling("away");
    Files.move(path, away);

    assertThatThrownBy(() -> spool.write(SpoolEntries.known(0, 1)))
        .isInstanceOf(MonitoringException.class)
        .hasMessageContaining("cannot be written")
        .hasMessageContaining("check the space left and the permissions there")
        .satisfies(e -> assertThat(spool.isRefusal(e) || spool.isFull(e)).isFalse());

    Files.move(away, path);
    spool.write(SpoolEntries.known(0, 1));
    assertThat(read(spool.directory())).isEqualTo(SpoolEntries.known(0, 1));
  }

  @Test
  void whatIsWrittenBesideWholeSegmentsIsLeftOut() throws IOException {
    Spool spool = open();
    spool.write(SpoolEntries.known(0, 3));
    spool.close();
    spool.directory().release();
    Path path = spool.directory().path();
    Files.write(path.resolve("0000000000000002.spool"), new byte[7]);
    Files.writeString(
        path.resolve("0000000000000003.spool"), "something else altogether, of others");

    SpoolDirectory left = SpoolDirectory.takeOver(path);

    List<SpoolSegment> segments = List.copyOf(left.segments());
    assertThat(segments).hasSize(3);
    assertThat(segments.get(1).delivered()).isEqualTo(segments.get(1).end());
    SpoolSegment strange = segments.get(2);
    SpoolReader.Batch batch =
        SpoolReader.read(strange.file(), strange.delivered(), strange.end(), 10);
    assertThat(batch.damaged()).containsExactly(new SpoolReader.Part(0, strange.end()));
    Path aside = left.setAside(strange, batch.damaged().get(0));
    assertThat(aside).hasSameBinaryContentAs(strange.file());
    assertThat(aside.getParent()).isEqualTo(spool.ofModel());
    assertThat(aside.toString()).endsWith("-3-0.corrupt");
    left.release();
  }

  @Test
  void onlyTheOwnerMayRead() throws IOException {
    Assumptions.assumeTrue(
        FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
    Spool spool = Spool.open(directory.resolve("made/here"), MODEL, ROOM);
    spool.write(SpoolEntries.known(0, 1));
    spool.directory().setAside(spool.directory().first(), new SpoolReader.Part(0, 5));

    try (Stream<Path> all = Files.walk(directory.resolve("made"))) {
      for (Path path : all.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
            .as("%s", path)
            .matches(path.toString().endsWith(".lock") ? ".*" : "rw[-x]------");
      }
    }
  }

  private long sizeOnDisk() throws IOException {
    long size = 0;
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.filter(Files::isRegularFile).toList()) {
        size += Files.size(path);
      }
    }
    return size;
  }
}
