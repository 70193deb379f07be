package dev.mlops4j.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.monitoring.SpoolReader.Batch;
import dev.mlops4j.monitoring.SpoolReader.Part;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolReaderTest {

  private static final int ALL = 1_000;

  @TempDir Path directory;

  private static byte[] goldenFile() throws IOException {
    try (var in = SpoolReaderTest.class.getResourceAsStream("spool-1.bin")) {
      return in.readAllBytes();
    }
  }

  /** The places where records begin, and the end. */
  private static long[] places(List<LedgerEntry> entries) {
    long[] places = new long[entries.size() + 1];
    places[0] = SpoolSegment.HEAD;
    for (int i = 0; i < entries.size(); i++) {
      places[i + 1] = places[i] + SpoolRecord.of(entries.get(i)).length;
    }
    return places;
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(directory.resolve("a.spool"), bytes);
  }

  private Batch read(byte[] bytes) throws IOException {
    return SpoolReader.read(file(bytes), SpoolSegment.HEAD, bytes.length, ALL);
  }

  @Test
  void anEntryComesBackToTheBit() throws IOException {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    List<LedgerEntry> entries = new ArrayList<>();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < 5_000; i++) {
      entries.add(SpoolEntries.any(random));
      bytes.write(SpoolRecord.of(entries.get(i)));
    }

    Batch batch = SpoolReader.read(file(bytes.toByteArray()), 0, bytes.size(), 5_000);

    assertThat(SpoolEntries.fields(batch.entries()))
        .as("seed %d", seed)
        .isEqualTo(SpoolEntries.fields(entries));
    assertThat(batch.upTo()).isEqualTo(bytes.size());
  }

  @Test
  void formOneIsReadForever() throws IOException {
    Path file = file(goldenFile());
    SpoolSegment segment = SpoolSegment.left(file, 1);

    Batch batch = SpoolReader.read(file, segment.delivered(), segment.end(), ALL);

    assertThat(segment.delivered()).isEqualTo(SpoolSegment.HEAD);
    assertThat(SpoolEntries.fields(batch.entries()))
        .isEqualTo(SpoolEntries.fields(SpoolEntries.golden()));
    assertThat(batch.damaged()).isEmpty();
    assertThat(batch.torn()).isZero();
  }

  @Test
  void formOneIsWhatIsWritten() throws IOException {
    Path file = Files.createFile(directory.resolve("b.spool"));
    SpoolAppender appender = new SpoolAppender(SpoolSegment.create(file, 1));
    for (LedgerEntry entry : SpoolEntries.golden()) {
      appender.add(SpoolRecord.of(entry));
    }
    appender.force();
    appender.close();

    assertThat(Files.readAllBytes(file)).isEqualTo(goldenFile());
  }

  @Test
  void aFileThatEndsAnywhereGivesAllWholeRecordsAndNoDamage() throws IOException {
    byte[] bytes = goldenFile();
    long[] places = places(SpoolEntries.golden());
    for (int length = SpoolSegment.HEAD; length <= bytes.length; length++) {
      Batch batch = read(Arrays.copyOf(bytes, length));

      int end = length;
      int whole = (int) Arrays.stream(places).filter(place -> place <= end).count() - 1;
      assertThat(batch.entries()).as("length %d", length).hasSize(whole);
      assertThat(batch.torn()).isEqualTo(length - places[whole]);
      assertThat(batch.damaged()).isEmpty();
      assertThat(batch.upTo()).isEqualTo(length);
    }
  }

  @Test
  void aFileThatGrewWithoutItsBytesGivesAllWholeRecordsAndNoDamage() throws IOException {
    byte[] bytes = goldenFile();
    int whole = 2;
    int from = (int) places(SpoolEntries.golden())[whole];
    Arrays.fill(bytes, from, bytes.length, (byte) 0);

    Batch batch = read(Arrays.copyOf(bytes, 100_000));

    assertThat(batch.entries()).hasSize(whole);
    assertThat(batch.torn()).isEqualTo(100_000 - from);
    assertThat(batch.damaged()).isEmpty();
  }

  @Test
  void ofADamagedBodyOneEntryIsMissingAndOfADamagedHeadTheRest() throws IOException {
    byte[] bytes = goldenFile();
    List<LedgerEntry> entries = SpoolEntries.golden();
    long[] places = places(entries);
    for (int record = 0; record < entries.size(); record++) {
      for (long place = places[record]; place < places[record + 1]; place++) {
        byte[] damaged = bytes.clone();
        damaged[(int) place] ^= 0x10;
        boolean head = place < places[record] + SpoolRecord.HEAD;

        Batch batch = read(damaged);

        List<LedgerEntry> expected = new ArrayList<>(entries.subList(0, record));
        if (!head) {
          expected.addAll(entries.subList(record + 1, entries.size()));
        }
        assertThat(SpoolEntries.fields(batch.entries()))
            .as("byte %d", place)
            .isEqualTo(SpoolEntries.fields(expected));
        assertThat(batch.damaged())
            .containsExactly(new Part(places[record], head ? bytes.length : places[record + 1]));
        assertThat(batch.torn()).isZero();
        assertThat(batch.upTo()).isEqualTo(bytes.length);
      }
    }
  }

  @Test
  void aBatchHasNoMoreThanAskedForAndTheNextGoesOn() throws IOException {
    Path file = file(goldenFile());
    long end = Files.size(file);

    Batch first = SpoolReader.read(file, SpoolSegment.HEAD, end, 4);
    Batch second = SpoolReader.read(file, first.upTo(), end, 4);

    assertThat(first.entries()).hasSize(4);
    assertThat(second.entries()).hasSize(2);
    assertThat(second.upTo()).isEqualTo(end);
  }

  @Test
  void aRecordThatIsTooLongIsRefused() {
    LedgerEntry.Known known = new LedgerEntry.Known("x".repeat(SpoolRecord.MOST_BYTES), "1", 0);

    assertThatThrownBy(() -> SpoolRecord.of(known))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 8388608 bytes");
  }

  @Test
  void aSegmentRemembersUpToWhereItIsDeliveredUnlessThatIsDamaged() throws IOException {
    Path file = file(goldenFile());
    long upTo = places(SpoolEntries.golden())[2];

    SpoolSegment.left(file, 1).delivered(upTo, 2);

    assertThat(SpoolSegment.left(file, 1).delivered()).isEqualTo(upTo);
    byte[] bytes = Files.readAllBytes(file);
    for (int i = 12; i < SpoolSegment.HEAD; i++) {
      byte[] damaged = bytes.clone();
      damaged[i] ^= 0x01;
      assertThat(SpoolSegment.left(file(damaged), 1).delivered()).isEqualTo(SpoolSegment.HEAD);
    }
  }

  @Test
  void aSegmentOfALaterFormIsNotRead() throws IOException {
    byte[] bytes = goldenFile();
    bytes[11] = 2;

    assertThatThrownBy(() -> SpoolSegment.left(file(bytes), 1))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("records of the form 2, which a newer library has written");
  }
}
