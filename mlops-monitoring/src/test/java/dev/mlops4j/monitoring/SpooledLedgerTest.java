package dev.mlops4j.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is handed over, spooled and delivered, with a ledger that can be away. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SpooledLedgerTest {

  private static final String MODEL = "parcels";
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final long ROOM = 64 << 20;
  private static final int CAPACITY = 1_000;

  @TempDir Path directory;

  /** A ledger that takes entries unless it is away. */
  private static final class SwitchedLedger extends StubLedger {

    final List<LedgerEntry> written = Collections.synchronizedList(new ArrayList<>());
    final CountDownLatch failed = new CountDownLatch(1);
    volatile boolean away;
    volatile int largest;

    SwitchedLedger(boolean away) {
      this.away = away;
    }

    @Override
    public void write(List<LedgerEntry> entries) {
      if (away) {
        failed.countDown();
        throw new MonitoringException("the database is away");
      }
      largest = Math.max(largest, entries.size());
      if (entries.stream().anyMatch(SwitchedLedger::isBad)) {
        throw new IllegalStateException("a value is out of range");
      }
      written.addAll(entries);
    }

    @Override
    public boolean isRefusal(Throwable failure) {
      return failure instanceof IllegalStateException;
    }

    private static boolean isBad(LedgerEntry entry) {
      return entry instanceof LedgerEntry.Known known && known.value().equals("bad");
    }
  }

  private LedgerWriter writer(Ledger ledger, Duration closeTimeout) throws IOException {
    return new LedgerWriter(
        ledger, MODEL, CAPACITY, closeTimeout, Spool.open(directory, MODEL, ROOM));
  }

  private Path ofModel() throws IOException {
    return SpoolDirectory.ofModel(directory, MODEL).toRealPath();
  }

  private static void put(LedgerWriter writer, List<LedgerEntry> entries) {
    for (LedgerEntry entry : entries) {
      assertThat(writer.put(entry, LONG)).isTrue();
    }
  }

  private static long bytes(List<LedgerEntry> entries) {
    return entries.stream().mapToLong(entry -> SpoolRecord.of(entry).length).sum();
  }

  private static void awaitSpooled(LedgerWriter writer, long bytes) {
    while (writer.spooledBytes() < bytes) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void whileTheLedgerIsAwayNothingIsLostThatTheQueueCouldNotHold() throws IOException {
    SwitchedLedger ledger = new SwitchedLedger(true);
    List<LedgerEntry> all = SpoolEntries.known(0, 20 * CAPACITY);
    try (LedgerWriter writer = writer(ledger, LONG)) {
      put(writer, all);
      awaitSpooled(writer, bytes(all));
      assertThatThrownBy(() -> writer.flush(LONG))
          .isInstanceOf(MonitoringException.class)
          .hasMessageContaining("the ledger could not be written: the database is away");
      assertThat(ledger.written).isEmpty();

      ledger.away = false;
      flushInTheEnd(writer);

      assertThat(ledger.written).isEqualTo(all);
      assertThat(ledger.largest).isEqualTo(LedgerWriter.BATCH);
      assertThat(writer.spooledBytes()).isZero();
      assertThat(writer.dropped() + writer.lostOutcomes()).isZero();
    }
    assertThat(ofModel()).isEmptyDirectory();
  }

  /** An attempt that failed before it came back may have been told. */
  private static void flushInTheEnd(LedgerWriter writer) {
    while (true) {
      try {
        writer.flush(LONG);
        return;
      } catch (MonitoringException e) {
        assertThat(e).hasMessageContaining("the database is away");
      }
    }
  }

  @Test
  void whatIsFlushedIsNoLongerOnTheDisk() throws IOException {
    SwitchedLedger ledger = new SwitchedLedger(false);
    try (LedgerWriter writer = writer(ledger, LONG)) {
      for (int i = 0; i < 20; i++) {
        put(writer, SpoolEntries.known(i, i + 1));
        writer.flush(LONG);
        assertThat(ledger.written).isEqualTo(SpoolEntries.known(0, i + 1));
        try (Stream<Path> files = Files.walk(directory)) {
          assertThat(files.filter(file -> file.toString().endsWith(".spool"))).isEmpty();
        }
      }
    }
  }

  @Test
  void whenItsBytesAreThereTheQueueFillsAndGoesOnWhenThereIsRoom() throws Exception {
    SwitchedLedger ledger = new SwitchedLedger(true);
    long room = 20_000;
    Spool spool = Spool.open(directory, MODEL, room);
    try (LedgerWriter writer = new LedgerWriter(ledger, MODEL, 100, LONG, spool)) {
      int taken = 0;
      boolean full = false;
      while (!full) {
        if (writer.put(SpoolEntries.known(taken), Duration.ofMillis(100))) {
          taken++;
        } else {
          full = spool.directory().bytes() > room - 100;
        }
      }
      assertThat(spool.directory().bytes()).isLessThanOrEqualTo(room);
      for (int i = 0; i < 5; i++) {
        writer.offer(new LedgerEntry.Failed("f" + i, 0));
      }
      assertThat(writer.dropped()).isEqualTo(5);

      ledger.away = false;
      put(writer, SpoolEntries.known(taken, taken + 1_000));
      flushInTheEnd(writer);

      assertThat(ledger.written).isEqualTo(SpoolEntries.known(0, taken + 1_000));
      assertThat(writer.dropped()).isEqualTo(5);
      assertThat(writer.lostOutcomes()).isZero();
    }
  }

  @Test
  void whatIsSpooledWhenAMonitorIsClosedIsWrittenByTheNextOne() throws IOException {
    List<LedgerEntry> all = SpoolEntries.known(0, 10_000);
    LedgerWriter first = writer(new SwitchedLedger(true), Duration.ZERO);
    put(first, all.subList(0, 6_000));
    awaitSpooled(first, bytes(all.subList(0, 6_000)));
    first.close();
    assertThat(first.dropped() + first.lostOutcomes()).isZero();
    assertThat(first.spooledBytes()).isEqualTo(bytes(all.subList(0, 6_000)));

    SwitchedLedger ledger = new SwitchedLedger(false);
    try (LedgerWriter second = writer(ledger, LONG)) {
      second.flush(LONG);
      assertThat(ledger.written).isEqualTo(all.subList(0, 6_000));
      put(second, all.subList(6_000, 10_000));
    }
    assertThat(ledger.written).isEqualTo(all);
    assertThat(ofModel()).isEmptyDirectory();
  }

  @Test
  void whatADeadProcessHasLeftComesFirst() throws IOException {
    Spool left = Spool.open(directory, MODEL, ROOM);
    left.write(SpoolEntries.known(0, 9_000));
    left.close();
    left.directory().release();

    SwitchedLedger ledger = new SwitchedLedger(true);
    try (LedgerWriter writer = writer(ledger, LONG)) {
      put(writer, SpoolEntries.known(9_000, 9_500));
      awaitSpooled(writer, bytes(SpoolEntries.known(0, 9_500)));
      ledger.away = false;
      flushInTheEnd(writer);
    }
    assertThat(ledger.written).isEqualTo(SpoolEntries.known(0, 9_500));
  }

  @Test
  void aProcessThatDiesLaterIsTakenOverByAFlush() throws IOException {
    SwitchedLedger ledger = new SwitchedLedger(false);
    Spool other = Spool.open(directory, MODEL, ROOM);
    other.write(SpoolEntries.known(0, 10));
    try (LedgerWriter writer = writer(ledger, LONG)) {
      writer.flush(LONG);
      assertThat(ledger.written).as("it lives").isEmpty();
      other.close();
      other.directory().release();
      writer.flush(LONG);
      assertThat(ledger.written).isEqualTo(SpoolEntries.known(0, 10));
    }
  }

  @Test
  void twoMonitorsOnOneDirectoryKeepApart() throws IOException {
    SwitchedLedger one = new SwitchedLedger(true);
    SwitchedLedger two = new SwitchedLedger(false);
    List<LedgerEntry> ofOne = SpoolEntries.known(0, 500);
    List<LedgerEntry> ofTwo = SpoolEntries.known(500, 1_000);
    LedgerWriter first = writer(one, LONG);
    try (LedgerWriter second = writer(two, LONG)) {
      put(first, ofOne);
      awaitSpooled(first, bytes(ofOne));
      put(second, ofTwo);
      second.flush(LONG);
      assertThat(two.written).isEqualTo(ofTwo);
    }
    one.away = false;
    first.close();
    assertThat(one.written).isEqualTo(ofOne);
    assertThat(two.written).isEqualTo(ofTwo);
    assertThat(ofModel()).isEmptyDirectory();
  }

  @Test
  void anotherModelsSpoolIsNotTouched() throws IOException {
    Spool other = Spool.open(directory, "letters", ROOM);
    other.write(SpoolEntries.known(0, 10));
    other.close();
    other.directory().release();
    SwitchedLedger ledger = new SwitchedLedger(false);
    try (LedgerWriter writer = writer(ledger, LONG)) {
      writer.flush(LONG);
    }
    assertThat(ledger.written).isEmpty();
    assertThat(other.directory().path()).isDirectory();
  }

  @Test
  void whatTheLedgerRefusesIsLeftOutAndCounted() throws IOException {
    SwitchedLedger ledger = new SwitchedLedger(false);
    try (LedgerWriter writer = writer(ledger, LONG)) {
      List<LedgerEntry> good = SpoolEntries.known(0, 100);
      put(writer, good.subList(0, 30));
      put(writer, List.of(new LedgerEntry.Known("p", "bad", 0)));
      put(writer, good.subList(30, 100));
      writer.flush(LONG);
      assertThat(ledger.written).isEqualTo(good);
      assertThat(writer.lostOutcomes()).isEqualTo(1);
    }
  }

  @Test
  void whatIsTornIsLeftOutAndWhatIsDamagedIsKeptAsideAndCounted() throws IOException {
    Spool left = Spool.open(directory, MODEL, ROOM);
    left.write(SpoolEntries.known(0, 10));
    left.roll();
    left.write(SpoolEntries.known(10, 20));
    left.close();
    left.directory().release();
    long record = SpoolRecord.of(SpoolEntries.known(3)).length;
    try (RandomAccessFile first = file(left, 1);
        RandomAccessFile second = file(left, 2)) {
      first.seek(SpoolSegment.HEAD + 4 * record - 1);
      first.write('!');
      second.setLength(second.length() - 1);
    }

    SwitchedLedger ledger = new SwitchedLedger(false);
    try (LedgerWriter writer = writer(ledger, LONG)) {
      writer.flush(LONG);
      List<LedgerEntry> expected = new ArrayList<>(SpoolEntries.known(0, 19));
      expected.remove(3);
      assertThat(ledger.written).isEqualTo(expected);
      assertThat(writer.dropped()).isEqualTo(1);
    }
    try (Stream<Path> files = Files.list(ofModel())) {
      assertThat(files)
          .singleElement()
          .satisfies(
              file -> {
                assertThat(file.toString()).endsWith("-1-" + (24 + 3 * record) + ".corrupt");
                assertThat(file).hasSize(record);
              });
    }
  }

  private static RandomAccessFile file(Spool spool, int number) throws IOException {
    return new RandomAccessFile(
        spool.directory().path().resolve("000000000000000" + number + ".spool").toFile(), "rw");
  }

  @Test
  void ofALaterFormItStaysThere() throws IOException {
    Spool left = Spool.open(directory, MODEL, ROOM);
    left.write(SpoolEntries.known(0, 10));
    left.close();
    left.directory().release();
    try (RandomAccessFile file = file(left, 1)) {
      file.seek(11);
      file.write(2);
    }
    SwitchedLedger ledger = new SwitchedLedger(false);
    try (LedgerWriter writer = writer(ledger, LONG)) {
      put(writer, SpoolEntries.known(10, 20));
      writer.flush(LONG);
    }
    assertThat(ledger.written).isEqualTo(SpoolEntries.known(10, 20));
    assertThat(SpoolDirectory.others(ofModel())).containsExactly(left.directory().path());
  }

  @Test
  void aSpoolThatCannotBeWrittenKeepsItInTheQueueAndTriesAgain() throws IOException {
    SwitchedLedger ledger = new SwitchedLedger(false);
    Spool spool = Spool.open(directory, MODEL, ROOM);
    Path path = spool.directory().path();
    Path away = path.resolveSibling("away");
    Files.move(path, away);
    try (LedgerWriter writer = new LedgerWriter(ledger, MODEL, 100, LONG, spool)) {
      put(writer, SpoolEntries.known(0, 50));
      assertThatThrownBy(() -> writer.flush(Duration.ofMillis(200)))
          .isInstanceOf(MonitoringException.class);
      for (int i = 0; i < 200; i++) {
        writer.offer(new LedgerEntry.Failed("f" + i, 0));
      }
      assertThat(writer.dropped()).as("the queue holds 100").isBetween(50L, 199L);
      Files.move(away, path);
      while (ledger.written.size() < 50) {
        LockSupport.parkNanos(1_000_000);
      }
      assertThat(ledger.written.subList(0, 50)).isEqualTo(SpoolEntries.known(0, 50));
      writer.flush(LONG);
      assertThat(ledger.written.size() + writer.dropped()).isEqualTo(250);
    }
  }

  @Test
  void aCloseWithASpoolThatCannotBeWrittenSaysWhatIsLost() throws IOException {
    Spool spool = Spool.open(directory, MODEL, ROOM);
    Path path = spool.directory().path();
    Files.move(path, path.resolveSibling("away"));
    LedgerWriter writer =
        new LedgerWriter(new SwitchedLedger(false), MODEL, 100, Duration.ZERO, spool);
    put(writer, SpoolEntries.known(0, 3));

    assertThatThrownBy(writer::close)
        .isInstanceOf(MonitoringException.class)
        .hasMessageContaining("3 outcomes and 0 predictions are lost");
  }

  @Test
  void aSegmentThatSomebodyDeletesIsCountedAndHoldsUpNothing() throws Exception {
    SwitchedLedger ledger = new SwitchedLedger(true);
    Spool spool = Spool.open(directory, MODEL, ROOM);
    try (LedgerWriter writer = new LedgerWriter(ledger, MODEL, 100, LONG, spool)) {
      put(writer, SpoolEntries.known(0, 10));
      ledger.failed.await();
      assertThatThrownBy(() -> writer.flush(LONG)).hasMessageContaining("away");
      put(writer, SpoolEntries.known(10, 20));
      awaitSpooled(writer, bytes(SpoolEntries.known(0, 20)));
      assertThatThrownBy(() -> writer.flush(LONG)).hasMessageContaining("away");
      put(writer, SpoolEntries.known(20, 30));
      awaitSpooled(writer, bytes(SpoolEntries.known(0, 30)));
      SpoolSegment last = List.copyOf(spool.directory().segments()).get(1);
      Files.delete(last.file());
      ledger.away = false;
      flushInTheEnd(writer);
      assertThat(writer.dropped()).isEqualTo(last.entries());
      assertThat(ledger.written.size() + writer.dropped()).isEqualTo(30);
      assertThat(ledger.written).endsWith(SpoolEntries.known(29));
    }
  }
}
