package dev.mlops4j.feature;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The events of a view in temporary files, read page by page. In memory are the first of every so
 * many keys, and the pages read last. Keys are numbered in the order of their bytes, in which their
 * events lie, so that questions asked key by key read the files in their order.
 */
final class DiskIndex extends EventIndex {

  /** What an array of bytes costs beside them, and its place in a list. */
  private static final int KEY_BYTES = 40;

  /** The events, and their values of other sizes. */
  private static final int PAGED_FILES = 2;

  private final SpilledEvents events;
  private final RunFiles files;
  private final Run run;
  private final int blockKeys;
  private final int width;
  private final int pageEvents;

  /** The block that a key's events were last looked up in. */
  private volatile @Nullable Numbered lastBlock;

  private record Numbered(int number, KeyBlock block) {}

  DiskIndex(SpilledEvents events, RunFiles files, Run run, HistoryLimits limits) {
    this.events = events;
    this.files = files;
    this.run = run;
    this.blockKeys = limits.blockKeys();
    this.width = events.layout().width();
    this.pageEvents = Math.max(1, limits.pageBytes() / width);
  }

  /** Each different key is looked for once, in the order in which they lie in the file. */
  @Override
  int[] numbers(@Nullable EntityKey[] keys) {
    Map<EntityKey, Integer> places = new HashMap<>();
    List<byte[]> bytes = new ArrayList<>();
    int[] placeOf = new int[keys.length];
    for (int row = 0; row < keys.length; row++) {
      EntityKey key = keys[row];
      Integer place = key == null ? Integer.valueOf(-1) : places.get(key);
      if (key != null && place == null) {
        place = bytes.size();
        places.put(key, place);
        bytes.add(key.toBytes());
      }
      placeOf[row] = place == null ? -1 : place;
    }
    int[] numbers = numbers(bytes);
    for (int row = 0; row < placeOf.length; row++) {
      placeOf[row] = placeOf[row] < 0 ? -1 : numbers[placeOf[row]];
    }
    return placeOf;
  }

  private int[] numbers(List<byte[]> keys) {
    int[] order = new int[keys.size()];
    Arrays.setAll(order, i -> i);
    RowSort.sort(
        order, 0, order.length, (a, b) -> Arrays.compareUnsigned(keys.get(a), keys.get(b)));
    int[] numbers = new int[order.length];
    int blockNumber = -1;
    @Nullable KeyBlock block = null;
    for (int key : order) {
      int wanted = blockOf(keys.get(key), Math.max(0, blockNumber));
      if (wanted >= 0 && wanted != blockNumber) {
        blockNumber = wanted;
        block = KeyBlock.read(files.keys(), run.blocksAt()[wanted]);
      }
      int found = wanted < 0 || block == null ? -1 : block.find(keys.get(key));
      numbers[key] = found < 0 ? -1 : wanted * blockKeys + found;
    }
    return numbers;
  }

  /** The last block, from this one on, that does not begin after the key; -1 if there is none. */
  private int blockOf(byte[] key, int from) {
    int low = from;
    int high = run.blocks().size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Arrays.compareUnsigned(run.blocks().get(middle), key) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  @Override
  int keyCount() {
    return run.keys();
  }

  /** The events of a key; not safe for use by several threads, though the index is. */
  @Override
  EventTable events(int number) {
    int blockNumber = number / blockKeys;
    Numbered last = lastBlock;
    if (last == null || last.number != blockNumber) {
      last = new Numbered(blockNumber, KeyBlock.read(files.keys(), run.blocksAt()[blockNumber]));
      lastBlock = last;
    }
    int key = number % blockKeys;
    long begin = last.block.start(key);
    long size = last.block.start(key + 1) - begin;
    if (size > Integer.MAX_VALUE) {
      throw new FeatureDataException(
          events.view().name(), "one key has " + size + " events; the most are 2,147,483,647");
    }
    return new Table(begin, (int) size);
  }

  @Override
  long heldBytes() {
    long held = (long) PAGED_FILES * SpillFile.MOST_PAGES * pageEvents * width;
    for (byte[] key : run.blocks()) {
      held += KEY_BYTES + key.length;
    }
    return held;
  }

  @Override
  public void close() {
    try (events) {
      files.close();
    }
  }

  /**
   * The events of one key. Two pages are at hand, because a pass over the events looks at two
   * places: where events come into its windows, and where they leave.
   */
  private final class Table implements EventTable {

    private final long begin;
    private final int size;
    private long pageNumber = -1;
    private byte[] page = {};
    private long otherNumber = -1;
    private byte[] other = {};

    Table(long begin, int size) {
      this.begin = begin;
      this.size = size;
    }

    /** Makes the page with the event the one at hand; returns where in it the event is. */
    private int at(int position) {
      long number = begin + position;
      long wanted = number / pageEvents;
      if (wanted != pageNumber) {
        byte[] found =
            wanted == otherNumber ? other : files.events().page(wanted, pageEvents * width);
        otherNumber = pageNumber;
        other = page;
        pageNumber = wanted;
        page = found;
      }
      return (int) (number % pageEvents) * width;
    }

    @Override
    public int size() {
      return size;
    }

    @Override
    public long eventTime(int position) {
      int at = at(position);
      return EventBytes.eventTime(page, at);
    }

    @Override
    public long known(int position) {
      int at = at(position);
      return EventBytes.known(page, at);
    }

    @Override
    public @Nullable Object value(int position, int column) {
      int at = at(position);
      return events.value(page, at, column);
    }

    @Override
    public boolean isNull(int position, int column) {
      int at = at(position);
      return EventBytes.isNull(page, at, column);
    }

    @Override
    public double number(int position, int column) {
      int at = at(position);
      return events.number(page, at, column);
    }
  }
}
