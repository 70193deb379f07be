package dev.mlops4j.feature;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Events of one key that come and go, each with a number of its own, its slot, while it is there.
 * Not safe for use by several threads.
 */
final class EventSlots implements EventTable {

  private static final int FIRST_CAPACITY = 16;

  private @Nullable FeatureEvent[] events;

  /** Slots below {@link #used} that are free again. */
  private int[] freed = new int[FIRST_CAPACITY];

  private int free;
  private int used;

  /** Begins with these, in the slots from 0 on. */
  EventSlots(List<FeatureEvent> begin) {
    this.events = begin.toArray(new FeatureEvent[Math.max(FIRST_CAPACITY, begin.size())]);
    this.used = begin.size();
  }

  /** Gives an event a slot. */
  int take(FeatureEvent event) {
    if (free == 0 && used == events.length) {
      events = Arrays.copyOf(events, used + used / 2);
    }
    int slot = free > 0 ? freed[--free] : used++;
    events[slot] = event;
    return slot;
  }

  /** Lets go of the event in a slot. */
  void free(int slot) {
    events[slot] = null;
    if (free == freed.length) {
      freed = Arrays.copyOf(freed, free * 2);
    }
    freed[free++] = slot;
  }

  private boolean isFree(int slot) {
    return events[slot] == null;
  }

  FeatureEvent get(int slot) {
    FeatureEvent event = events[slot];
    if (event == null) {
      throw new IllegalStateException("slot " + slot + " is free");
    }
    return event;
  }

  /** Compares the events in two slots. */
  int compare(int one, int other) {
    return get(one).compareTo(get(other));
  }

  /** All slots in their order. */
  Order all() {
    return new Order(used);
  }

  @Override
  public int size() {
    return used - free;
  }

  @Override
  public long eventTime(int slot) {
    return get(slot).eventTime();
  }

  @Override
  public long known(int slot) {
    return get(slot).known();
  }

  @Override
  public @Nullable Object value(int slot, int column) {
    return get(slot).values()[column];
  }

  @Override
  public boolean isNull(int slot, int column) {
    return get(slot).values()[column] == null;
  }

  @Override
  public double number(int slot, int column) {
    return EventTable.number(get(slot).values()[column]);
  }

  /** Slots in some order. */
  final class Order {

    private int[] slots;
    private int size;

    private Order(int size) {
      this.slots = new int[Math.max(FIRST_CAPACITY, size)];
      Arrays.setAll(slots, slot -> slot);
      this.size = size;
    }

    int size() {
      return size;
    }

    int slot(int place) {
      return slots[place];
    }

    void sort(RowSort.Comparison comparison) {
      RowSort.sort(slots, 0, size, comparison);
    }

    /** The first place whose slot is so, and all after it; the size if there is none. */
    int first(IntPredicate isSo) {
      int low = 0;
      int high = size;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (isSo.test(slots[middle])) {
          high = middle;
        } else {
          low = middle + 1;
        }
      }
      return low;
    }

    void insert(int place, int slot) {
      if (size == slots.length) {
        slots = Arrays.copyOf(slots, size + size / 2);
      }
      System.arraycopy(slots, place, slots, place + 1, size - place);
      slots[place] = slot;
      size++;
    }

    void removeFirst(int count) {
      size -= count;
      System.arraycopy(slots, count, slots, 0, size);
    }

    /** Takes out the slots that are free; returns how many of them were in places before this. */
    int removeFree(int before) {
      int kept = 0;
      int keptBefore = 0;
      for (int i = 0; i < size; i++) {
        if (!isFree(slots[i])) {
          slots[kept++] = slots[i];
          keptBefore += i < before ? 1 : 0;
        }
      }
      size = kept;
      return before - keptBefore;
    }
  }
}
