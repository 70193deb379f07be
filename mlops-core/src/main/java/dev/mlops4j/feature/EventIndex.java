package dev.mlops4j.feature;

import dev.mlops4j.data.Column;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.RowSource;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The events of a view at one moment, by key, each key's in ascending order: in memory, in columns
 * of some twenty bytes an event and eight for each value, or, where that is more than is given to
 * them, in temporary files. Immutable, safe for any number of threads until it is closed.
 */
abstract sealed class EventIndex implements AutoCloseable permits EventIndex.InMemory, DiskIndex {

  /** The number of each of these keys, from 0; -1 for one that has no events, or is null. */
  abstract int[] numbers(@Nullable EntityKey[] keys);

  /** How many keys have events. */
  abstract int keyCount();

  /** The events of the key of this number. */
  abstract EventTable events(int number);

  /** About how many bytes of the heap it takes, for as long as it is there. */
  abstract long heldBytes();

  /** Deletes its files, if it has some; nobody can read it any more. */
  @Override
  public abstract void close();

  /** Shows ascending events from the last whose event time is at most {@code latest} downwards. */
  static void descend(List<FeatureEvent> ascending, long latest, OnlineStore.Visitor visitor) {
    int low = 0;
    int high = ascending.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ascending.get(middle).eventTime() <= latest) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    for (int i = low - 1; i >= 0; i--) {
      if (!visitor.visit(ascending.get(i))) {
        return;
      }
    }
  }

  /**
   * Takes events in any order, and makes one index; not safe for use by several threads. Closed
   * before it has made one, it deletes what it has written.
   */
  static final class Builder implements AutoCloseable {

    private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

    /** What an event has beside its values: its times, and numbers to sort it by. */
    private static final int EVENT_BYTES = 24;

    /** What a key costs: its object, its place among the keys, and its events as a table. */
    private static final int KEY_BYTES = 200;

    /** What the id of an event costs, most of which are different. */
    private static final int ID_BYTES = 100;

    /** After how many events it is seen again whether they are too many. */
    private static final int LOOK_AFTER = 1024;

    private final FeatureView view;
    private final HistoryLimits limits;
    private final Map<EntityKey, Integer> groups = new HashMap<>();
    private final ValueColumn[] columns;

    /** The ids of the rows from a number on, of views that state them: looked at in ties only. */
    private final NavigableMap<Integer, Column> ids = new TreeMap<>();

    private boolean unordered;
    private int[] groupOf = new int[1024];
    private long[] eventTimes = new long[1024];
    private long[] knowns = new long[1024];
    private int size;
    private @Nullable EntityKey lastKey;
    private int lastGroup;
    private int lookAt;
    private @Nullable SpilledRuns spilled;

    Builder(FeatureView view, HistoryLimits limits) {
      this.view = view;
      this.limits = limits;
      this.lookAt = Math.min(limits.events(), LOOK_AFTER);
      this.columns =
          view.columns().stream()
              .map(Field::type)
              .map(ValueColumn::new)
              .toArray(ValueColumn[]::new);
    }

    /** Adds an event after all those of its time and known time that are less than it. */
    void add(FeatureEvent event) {
      add(group(event.key()), event.eventTime(), event.known());
      for (int i = 0; i < columns.length; i++) {
        columns[i].add(event.values()[i]);
      }
      spillIfTooMany();
    }

    /**
     * Adds what a source has. Events of one time and known time have the order of their ids. Of a
     * key's events with one id the first in the order of events counts, so that the order of the
     * source's rows, which it need not keep, decides nothing unless both times are the same.
     */
    void addAll(RowSource source) {
      long[] read = {0};
      source.read(
          Instant.MIN,
          Instant.MAX,
          rows -> {
            new EventReader(view, rowsInPlace(read[0])).addTo(this, rows);
            read[0] += rows.rowCount();
          });
    }

    private static EventReader.Rows rowsInPlace(long first) {
      return new EventReader.Rows(
          "what its source has in place", first, "and no training set can be made of it");
    }

    /** The number by which events of this key are added, until the next {@link #addValues}. */
    int group(EntityKey key) {
      if (!key.equals(lastKey)) {
        lastKey = key;
        lastGroup = groups.computeIfAbsent(key, k -> groups.size());
      }
      return lastGroup;
    }

    /** Adds an event whose values follow, by {@link #addValues}. */
    void add(int group, long eventTime, long known) {
      if (size == groupOf.length) {
        int larger = (int) Math.min(size * 2L, LARGEST_ARRAY);
        groupOf = Arrays.copyOf(groupOf, larger);
        eventTimes = Arrays.copyOf(eventTimes, larger);
        knowns = Arrays.copyOf(knowns, larger);
      }
      groupOf[size] = group;
      eventTimes[size] = eventTime;
      knowns[size] = known;
      size++;
    }

    /** Adds the values of rows that were added, in the view's order of columns. */
    void addValues(List<Column> values, @Nullable Column eventIds) {
      unordered = true;
      for (int i = 0; i < columns.length; i++) {
        columns[i].addAll(values.get(i));
      }
      if (eventIds != null) {
        ids.put(size - eventIds.size(), eventIds);
      }
      spillIfTooMany();
    }

    private void spillIfTooMany() {
      if (size < lookAt) {
        return;
      }
      if (size >= limits.events() || heldBytes() >= limits.bytes()) {
        spill();
      }
      lookAt = Math.min(limits.events(), size + LOOK_AFTER);
    }

    private long heldBytes() {
      long held = (long) size * (EVENT_BYTES + Long.BYTES * columns.length);
      for (ValueColumn column : columns) {
        held += column.heldBeside();
      }
      if (!ids.isEmpty()) {
        held += (long) size * ID_BYTES;
      }
      return held + (long) groups.size() * KEY_BYTES;
    }

    /** Writes all that is held to disk, by the bytes of the keys, and begins anew. */
    private void spill() {
      SpilledRuns runs = spilled;
      if (runs == null) {
        runs = new SpilledRuns(view, limits, unordered);
        spilled = runs;
      }
      Grouped grouped = new Grouped();
      EntityKey[] keys = new EntityKey[groups.size()];
      groups.forEach((key, group) -> keys[group] = key);
      byte[][] bytes = new byte[keys.length][];
      Arrays.setAll(bytes, group -> keys[group].toBytes());
      int[] order = new int[keys.length];
      Arrays.setAll(order, i -> i);
      RowSort.sort(order, 0, order.length, (a, b) -> Arrays.compareUnsigned(bytes[a], bytes[b]));
      runs.beginBatch();
      for (int group : order) {
        for (int i = grouped.ends[group]; i < grouped.lasts[group]; i++) {
          int row = grouped.rows[i];
          runs.add(bytes[group], eventTimes[row], knowns[row], columns, row, statedId(row));
        }
      }
      clear();
    }

    private void clear() {
      groups.clear();
      for (ValueColumn column : columns) {
        column.clear();
      }
      ids.clear();
      size = 0;
      lastKey = null;
    }

    /** Deletes what was written, unless an index was built of it. */
    @Override
    public void close() {
      if (spilled != null) {
        spilled.close();
      }
    }

    EventIndex build() {
      SpilledRuns runs = spilled;
      if (runs == null) {
        return inMemory();
      }
      if (size > 0) {
        spill();
      }
      return runs.build();
    }

    private InMemory inMemory() {
      long held = heldBytes();
      Grouped grouped = new Grouped();
      long[] sortedTimes = ValueColumn.select(eventTimes, grouped.rows);
      long[] sortedKnowns = ValueColumn.select(knowns, grouped.rows);
      for (ValueColumn column : columns) {
        column.select(grouped.rows);
      }
      EventTable[] tables = new EventTable[groups.size()];
      for (int group = 0; group < tables.length; group++) {
        tables[group] =
            new Slice(
                grouped.ends[group], grouped.lasts[group], sortedTimes, sortedKnowns, columns);
      }
      return new InMemory(groups, List.of(tables), held);
    }

    /** The rows of each key in order, from its place in {@link #ends} to that in {@link #lasts}. */
    private final class Grouped {

      private final int[] rows = new int[size];
      private final int[] ends = new int[groups.size() + 1];
      private final int[] lasts = new int[groups.size()];

      Grouped() {
        for (int row = 0; row < size; row++) {
          ends[groupOf[row] + 1]++;
        }
        for (int group = 0; group < groups.size(); group++) {
          ends[group + 1] += ends[group];
        }
        int[] next = Arrays.copyOf(ends, groups.size());
        for (int row = 0; row < size; row++) {
          rows[next[groupOf[row]]++] = row;
        }
        for (Map.Entry<EntityKey, Integer> group : groups.entrySet()) {
          int begin = ends[group.getValue()];
          int end = ends[group.getValue() + 1];
          RowSort.sort(rows, begin, end, Builder.this::compare);
          int last = unordered ? orderTies(group.getKey(), rows, begin, end) : end;
          lasts[group.getValue()] = ids.isEmpty() ? last : keepFirstOfId(rows, begin, last);
        }
      }
    }

    /** Puts rows of one time and known time in the order of their ids, each id once. */
    private int orderTies(EntityKey key, int[] rows, int begin, int end) {
      int kept = begin;
      int next = begin;
      while (next < end) {
        int first = next++;
        while (next < end && compare(rows[first], rows[next]) == 0) {
          next++;
        }
        if (next - first == 1) {
          rows[kept++] = rows[first];
          continue;
        }
        kept = orderById(key, rows, first, next, kept);
      }
      return kept;
    }

    /** Puts the rows of one time in the order of their ids, each id once, from {@code to} on. */
    private int orderById(EntityKey key, int[] rows, int begin, int end, int to) {
      int[] tied = Arrays.copyOfRange(rows, begin, end);
      String[] ids = new String[tied.length];
      int[] order = new int[tied.length];
      for (int i = 0; i < tied.length; i++) {
        ids[i] = id(key, tied[i]);
        order[i] = i;
      }
      RowSort.sort(order, 0, order.length, (a, b) -> FeatureEvent.compareText(ids[a], ids[b]));
      int kept = to;
      for (int i = 0; i < order.length; i++) {
        if (i == 0 || !ids[order[i]].equals(ids[order[i - 1]])) {
          rows[kept++] = tied[order[i]];
        }
      }
      return kept;
    }

    /** Keeps the first row of each stated id. */
    private int keepFirstOfId(int[] rows, int begin, int end) {
      if (end - begin < 2) {
        return end;
      }
      Set<String> seen = new HashSet<>();
      int kept = begin;
      for (int i = begin; i < end; i++) {
        if (seen.add(Objects.requireNonNull(statedId(rows[i])))) {
          rows[kept++] = rows[i];
        }
      }
      return kept;
    }

    private @Nullable String statedId(int row) {
      Map.Entry<Integer, Column> stated = ids.floorEntry(row);
      return stated == null ? null : String.valueOf(stated.getValue().get(row - stated.getKey()));
    }

    private String id(EntityKey key, int row) {
      String stated = statedId(row);
      if (stated != null) {
        return stated;
      }
      @Nullable Object[] values = new @Nullable Object[columns.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = columns[i].get(row);
      }
      return new ContentIds()
          .of(
              new EventCodec(view),
              new FeatureEvent(key, eventTimes[row], knowns[row], "", values));
    }

    private int compare(int one, int other) {
      int byTime = Long.compare(eventTimes[one], eventTimes[other]);
      return byTime != 0 ? byTime : Long.compare(knowns[one], knowns[other]);
    }
  }

  /** The events in columns on the heap. */
  static final class InMemory extends EventIndex {

    private final Map<EntityKey, Integer> groups;
    private final List<EventTable> tables;
    private final long heldBytes;

    private InMemory(Map<EntityKey, Integer> groups, List<EventTable> tables, long heldBytes) {
      this.groups = groups;
      this.tables = tables;
      this.heldBytes = heldBytes;
    }

    @Override
    int[] numbers(@Nullable EntityKey[] keys) {
      int[] numbers = new int[keys.length];
      for (int row = 0; row < numbers.length; row++) {
        EntityKey key = keys[row];
        Integer number = key == null ? null : groups.get(key);
        numbers[row] = number == null ? -1 : number;
      }
      return numbers;
    }

    @Override
    int keyCount() {
      return tables.size();
    }

    @Override
    EventTable events(int number) {
      return tables.get(number);
    }

    @Override
    long heldBytes() {
      return heldBytes;
    }

    @Override
    public void close() {
      // The heap is let go of by itself.
    }
  }

  /** The events of one key: some rows of the columns, which lie side by side. */
  @SuppressWarnings("ArrayRecordComponent") // shared by all keys, never compared
  private record Slice(int begin, int end, long[] eventTimes, long[] knowns, ValueColumn[] columns)
      implements EventTable {

    @Override
    public int size() {
      return end - begin;
    }

    @Override
    public long eventTime(int position) {
      return eventTimes[begin + position];
    }

    @Override
    public long known(int position) {
      return knowns[begin + position];
    }

    @Override
    public @Nullable Object value(int position, int column) {
      return columns[column].get(begin + position);
    }

    @Override
    public boolean isNull(int position, int column) {
      return columns[column].isNull(begin + position);
    }

    @Override
    public double number(int position, int column) {
      return columns[column].number(begin + position);
    }
  }
}
