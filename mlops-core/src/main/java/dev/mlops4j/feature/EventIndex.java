package dev.mlops4j.feature;

import dev.mlops4j.data.Column;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.RowSource;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The events of a view at one moment, by key, each key's in ascending order. In columns: some
 * twenty bytes an event and eight for each value, and arrays beside them. Immutable, safe for any
 * number of threads.
 */
final class EventIndex {

  private final Map<EntityKey, Integer> groups;
  private final List<EventTable> tables;

  private EventIndex(Map<EntityKey, Integer> groups, List<EventTable> tables) {
    this.groups = groups;
    this.tables = tables;
  }

  /** The number of a key that has events, from 0; -1 for one that has none. */
  int number(EntityKey key) {
    Integer number = groups.get(key);
    return number == null ? -1 : number;
  }

  /** How many keys have events. */
  int keyCount() {
    return tables.size();
  }

  /** The events of the key of this number. */
  EventTable events(int number) {
    return tables.get(number);
  }

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
   * The index of what a source has. Events of one time and known time have the order of their ids;
   * of those with one id the first counts.
   */
  static EventIndex of(FeatureView view, RowSource source) {
    Builder index = new Builder(view);
    EventReader reader = new EventReader(view);
    source.read(Instant.MIN, Instant.MAX, rows -> reader.addTo(index, rows));
    return index.build();
  }

  /** Takes events in any order, and makes one index; not safe for use by several threads. */
  static final class Builder {

    private final FeatureView view;
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

    Builder(FeatureView view) {
      this.view = view;
      this.columns =
          view.columns().stream()
              .map(Field::type)
              .map(ValueColumn::new)
              .toArray(ValueColumn[]::new);
    }

    /** Adds an event after all those of its time and known time that are less than it. */
    void add(FeatureEvent event) {
      add(event.key(), event.eventTime(), event.known());
      for (int i = 0; i < columns.length; i++) {
        columns[i].add(event.values()[i]);
      }
    }

    /** Adds an event whose values follow, by {@link #columns}. */
    void add(EntityKey key, long eventTime, long known) {
      if (size == groupOf.length) {
        groupOf = Arrays.copyOf(groupOf, size * 2);
        eventTimes = Arrays.copyOf(eventTimes, size * 2);
        knowns = Arrays.copyOf(knowns, size * 2);
      }
      if (!key.equals(lastKey)) {
        lastKey = key;
        lastGroup = groups.computeIfAbsent(key, k -> groups.size());
      }
      groupOf[size] = lastGroup;
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
    }

    EventIndex build() {
      int[] ends = new int[groups.size() + 1];
      for (int row = 0; row < size; row++) {
        ends[groupOf[row] + 1]++;
      }
      for (int group = 0; group < groups.size(); group++) {
        ends[group + 1] += ends[group];
      }
      int[] next = Arrays.copyOf(ends, groups.size());
      int[] rows = new int[size];
      for (int row = 0; row < size; row++) {
        rows[next[groupOf[row]]++] = row;
      }
      int[] lasts = new int[groups.size()];
      for (Map.Entry<EntityKey, Integer> group : groups.entrySet()) {
        int begin = ends[group.getValue()];
        int end = ends[group.getValue() + 1];
        RowSort.sort(rows, begin, end, this::compare);
        lasts[group.getValue()] = unordered ? orderTies(group.getKey(), rows, begin, end) : end;
      }
      long[] sortedTimes = ValueColumn.select(eventTimes, rows);
      long[] sortedKnowns = ValueColumn.select(knowns, rows);
      for (ValueColumn column : columns) {
        column.select(rows);
      }
      EventTable[] tables = new EventTable[groups.size()];
      for (int group = 0; group < tables.length; group++) {
        tables[group] = new Slice(ends[group], lasts[group], sortedTimes, sortedKnowns, columns);
      }
      return new EventIndex(groups, List.of(tables));
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
        NavigableMap<String, Integer> byId = new TreeMap<>(FeatureEvent::compareText);
        for (int i = first; i < next; i++) {
          byId.putIfAbsent(id(key, rows[i]), rows[i]);
        }
        for (int row : byId.values()) {
          rows[kept++] = row;
        }
      }
      return kept;
    }

    private String id(EntityKey key, int row) {
      Map.Entry<Integer, Column> stated = ids.floorEntry(row);
      if (stated != null) {
        return String.valueOf(stated.getValue().get(row - stated.getKey()));
      }
      @Nullable Object[] values = new @Nullable Object[columns.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = columns[i].get(row);
      }
      return EventReader.contentId(
          new EventCodec(view), new FeatureEvent(key, eventTimes[row], knowns[row], "", values));
    }

    private int compare(int one, int other) {
      int byTime = Long.compare(eventTimes[one], eventTimes[other]);
      return byTime != 0 ? byTime : Long.compare(knowns[one], knowns[other]);
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
