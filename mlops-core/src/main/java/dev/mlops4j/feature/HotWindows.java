package dev.mlops4j.feature;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The windows of the keys asked for last, if there is much in them, brought up to each lookup by
 * what has changed since the last. They are only used while they have come to the key's number of
 * changes, which the lookup sees in its own snapshot of the store; so they stay right whoever else
 * writes to it. Otherwise the events are read anew, aside, so that nobody waits for it. Bounded by
 * {@link #MOST_EVENTS} in all. Safe for any number of threads.
 */
final class HotWindows implements NumberedStore.Listener {

  /**
   * How many events are held for all keys: counted once, and once more for each feature that keeps
   * them in an order or a map of their values.
   */
  static final int MOST_EVENTS = 250_000;

  /** From how many events on it is worth to keep windows; fewer are as fast added up anew. */
  private static final int WORTH_KEEPING = 32;

  /**
   * How many events may wait for a key's next lookup, which puts them in their places one by one;
   * of more, the events are read anew.
   */
  private static final int MOST_WAITING = 1_000;

  /** After how many questions about moments out of reach in a row the windows go there. */
  private static final int MOST_MISSES = 16;

  private final Map<Name, Kept> kept = new ConcurrentHashMap<>();
  private final AtomicLong held = new AtomicLong();
  private final AtomicBoolean evicting = new AtomicBoolean();
  private final int mostEvents;
  private final int worthKeeping;

  HotWindows() {
    this(MOST_EVENTS, WORTH_KEEPING);
  }

  /**
   * Keeps as much as is said.
   *
   * @param worthKeeping from how many events that a lookup has to look at
   */
  HotWindows(int mostEvents, int worthKeeping) {
    this.mostEvents = mostEvents;
    this.worthKeeping = worthKeeping;
  }

  private record Name(FeatureView view, EntityKey key) {}

  /** Whether there is use in it to keep the windows of a moment that is asked about now. */
  static boolean isWorthKeeping(Evaluator evaluator, long t, long now) {
    long widest = evaluator.widest();
    // Of moments further back there may be too much that came after them.
    return widest > 0
        && t > Micros.minus(now, widest)
        && evaluator.isRetained(Micros.minus(t, widest), now);
  }

  /**
   * What the features of a key are at a moment, to be asked of the store that this listens to.
   *
   * @param t a moment that {@link #isWorthKeeping}
   */
  Evaluator.Asked ask(Evaluator evaluator, EntityKey key, long t, long now) {
    return new Lookup(evaluator, new Name(evaluator.view(), key), t, now);
  }

  @Override
  public void changed(FeatureView view, EntityKey key, NumberedStore.Change change) {
    if (kept.isEmpty()) {
      return;
    }
    Name name = new Name(view, key);
    Kept found = kept.get(name);
    if (found != null) {
      if (!found.offer(change)) {
        remove(name, found);
      }
      evict();
    }
  }

  @Override
  public void erased(FeatureView view, EntityKey key) {
    Name name = new Name(view, key);
    Kept found = kept.get(name);
    if (found != null) {
      remove(name, found);
    }
  }

  /** How many events are held, for tests. */
  long held() {
    return held.get();
  }

  void clear() {
    kept.forEach(this::remove);
  }

  private void remove(Name name, Kept removed) {
    if (kept.remove(name, removed)) {
      removed.retire();
    }
  }

  /** Lets go of keys that were not asked for since the last time, until there is room. */
  private void evict() {
    if (held.get() <= mostEvents || !evicting.compareAndSet(false, true)) {
      return;
    }
    try {
      for (int round = 0; round < 2; round++) {
        Iterator<Map.Entry<Name, Kept>> entries = kept.entrySet().iterator();
        while (entries.hasNext() && held.get() > mostEvents) {
          Map.Entry<Name, Kept> entry = entries.next();
          if (entry.getValue().asked) {
            entry.getValue().asked = false;
          } else {
            remove(entry.getKey(), entry.getValue());
          }
        }
      }
    } finally {
      evicting.set(false);
    }
  }

  /** What is kept of a key: from its second lookup on its windows, and what has changed since. */
  private final class Kept {

    private final int weightOfEvent;

    /** Guarded by this, as all that follows but for {@link #asked}. */
    private final TreeMap<Long, NumberedStore.Change> changes = new TreeMap<>();

    private @Nullable KeyWindows windows;
    private int weight;

    /** How many events the changes have, each of them at least one. */
    private int waiting;

    private int misses;
    private boolean retired;

    private volatile boolean asked = true;

    Kept(Evaluator evaluator) {
      this.weightOfEvent = evaluator.weightOfEvent();
      this.weight = 1;
      held.incrementAndGet();
    }

    /** Takes a change for later; false if too much waits. */
    synchronized boolean offer(NumberedStore.Change change) {
      if (waiting + size(change) > MOST_WAITING) {
        return false;
      }
      if (changes.put(change.number(), change) == null) {
        waiting += size(change);
      }
      weigh();
      return true;
    }

    private static int size(NumberedStore.Change change) {
      return change instanceof NumberedStore.Change.Added added ? added.events().size() : 1;
    }

    /** Whether the windows are those of the key's number, or a later one. */
    synchronized boolean comesTo(long number) {
      KeyWindows found = windows;
      if (found == null) {
        return false;
      }
      while (!changes.isEmpty() && changes.firstKey() <= found.number() + 1) {
        NumberedStore.Change next = changes.pollFirstEntry().getValue();
        waiting -= size(next);
        if (next.number() > found.number()) {
          apply(next, found);
        }
      }
      return found.number() >= number && misses < MOST_MISSES;
    }

    /** What is half changed, as where memory has run out, is of no use any more. */
    private void apply(NumberedStore.Change change, KeyWindows found) {
      try {
        found.apply(change);
      } catch (Error e) {
        windows = null;
        throw e;
      }
    }

    /** The answer of the windows, or null. */
    synchronized @Nullable FeatureValues at(long t, long now) {
      KeyWindows found = windows;
      FeatureValues values = found == null ? null : answer(found, t, now);
      misses = values == null ? misses + 1 : 0;
      weigh();
      return values;
    }

    private @Nullable FeatureValues answer(KeyWindows found, long t, long now) {
      try {
        return found.at(t, now);
      } catch (Error e) {
        windows = null;
        throw e;
      }
    }

    /** Takes windows that are not behind those that are there. */
    synchronized void install(KeyWindows made) {
      KeyWindows found = windows;
      if (found == null || found.number() <= made.number()) {
        windows = made;
        misses = 0;
        weigh();
      }
    }

    synchronized void retire() {
      retired = true;
      windows = null;
      changes.clear();
      waiting = 0;
      weigh();
    }

    private void weigh() {
      int events = windows == null ? 0 : windows.size();
      int now = retired ? 0 : 1 + events * weightOfEvent + waiting;
      held.addAndGet(now - weight);
      weight = now;
    }
  }

  /** One lookup: an answer of the windows that are kept, or a look at the events. */
  private final class Lookup implements Evaluator.Asked {

    private final Evaluator evaluator;
    private final Name name;
    private final long t;
    private final long now;
    private final Evaluator.Question question;
    private @Nullable Kept found;
    private @Nullable FeatureValues answer;
    private @Nullable Collected collected;
    private long number;

    Lookup(Evaluator evaluator, Name name, long t, long now) {
      this.evaluator = evaluator;
      this.name = name;
      this.t = t;
      this.now = now;
      this.question = evaluator.at(t, now);
    }

    @Override
    public boolean begin(long keyNumber, long horizon) {
      number = keyNumber;
      answer = null;
      collected = null;
      question.restart();
      Kept there = kept.get(name);
      found = there;
      if (there == null) {
        return true;
      }
      if (!there.asked) {
        there.asked = true;
      }
      synchronized (there) {
        if (there.comesTo(keyNumber)) {
          answer = there.at(t, now);
          return answer == null;
        }
      }
      collected = new Collected(evaluator, question, mostEvents / evaluator.weightOfEvent());
      return true;
    }

    @Override
    public long latest() {
      return collected == null ? question.latest() : Long.MAX_VALUE;
    }

    @Override
    public boolean visit(FeatureEvent event) {
      return collected == null ? question.visit(event) : collected.visit(event);
    }

    @Override
    public FeatureValues values() {
      FeatureValues known = answer;
      if (known != null) {
        evict();
        return known;
      }
      Kept there = found;
      if (there != null && collected != null) {
        return values(there, collected);
      }
      if (there == null && question.seen() >= worthKeeping) {
        kept.computeIfAbsent(name, it -> new Kept(evaluator));
        evict();
      }
      return question.values();
    }

    private FeatureValues values(Kept there, Collected events) {
      KeyWindows made = events.windows(number, t);
      if (made == null || made.size() < worthKeeping) {
        remove(name, there);
        return question.values();
      }
      FeatureValues values = made.at(t, now);
      there.install(made);
      evict();
      return values == null ? question.values() : values;
    }
  }

  /** The events that windows are made of: those that a question looks at, and all later ones. */
  private static final class Collected implements OnlineStore.Visitor {

    private final Evaluator evaluator;
    private final Evaluator.Question question;
    private final int most;
    private final List<FeatureEvent> descending = new ArrayList<>();
    private boolean answered;
    private boolean complete = true;
    private long floor = Long.MIN_VALUE;

    Collected(Evaluator evaluator, Evaluator.Question question, int most) {
      this.evaluator = evaluator;
      this.question = question;
      this.most = most;
    }

    @Override
    public boolean visit(FeatureEvent event) {
      if (answered && event.eventTime() < descending.get(descending.size() - 1).eventTime()) {
        complete = false;
        floor = event.eventTime();
        return false;
      }
      if (descending.size() <= most) {
        descending.add(event);
      }
      answered |= event.eventTime() <= question.latest() && !question.visit(event);
      return !answered || descending.size() <= most;
    }

    /** The windows, or null if these are too many. */
    @Nullable KeyWindows windows(long number, long t) {
      if (descending.size() > most) {
        return null;
      }
      Collections.reverse(descending);
      return new KeyWindows(evaluator, number, descending, complete, floor, t);
    }
  }
}
