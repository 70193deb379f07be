package dev.mlops4j.pipeline;

import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.Workspace;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs work at planned times, once for all processes on a workspace.
 *
 * <pre>{@code
 * Scheduler scheduler = Scheduler.in(workspace);
 * scheduler.schedule("flight-delay")
 *     .cron("0 3 * * MON", ZoneId.of("America/New_York"))
 *     .misfire(Misfire.runOnce())
 *     .run(firing -> "version " + train(firing.planned()).number());
 * scheduler.start();
 * }</pre>
 *
 * <p>Every process defines the schedules that it can run, and any of them runs what is due: which
 * one is decided in the database. Of one schedule at most one firing runs at a time; what comes due
 * meanwhile is a misfire. A process that runs something holds a lease and renews it; one that dies
 * is taken over within {@link SchedulerOptions#lease}, at once if it ran on the same host, and the
 * firing is run again with the same id. Work is done at least once for each firing, and its end is
 * recorded exactly once; see {@link Firing}.
 *
 * <p>All times are of the workspace's system clock. Work runs on daemon threads, one a firing. Safe
 * for any number of threads; several may be open in one workspace and process.
 */
public final class Scheduler implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);

  private final ScheduleStore store;
  private final InstantSource clock;
  private final SchedulerOptions options;
  private final Consumer<Scheduler> onClose;
  private final FiringThreads threads;
  private final Map<String, Schedule> schedules = new TreeMap<>();
  private final Set<String> left = new HashSet<>();
  private boolean started;
  private boolean closed;
  private boolean look;

  private Scheduler(
      ScheduleStore store,
      InstantSource clock,
      SchedulerOptions options,
      Consumer<Scheduler> onClose) {
    this.store = store;
    this.clock = clock;
    this.options = options;
    this.onClose = onClose;
    this.threads = new FiringThreads(options, this::wake);
  }

  /** The schedules of a workspace. Closed with it. */
  public static Scheduler in(Workspace workspace) {
    return in(workspace, SchedulerOptions.DEFAULT);
  }

  /** The schedules of a workspace, with these options. Closed with it. */
  public static Scheduler in(Workspace workspace, SchedulerOptions options) {
    Scheduler scheduler =
        new Scheduler(
            new JdbcScheduleStore(workspace.database(Area.METADATA)),
            workspace.systemClock(),
            options,
            workspace::forget);
    workspace.onClose(scheduler);
    return scheduler;
  }

  /** The schedules of a store, to be closed by the caller. */
  public static Scheduler over(ScheduleStore store, InstantSource clock, SchedulerOptions options) {
    return new Scheduler(store, clock, options, scheduler -> {});
  }

  /** Starts to describe a schedule that this process can run. */
  public Schedule.Builder schedule(String name) {
    return new Schedule.Builder(this, name);
  }

  /**
   * Begins to run what is due, in the background, also of schedules defined later. Starting again
   * does nothing.
   *
   * @throws IllegalStateException if the scheduler is closed
   */
  public synchronized void start() {
    checkOpen();
    if (!started) {
      started = true;
      Thread thread = new Thread(this::loop, "mlops4j-scheduler");
      thread.setDaemon(true);
      thread.start();
    }
  }

  /**
   * Runs all that is due when it is called of the schedules of this process, one after the other on
   * this thread, and returns: for tests, and for a program that something else starts. What another
   * process runs is left to it.
   *
   * @return how many firings were run
   * @throws IllegalStateException if the scheduler is closed
   */
  public int runDue() {
    synchronized (this) {
      checkOpen();
    }
    Instant dueBy = clock.instant();
    int ran = 0;
    for (Schedule schedule : own()) {
      Optional<FiringRecord> begun = begin(schedule, dueBy);
      while (begun.isPresent()) {
        boolean over = threads.runHere(firing(begun.get()), schedule.work());
        ran++;
        begun = over ? begin(schedule, dueBy) : Optional.empty();
      }
    }
    return ran;
  }

  /** All schedules of the workspace, of whatever process, by name. */
  public List<ScheduleState> schedules() {
    return store.all();
  }

  /**
   * One schedule of the workspace.
   *
   * @throws NoSuchScheduleException if there is no such schedule
   */
  public ScheduleState state(String name) {
    return store
        .find(name)
        .orElseThrow(
            () ->
                new NoSuchScheduleException(
                    name, store.all().stream().map(ScheduleState::name).toList()));
  }

  /**
   * Has a schedule's work run once more, also if it is paused: by this process at once if it is
   * started and defines the schedule, else by one that does, within {@link
   * SchedulerOptions#lookEvery}; after what runs now. Asking again before it has begun asks for the
   * same.
   *
   * @return what will be run
   * @throws NoSuchScheduleException if there is no such schedule
   */
  public FiringRecord runNow(String name) {
    String unique = UUID.randomUUID().toString().substring(0, 8);
    FiringRecord waiting = store.request(FiringRecord.requested(name, clock.instant(), unique));
    wake();
    return waiting;
  }

  /**
   * Has a schedule begin nothing more, in all processes, but what {@link #runNow} asks for. What
   * runs goes on. A schedule that is paused stays paused for its first reason.
   *
   * @throws NoSuchScheduleException if there is no such schedule
   */
  public void pause(String name, String reason) {
    store.pause(name, clock.instant(), reason);
  }

  /**
   * Ends a pause. The planned times that passed meanwhile are not missed but settled. Changes
   * nothing without a pause.
   *
   * @throws NoSuchScheduleException if there is no such schedule
   */
  public void resume(String name) {
    store.resume(name, clock.instant());
    wake();
  }

  /**
   * Has the planned times after this instant run, also those that count as settled because a host's
   * clock was far ahead; those up to it are not. A planned time that has run is not run again while
   * it is in the history.
   *
   * @throws NoSuchScheduleException if there is no such schedule
   */
  public void settle(String name, Instant plannedTo) {
    store.settle(name, plannedTo);
    wake();
  }

  /**
   * The last firings of a schedule, the latest first; {@value ScheduleStore#KEPT} are kept.
   *
   * @param limit how many at most
   * @throws NoSuchScheduleException if there is no such schedule
   */
  public List<FiringRecord> history(String name, int limit) {
    return store.history(name, limit);
  }

  /**
   * Begins nothing more, interrupts what runs and waits for it, for {@link
   * SchedulerOptions#patience} at most. Work that throws then is run again by another process or
   * after the next start, with the same id. Closing again does nothing.
   */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      notifyAll();
    }
    threads.close();
    onClose.accept(this);
  }

  void add(Schedule schedule) {
    synchronized (this) {
      checkOpen();
      if (schedules.containsKey(schedule.name())) {
        throw new InvalidScheduleException(
            "this scheduler has a schedule \"" + schedule.name() + "\" already: define it once");
      }
      store.define(schedule.name(), schedule.timing().text(), clock.instant());
      schedules.put(schedule.name(), schedule);
    }
    wake();
  }

  private Firing firing(FiringRecord begun) {
    return new Firing(store, clock, options.lease(), begun);
  }

  private synchronized List<Schedule> own() {
    return List.copyOf(schedules.values());
  }

  private synchronized void wake() {
    look = true;
    notifyAll();
  }

  private void loop() {
    while (await()) {
      for (Schedule schedule : own()) {
        quietly(schedule);
      }
    }
  }

  /** Waits for the next planned time, the next look or a wake; false once it is closed. */
  private synchronized boolean await() {
    Instant now = clock.instant();
    Instant until = now.plus(options.lookEvery());
    for (Schedule schedule : schedules.values()) {
      Instant next = next(schedule, now).orElse(until);
      until = next.isBefore(until) ? next : until;
    }
    long end = System.nanoTime() + Duration.between(now, until).toNanos();
    try {
      long left = end - System.nanoTime();
      while (!closed && !look && left > 0) {
        wait(left / 1_000_000 + 1);
        left = end - System.nanoTime();
      }
    } catch (InterruptedException e) {
      return false; // nobody but a host that ends its threads interrupts this one
    }
    look = false;
    return !closed;
  }

  private static Optional<Instant> next(Schedule schedule, Instant now) {
    try {
      return schedule.timing().next(now);
    } catch (Throwable e) {
      LOG.warn("{} has no next planned time that can be told and is tried again", schedule, e);
      return Optional.empty();
    }
  }

  /** Tries again at the next look. What left here would end the thread without a word. */
  private void quietly(Schedule schedule) {
    try {
      begin(schedule, Instant.MAX)
          .ifPresent(begun -> threads.start(firing(begun), schedule.work()));
    } catch (Throwable e) {
      LOG.warn("{} could not be looked at and is tried again", schedule, e);
    }
  }

  /** Begins what is due next, if there is something and no other process does. */
  private Optional<FiringRecord> begin(Schedule schedule, Instant dueBy) {
    Turn.Rules rules = schedule.rules(options);
    while (!isClosed()) {
      ScheduleState seen = state(schedule.name());
      if (isLeft(schedule, seen)) {
        return Optional.empty();
      }
      Instant now = clock.instant();
      Optional<Turn> turn = Turn.next(seen, rules, now, now.isBefore(dueBy) ? now : dueBy);
      if (turn.isEmpty()) {
        return Optional.empty();
      }
      Optional<FiringRecord> stored =
          store.advance(seen, turn.get().plannedTo(), turn.get().firing());
      if (stored.isPresent() && stored.get().state() == FiringRecord.State.RUNNING) {
        return stored;
      }
      stored.ifPresent(it -> LOG.warn("{} is {}: {}", it.id(), it.state(), it.text()));
      // If nothing was stored another process was faster: what it left is looked at again.
    }
    return Optional.empty();
  }

  /** Whether other processes have defined the schedule anew; said once. */
  private synchronized boolean isLeft(Schedule schedule, ScheduleState seen) {
    if (seen.timing().equals(schedule.timing().text())) {
      left.remove(schedule.name());
      return false;
    }
    if (left.add(schedule.name())) {
      LOG.warn("{} is left to processes that define it as {}", schedule, seen.timing());
    }
    return true;
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private synchronized void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the scheduler is closed; open another one");
    }
  }
}
