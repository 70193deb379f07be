package dev.mlops4j.feature;

import dev.mlops4j.data.Field;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The events of a view at one moment, by key, each key's in ascending order. In columns: some
 * twenty bytes an event and eight for each value. Immutable, safe for any number of threads.
 */
final class EventIndex {

  private static final EventTable NONE = EventTable.of(List.of());

  private final Map<EntityKey, Slice> keys;
  private final int size;

  private EventIndex(Map<EntityKey, Slice> keys, int size) {
    this.keys = keys;
    this.size = size;
  }

  /** The events of this key. */
  EventTable of(EntityKey key) {
    EventTable found = keys.get(key);
    return found == null ? NONE : found;
  }

  int size() {
    return size;
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

  /** Takes events in any order. Events of one time and known time keep the order they came in. */
  static final class Builder {

    private final Map<EntityKey, Integer> groups = new HashMap<>();
    private final ValueColumn[] columns;
    private int[] groupOf = new int[1024];
    private long[] eventTimes = new long[1024];
    private long[] knowns = new long[1024];
    private int size;
    private @Nullable EntityKey lastKey;
    private int lastGroup;

    Builder(FeatureView view) {
      this.columns =
          view.columns().stream()
              .map(Field::type)
              .map(ValueColumn::new)
              .toArray(ValueColumn[]::new);
    }

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

    ValueColumn[] columns() {
      return columns;
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
      Map<EntityKey, Slice> keys = new HashMap<>(groups.size() * 2);
      for (Map.Entry<EntityKey, Integer> group : groups.entrySet()) {
        int begin = ends[group.getValue()];
        int end = ends[group.getValue() + 1];
        RowSort.sort(rows, begin, end, this::compare);
        keys.put(group.getKey(), new Slice(rows, begin, end, eventTimes, knowns, columns));
      }
      return new EventIndex(keys, size);
    }

    private int compare(int one, int other) {
      int byTime = Long.compare(eventTimes[one], eventTimes[other]);
      return byTime != 0 ? byTime : Long.compare(knowns[one], knowns[other]);
    }
  }

  /** The events of one key: some rows of the columns. */
  @SuppressWarnings("ArrayRecordComponent") // shared by all keys, never compared
  private record Slice(
      int[] rows, int begin, int end, long[] eventTimes, long[] knowns, ValueColumn[] columns)
      implements EventTable {

    @Override
    public int size() {
      return end - begin;
    }

    @Override
    public long eventTime(int position) {
      return eventTimes[rows[begin + position]];
    }

    @Override
    public long known(int position) {
      return knowns[rows[begin + position]];
    }

    @Override
    public @Nullable Object value(int position, int column) {
      return columns[column].get(rows[begin + position]);
    }

    @Override
    public boolean isNull(int position, int column) {
      return columns[column].isNull(rows[begin + position]);
    }

    @Override
    public double number(int position, int column) {
      return columns[column].number(rows[begin + position]);
    }
  }
}
