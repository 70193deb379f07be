package dev.mlops4j.feature;

import dev.mlops4j.Digest;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.RecordCodec;
import dev.mlops4j.data.RowSource;
import dev.mlops4j.data.Timestamps;
import dev.mlops4j.profile.DatasetProfile;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Holds the events of views and gives the features taken from them: at any moment of the past for
 * training, now for serving, by the same code. Safe for any number of threads.
 *
 * <pre>{@code
 * FeatureStore features = FeatureStore.in(workspace);
 * features.ingest(WEATHER, Csv.read(weatherFile));
 * features.push(CONGESTION, Map.of("origin", "JFK", "departed_at", now, "departure_delay", 7.0));
 * TrainingSet training = features.trainingSet(FEATURES, flights, LATE);
 * }</pre>
 *
 * <p>What a call added is seen by every later call, in every process on the same workspace; with an
 * online store of one's own, by the lookups of all who share it: see {@link Builder#online}.
 * Another definition under the name of a view is refused, unless it is made its next version by
 * {@link #register}.
 */
public final class FeatureStore implements FeatureLookup, AutoCloseable {

  private final History history;
  private final @Nullable OnlineCopy online;
  private final InstantSource clock;
  private final @Nullable Workspace workspace;
  private final int maxEvents;
  private final @Nullable Duration futureTolerance;
  private final HistoryLimits historyLimits;
  private final Map<FeatureView, RowSource> sources;
  private final Map<FeatureView, RowSource> inPlace;
  private final Map<FeatureView, Evaluator> evaluators = new ConcurrentHashMap<>();
  private final Set<Digest> knownSets = ConcurrentHashMap.newKeySet();
  private final Map<Class<?>, RecordCodec<?>> codecs = new ConcurrentHashMap<>();
  private final String pushPrefix = "push:" + UUID.randomUUID() + ":";
  private final AtomicLong pushes = new AtomicLong();
  private final PushesUnderWay pushesUnderWay = new PushesUnderWay();
  private final HotWindows hotWindows;
  private volatile boolean closed;

  private FeatureStore(Builder builder) {
    this.history = builder.history;
    this.clock = builder.clock;
    this.workspace = builder.workspace;
    this.maxEvents = builder.maxEventsPerLookup;
    this.futureTolerance = builder.futureTolerance;
    this.historyLimits = builder.historyLimits;
    this.sources = Map.copyOf(builder.sources);
    this.inPlace = Map.copyOf(builder.inPlace);
    this.hotWindows = builder.hotWindows;
    this.online =
        builder.online == null
            ? null
            : new OnlineCopy(
                builder.online, history, clock, Micros.of(builder.lookBack), this::evaluator);
    if (lookedUp() instanceof NumberedStore numbered) {
      numbered.listen(hotWindows);
    }
  }

  /** The feature store of a workspace, on the workspace's clock; closed with it. */
  public static FeatureStore in(Workspace workspace) {
    return builder(workspace).open();
  }

  /** A feature store of this process alone, gone when it ends. */
  public static FeatureStore inMemory(InstantSource clock) {
    return inMemoryBuilder(clock).open();
  }

  /** Settings for the same. */
  static Builder inMemoryBuilder(InstantSource clock) {
    return new Builder(new InMemoryHistory(), clock, null);
  }

  /** Settings for the feature store of a workspace. */
  public static Builder builder(Workspace workspace) {
    return new Builder(
        JdbcOnlineStore.in(workspace.database(Area.FEATURES)), workspace.clock(), workspace);
  }

  /**
   * Takes up a view: the first of its name as version 1, another definition as the next version,
   * which begins without events. The earlier versions stay and can be read by their definitions, so
   * that a model that was made with one goes on being served. {@link #ingest}, {@link #push} and
   * {@link #materialize} take up a view whose name is new themselves. Registering a version again
   * takes its description, owner and tags over and changes nothing else.
   *
   * @return the number of the version
   * @throws FeatureDefinitionException if the view is read {@link Builder#inPlace in place} here
   */
  public int register(FeatureView view) {
    checkTakesIn(view);
    return history.register(view, Micros.of(clock.instant()));
  }

  /** All versions of all views, by name and version. */
  public List<ViewInfo> views() {
    checkOpen();
    return history.views();
  }

  /**
   * All versions of the feature sets that training sets were made of here, by name and version.
   * Which models were trained on one is a query of the registry, by the fingerprint.
   */
  public List<SetInfo> sets() {
    checkOpen();
    return history.sets();
  }

  /** The versions of sets that look up this version of a view, by name and version. */
  public List<SetInfo> setsUsing(FeatureView view) {
    return sets().stream().filter(set -> set.views().contains(view.fingerprint())).toList();
  }

  /** What the history of a view looks like now: each column, key and time summarised. */
  public DatasetProfile profile(FeatureView view) {
    requireView(view);
    return ViewStatistics.of(view, history);
  }

  /**
   * Removes all events of a key, from the online store and the history, of every version of the
   * view that has the same key columns, and then keeps word of it without the key, a record for
   * each version. In SQLite the bytes are overwritten and the log is emptied; what backups have, or
   * a reader under way may still see in the log, is not the library's to remove. A source or a
   * stream that still has the key's events brings them back when it is taken in again.
   *
   * <p>An event that is on its way into the online store meanwhile, by this store or by another,
   * does not stay there: whoever adds events looks again whether the history still has them.
   *
   * @return how many events were removed from the history, of all versions
   * @throws NoSuchFeatureViewException if the store does not have the view
   * @throws dev.mlops4j.MlopsException as the online store or the workspace does; nothing is
   *     recorded then, but the key may be gone in one of the two: call it again
   */
  public int erase(FeatureView view, EntityKey key) {
    requireView(view);
    List<ViewVersion> versions =
        history.versions(view.name()).stream()
            .filter(of -> ViewDefinition.haveSameKey(of.definition(), view.definition()))
            .toList();
    int erased = erase(versions, key);
    history.removeTraces();
    return erased;
  }

  private int erase(List<ViewVersion> versions, EntityKey key) {
    long now = Micros.of(clock.instant());
    if (online == null) {
      return versions.stream().mapToInt(of -> history.eraseRecorded(of, key, now)).sum();
    }
    // First, so that of a store that is down nothing is changed.
    online.erase(versions, key);
    int[] erased =
        versions.stream().mapToInt(of -> history.erase(of.view(), of.fingerprint(), key)).toArray();
    // Once more, as others may have brought the key up to the history in between.
    online.erase(versions, key);
    for (int i = 0; i < erased.length; i++) {
      history.recordErasure(versions.get(i), key, erased[i], now);
    }
    return Arrays.stream(erased).sum();
  }

  /** What was erased of this version of a view, the oldest first. */
  public List<Erasure> erasures(FeatureView view) {
    requireView(view);
    return history.erasures(view);
  }

  /**
   * Removes the events that are older than the view's retention, which no question sees any more,
   * about whatever moment, whether they are removed or not; the history of a view without retention
   * keeps all. That is done for every version of the view, each by its own retention, also where
   * the program has its definition no more. A key that has no events then is forgotten altogether,
   * and in SQLite the bytes are overwritten and the log is emptied, as by {@link #erase}. The
   * events go in parts of some 10,000, so that pushes do not wait for long: when it throws, some
   * are gone, and the next call goes on.
   *
   * <p>An online store of one's own, which is trimmed key by key as events come, also forgets what
   * no lookup depends on of keys that have fallen silent: a call for a nightly job, with or without
   * a retention. It costs a call or two for each key that is online, and is for the version given
   * alone.
   *
   * @return how many events were removed from the history, of all versions
   */
  public int removeBeyondRetention(FeatureView view) {
    requireView(view);
    long now = Micros.of(clock.instant());
    List<ViewVersion> expiring =
        history.versions(view.name()).stream().filter(of -> of.retention().isPresent()).toList();
    int removed = 0;
    for (ViewVersion version : expiring) {
      long kept = version.retention().orElseThrow();
      removed += history.discardBefore(version, Micros.minus(now, kept));
    }
    if (!expiring.isEmpty()) {
      history.removeTraces();
    }
    if (online != null) {
      online.trim(view);
    }
    return removed;
  }

  /**
   * Starts to take in what the view's source has, as stated by {@link Builder#source}.
   *
   * @throws FeatureDefinitionException if the view has no source, or is read in place
   */
  public Materialization materialize(FeatureView view) {
    checkTakesIn(view);
    RowSource source = sources.get(view);
    if (source == null) {
      throw new FeatureDefinitionException(
          "view \""
              + view.name()
              + "\" has no source; state it when the feature store is opened, with source(view,"
              + " source)");
    }
    return new Materialization(this, view, source);
  }

  /** Takes in what the view's source has in {@code [from, to)}; see {@link Materialization}. */
  public Materialized materialize(FeatureView view, Instant from, Instant to) {
    return materialize(view).from(from).to(to).run();
  }

  Instant now() {
    return clock.instant();
  }

  /** Up to when the view's source was taken in, or {@link Long#MIN_VALUE}. */
  long watermark(FeatureView view) {
    define(view);
    return history.watermark(view);
  }

  /** Takes in the events of one step of a source, in parts if they are many. */
  int addUpTo(FeatureView view, List<? extends Iterable<FeatureEvent>> batches, long watermark) {
    checkOpen();
    try {
      return history.addUpTo(view, batches, watermark);
    } finally {
      // Also what was stored before a part could not be.
      bringUp(view, () -> batches.stream().flatMap(FeatureStore::stream).iterator());
    }
  }

  private void define(FeatureView view) {
    checkOpen();
    // A push reads the clock once: when it is its turn to write.
    if (!history.contains(view)) {
      history.define(view, Micros.of(clock.instant()));
    }
  }

  /** Refuses events beyond the tolerated future. */
  void checkFuture(EventReader reader, Iterable<FeatureEvent> events) {
    if (futureTolerance != null) {
      long latest = Micros.plus(Micros.of(clock.instant()), Micros.of(futureTolerance));
      reader.checkFuture(events, latest);
    }
  }

  /** A view that is read in place is trained on that, so it cannot be served from anything else. */
  private void checkTakesIn(FeatureView view) {
    checkOpen();
    if (inPlace.containsKey(view)) {
      throw new FeatureDefinitionException(
          "view \""
              + view.name()
              + "\" is read in place here: it takes nothing in and is not looked up; open a feature"
              + " store without inPlace(view, ...) for that, with source(view, ...) to take in the"
              + " same rows");
    }
  }

  /**
   * Takes in the events of a dataset, all or none. An event that the view has already is ignored,
   * so doing it again changes nothing. An event is known at the view's known time column, else at
   * its event time plus {@link FeatureView#availableAfter}.
   *
   * @param rows with the view's columns, found by name; other columns are ignored; an INT64 column
   *     will do for FLOAT64
   * @throws FeatureDataException with all problems, if a column is absent or of another type, a
   *     key, event time, known time or event id is null, or a feature is taken from a sensitive
   *     column
   * @throws FeatureDefinitionException if the view is read {@link Builder#inPlace in place} here
   * @throws FeatureDefinitionChangedException if the store has the view with another definition
   */
  public IngestResult ingest(FeatureView view, Dataset rows) {
    checkTakesIn(view);
    EventReader reader = new EventReader(view);
    Iterable<FeatureEvent> events = reader.events(rows);
    checkFuture(reader, events);
    define(view);
    int added = history.add(view, events);
    bringUp(view, events);
    return new IngestResult(rows.rowCount(), added);
  }

  /**
   * Takes in one event, known from the moment at which it is written, by the store's clock: when
   * the writes before it have ended. A lookup of its key in this store that asks about that moment
   * or a later one, while the push is still under way, waits for its end; so what is served is what
   * a training set has for the same moment.
   *
   * <p>What is left: a lookup in the very microsecond, and one in another process, or by another
   * {@code FeatureStore}, in the time of the commit (and of the difference of their clocks), may
   * not see an event that a training set takes as known then.
   *
   * @param row all of the view's columns by name, with null for a value that is missing, as a
   *     {@link HashMap} can hold it and {@code Map.of} cannot; others are ignored; an int or long
   *     will do for FLOAT64, an int for INT64, an enum constant for STRING
   * @return false if the view has an event of this id already; nothing was changed then
   * @throws FeatureDataException with all problems, as for {@link #ingest}
   * @throws FeatureDefinitionException if the view is read {@link Builder#inPlace in place} here
   * @throws FeatureDefinitionChangedException if the store has the view with another definition
   */
  public boolean push(FeatureView view, Map<String, ? extends @Nullable Object> row) {
    checkTakesIn(view);
    String ownId = pushPrefix + String.format(Locale.ROOT, "%012d", pushes.incrementAndGet());
    EventReader reader = new EventReader(view);
    FeatureEvent event = reader.pushed(row, ownId);
    checkFuture(reader, List.of(event));
    define(view);
    try (PushesUnderWay.Push push = pushesUnderWay.of(view, event.key())) {
      Optional<FeatureEvent> added = history.push(view, () -> event.knownAt(push.knownNow(clock)));
      if (online != null && added.isPresent()) {
        online.use(view);
        online.add(view, added.get());
      } else if (online != null) {
        // The push before may have failed after the history had the event.
        online.bringUp(view, event.key());
      }
      return added.isPresent();
    }
  }

  /**
   * The same with the components of a record as columns; see {@link RecordCodec#of}.
   *
   * @throws FeatureDataException also if a feature is taken from a sensitive component
   */
  public boolean push(FeatureView view, Record row) {
    RecordCodec<?> codec =
        codecs.computeIfAbsent(row.getClass(), type -> RecordCodec.of(row.getClass()));
    if (!codec.schema().sensitive().isEmpty()) {
      new EventReader(view).checkSensitive(codec.schema().sensitive());
    }
    return push(view, named(codec, row));
  }

  /**
   * The features of this key at this moment, or now if that is earlier, from what is visible then.
   *
   * <p>Windows with much in them are kept in memory for the next lookup of the key, which then
   * costs what has changed since; up to 250,000 events for all keys. That needs a store that tells
   * whether a key has changed: the workspace's own or an {@link InMemoryOnlineStore}. Lookups of
   * one key at a time take turns while its windows are brought up to their moment.
   *
   * @throws FeatureDataException if the moment is more than 292,000 years from 1970
   * @throws TooManyEventsException if there are more events to look at than the stated cap
   * @throws FeatureDefinitionException if the view is read {@link Builder#inPlace in place} here
   * @throws FeatureDefinitionChangedException if the store has the view with another definition
   */
  @Override
  public FeatureValues get(FeatureView view, EntityKey key, Instant at) {
    checkTakesIn(view);
    long now = Micros.of(clock.instant());
    long t = Math.min(Micros.asked(view, at), now);
    pushesUnderWay.await(view, key, t);
    Evaluator evaluator = evaluator(view);
    if (online != null) {
      online.use(view);
    }
    OnlineStore store = lookedUp();
    Evaluator.Asked asked;
    long horizon;
    if (store instanceof NumberedStore numbered) {
      asked =
          HotWindows.isWorthKeeping(evaluator, t, now)
              ? hotWindows.ask(evaluator, key, t, now)
              : evaluator.at(t, now);
      horizon = numbered.scan(view, key, asked);
    } else {
      asked = evaluator.at(t, now);
      horizon = store.scan(view, key, asked.latest(), asked);
    }
    if (online == null || (horizon <= t && horizon != OnlineCopy.NOT_BROUGHT_UP)) {
      return asked.values();
    }
    if (horizon == OnlineCopy.NOT_BROUGHT_UP) {
      online.bringUp(view, key);
    }
    Evaluator.Question question = evaluator.at(t, now);
    history.scan(view, key, question);
    return question.values();
  }

  /** Where lookups are answered from. */
  private OnlineStore lookedUp() {
    return online == null ? history : online.store();
  }

  /**
   * The features of several keys at one moment, in their order; as {@link #get(FeatureView,
   * EntityKey, Instant)} for each, all of the same moment.
   */
  public List<FeatureValues> getAll(FeatureView view, List<EntityKey> keys, Instant at) {
    Instant now = clock.instant();
    Instant moment = at.isBefore(now) ? at : now;
    return keys.stream().map(key -> get(view, key, moment)).toList();
  }

  /**
   * {@inheritDoc}
   *
   * @throws FeatureDefinitionException if the view is read {@link Builder#inPlace in place} here
   */
  @Override
  public void requireView(FeatureView view) {
    checkTakesIn(view);
    if (!history.contains(view)) {
      throw new NoSuchFeatureViewException(view.name());
    }
  }

  /**
   * The training set as of now, by the store's clock; see {@link #trainingSet(FeatureSet, Iterable,
   * Target, Instant)}.
   */
  public <T, L> TrainingSet trainingSet(
      FeatureSet<T> set, Iterable<? extends T> records, Target<T, L> target) {
    return trainingSet(set, records, target, clock.instant());
  }

  /**
   * The features and labels of these records: every record that was asked by {@code asOf} and whose
   * label is known by then, in order, each with what was visible when it was asked. The others are
   * left out and counted by the first reason that holds: no label, label not yet known, not yet
   * asked.
   *
   * <p>The whole history of every view that is looked up is read, not only the keys and times asked
   * about: 24 bytes for an event, 8 for each of its values, and each text once. What is more than
   * {@link Builder#historyMemory} lies in temporary files meanwhile: in the directory {@code tmp}
   * of the workspace, or the system's for temporary files if the store has none. They are gone when
   * the call returns or throws.
   *
   * @throws NoSuchFeatureViewException if the store does not have a view of the set
   * @throws FeatureDefinitionException if two columns of the set would have the same name, the
   *     store has a view with another definition, or no golden row can be made without what is
   *     sensitive
   * @throws FeatureComputationException if a function throws
   * @throws InvalidLabelException if a label is infinite
   * @throws FeatureDataException if a record was asked more than 292,000 years from 1970
   * @throws TooManyEventsException if one key has more events to look at than the stated cap
   * @throws HistoryOnDiskException if the history does not fit in memory, nor on disk
   */
  public <T, L> TrainingSet trainingSet(
      FeatureSet<T> set, Iterable<? extends T> records, Target<T, L> target, Instant asOf) {
    return trainingSet(set, records, target, asOf, Instant.MAX);
  }

  /**
   * The same, of events alone that were known by a moment: a record asked at t sees what is visible
   * at t and was known by {@code asKnownAt}, and ages go on until t. So later records can be asked
   * of an earlier state of knowledge: what a model would be trained on, or be shown, if nothing had
   * come in since. For records asked up to {@code asKnownAt} it changes nothing, as what is known
   * later is not visible to them anyway.
   *
   * @param asOf as above, of the records and their labels
   * @param asKnownAt the moment up to which events count; an event known at it still does
   */
  public <T, L> TrainingSet trainingSet(
      FeatureSet<T> set,
      Iterable<? extends T> records,
      Target<T, L> target,
      Instant asOf,
      Instant asKnownAt) {
    try (EventIndexes events = events(set)) {
      return offline(set, target, asOf, pointInTime(events, asKnownAt)).join(records);
    }
  }

  /**
   * The same rows handed over in batches, for more records than memory holds: the records are read
   * one by one, and of them and their rows no more than a batch is held, nor of the history more
   * than {@link Builder#historyMemory}. Each batch is a dataset with the columns of {@link
   * TrainingSet#dataset()}, in the order of the records.
   *
   * @param batchRows the most rows of a batch, at least 1; more are faster, 100,000 is a good
   *     choice
   * @param batches called on this thread with one batch after the other; what it throws ends the
   *     call
   * @return what became of the records
   * @throws IllegalArgumentException if {@code batchRows} is less than 1
   * @throws FeatureDefinitionException and all others as {@link #trainingSet(FeatureSet, Iterable,
   *     Target, Instant)}; batches may have been handed over before
   */
  public <T, L> TrainingRows trainingRows(
      FeatureSet<T> set,
      Iterable<? extends T> records,
      Target<T, L> target,
      Instant asOf,
      int batchRows,
      Consumer<? super Dataset> batches) {
    if (batchRows < 1) {
      throw new IllegalArgumentException("batchRows is at least 1, found " + batchRows);
    }
    try (EventIndexes events = events(set)) {
      return offline(set, target, asOf, pointInTime(events)).stream(records, batchRows, batches);
    }
  }

  private <T, L> PointInTimeJoin<T, L> offline(
      FeatureSet<T> set,
      Target<T, L> target,
      Instant asOf,
      Function<SetLookup<T>, PointInTimeJoin.Answerer> views) {
    if (!knownSets.contains(set.fingerprint())) {
      history.registerSet(
          new SetInfo(
              set.name(),
              1,
              set.fingerprint(),
              set.definition(),
              set.views().stream().map(FeatureView::fingerprint).toList(),
              Timestamps.fromMicros(Micros.of(clock.instant())),
              set.description(),
              set.owner()));
      knownSets.add(set.fingerprint());
    }
    return new PointInTimeJoin<>(set, target, asOf, views);
  }

  /**
   * What computes requests of this set once more, each as of the moment it was asked, from the
   * history as it is now, by the code that makes training sets: to compare with what was served. So
   * a retention is measured from the moment of each request too, not from now; of an event beyond
   * it that was removed since there is nothing to see.
   *
   * <p>The history of every view of the set is read here, and held until the replay is closed: in
   * memory and, beyond that, in temporary files, as for a training set.
   *
   * @throws NoSuchFeatureViewException if the store does not have a view of the set
   * @throws FeatureDefinitionChangedException if the store has a view with another definition
   * @throws HistoryOnDiskException if the history does not fit in memory, nor on disk
   */
  public <T> Replay<T> replay(FeatureSet<T> set) {
    EventIndexes events = events(set);
    try {
      return new Replay<>(
          set, clock.instant(), pointInTime(events, Instant.MAX, Long.MIN_VALUE), events);
    } catch (RuntimeException | Error e) {
      events.close();
      throw e;
    }
  }

  private EventIndexes events(FeatureSet<?> set) {
    checkOpen();
    for (FeatureView view : set.views()) {
      if (!inPlace.containsKey(view)) {
        requireView(view);
      }
    }
    return new EventIndexes(historyLimits, this::addTo);
  }

  private <T> Function<SetLookup<T>, PointInTimeJoin.Answerer> pointInTime(EventIndexes events) {
    return pointInTime(events, Instant.MAX);
  }

  private <T> Function<SetLookup<T>, PointInTimeJoin.Answerer> pointInTime(
      EventIndexes events, Instant knownBy) {
    return pointInTime(events, knownBy, Micros.of(clock.instant()));
  }

  /** As if it were asked at this moment, or at that of each row if that is later. */
  private <T> Function<SetLookup<T>, PointInTimeJoin.Answerer> pointInTime(
      EventIndexes events, Instant knownBy, long now) {
    long bound = knownBy.equals(Instant.MAX) ? Long.MAX_VALUE : Micros.of(knownBy);
    return lookup -> {
      FeatureView view = lookup.view();
      EventIndex index = events.of(view);
      Evaluator evaluator =
          bound == Long.MAX_VALUE ? evaluator(view) : new Evaluator(view, maxEvents, bound);
      return (keys, times, whole) ->
          PointInTimeAnswers.of(evaluator, index, keys, times, now, whole);
    };
  }

  /**
   * Closes the store; every later call throws {@link IllegalStateException}. The events of a
   * workspace stay. Closing twice does nothing.
   */
  @Override
  public void close() {
    closed = true;
    if (lookedUp() instanceof NumberedStore numbered) {
      numbered.ignore(hotWindows);
    }
    hotWindows.clear();
    if (online != null) {
      online.store().close();
    }
    history.close();
    if (workspace != null) {
      workspace.forget(this);
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the feature store is closed; use it before it is closed");
    }
  }

  /** Adds all events of a view to an index, from where they are. */
  private void addTo(EventIndex.Builder index, FeatureView view) {
    RowSource source = inPlace.get(view);
    if (source == null) {
      history.addTo(index, view);
    } else {
      index.addAll(source);
    }
  }

  private Evaluator evaluator(FeatureView view) {
    Evaluator known = evaluators.get(view);
    if (known != null) {
      return known;
    }
    if (!inPlace.containsKey(view)) {
      history.contains(view);
    }
    Evaluator made = new Evaluator(view, maxEvents);
    evaluators.put(view, made);
    return made;
  }

  private static Stream<FeatureEvent> stream(Iterable<FeatureEvent> events) {
    return StreamSupport.stream(events.spliterator(), false);
  }

  private void bringUp(FeatureView view, Iterable<FeatureEvent> events) {
    if (online != null) {
      Set<EntityKey> keys = new LinkedHashSet<>();
      events.forEach(event -> keys.add(event.key()));
      keys.forEach(key -> online.bringUp(view, key));
    }
  }

  @SuppressWarnings("unchecked") // the codec was made for the record's class
  private static <R> Map<String, @Nullable Object> named(RecordCodec<R> codec, Record row) {
    @Nullable Object[] values = codec.values((R) row);
    Map<String, @Nullable Object> named = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i++) {
      named.put(codec.schema().fields().get(i).name(), values[i]);
    }
    return named;
  }

  /** Settings of a feature store. Not safe for use by several threads. */
  public static final class Builder {

    /** How far back questions are answered from an online store of one's own: a day. */
    public static final Duration DEFAULT_LOOK_BACK = Duration.ofDays(1);

    /** How many events one lookup may look at: a million. */
    public static final int DEFAULT_MAX_EVENTS_PER_LOOKUP = 1_000_000;

    /** Where in a workspace the files are that live as long as a training set is made. */
    static final String TEMPORARY = "tmp";

    private static final int SHARE_OF_THE_HEAP = 4;

    private final History history;
    private final InstantSource clock;
    private final @Nullable Workspace workspace;
    private @Nullable OnlineStore online;
    private Duration lookBack = DEFAULT_LOOK_BACK;
    private int maxEventsPerLookup = DEFAULT_MAX_EVENTS_PER_LOOKUP;
    private @Nullable Duration futureTolerance;
    private HistoryLimits historyLimits;
    private final Map<FeatureView, RowSource> sources = new HashMap<>();
    private final Map<FeatureView, RowSource> inPlace = new HashMap<>();
    private HotWindows hotWindows = new HotWindows();

    Builder(History history, InstantSource clock, @Nullable Workspace workspace) {
      this.history = history;
      this.clock = clock;
      this.workspace = workspace;
      Path directory =
          workspace == null
              ? Path.of(System.getProperty("java.io.tmpdir"))
              : workspace.directory().resolve(TEMPORARY);
      this.historyLimits =
          HistoryLimits.of(Runtime.getRuntime().maxMemory() / SHARE_OF_THE_HEAP, directory);
    }

    /**
     * Answers lookups from this store, which is brought up to the history at first use and trimmed
     * to what the look-back needs as events come, and by {@link
     * FeatureStore#removeBeyondRetention}; a question about an earlier moment is answered from the
     * history, and so is one about a key that the store does not have, or has lost, which is
     * brought up again then. Without it, lookups are answered from the workspace's own database.
     * The feature store closes it.
     *
     * <p>All who push to the workspace or ingest into it must share the online store: what another
     * takes in without it stays unseen by lookups here, as a look at the history for every lookup
     * would cost more than the lookup. A push or an ingest has brought the online store up to the
     * history when it returns. One that fails in between leaves the online store behind for its
     * keys, until the same is pushed (with its event id) or ingested again, something else of these
     * keys is ingested, or a feature store is opened anew.
     */
    public Builder online(OnlineStore store) {
      this.online = store;
      return this;
    }

    /**
     * How far back questions are answered from the store given to {@link #online}.
     *
     * @throws FeatureDefinitionException if it is negative
     */
    public Builder lookBack(Duration lookBack) {
      if (lookBack.isNegative() || !Micros.isWhole(lookBack)) {
        throw new FeatureDefinitionException(
            "lookBack is " + lookBack + "; it is zero or more, of whole microseconds");
      }
      this.lookBack = lookBack;
      return this;
    }

    /**
     * How many events one lookup may look at before it ends with a {@link TooManyEventsException}.
     *
     * @throws FeatureDefinitionException if it is less than 1
     */
    public Builder maxEventsPerLookup(int cap) {
      if (cap < 1) {
        throw new FeatureDefinitionException("maxEventsPerLookup is " + cap + "; it is at least 1");
      }
      this.maxEventsPerLookup = cap;
      return this;
    }

    /**
     * Where the rows of a view come from when it is {@link FeatureStore#materialize(FeatureView)
     * materialized}: a query over a warehouse, for example. Its rows have the view's columns.
     *
     * @throws FeatureDefinitionException if it was stated before where the view's rows are
     */
    public Builder source(FeatureView view, RowSource source) {
      checkUnstated(view, "source");
      sources.put(view, source.hiding(view.sensitive()));
      return this;
    }

    /**
     * A table of events that stays where it is: training sets read it anew each time, and nothing
     * is taken in: {@link FeatureStore#push}, ingest, register, materialize, lookups and {@link
     * FeatureStore#requireView} refuse the view. To serve the same features, state it as a {@link
     * #source} in the store that serves, and materialize it. Its rows have the view's columns. Rows
     * that are equal in all of them are one event; where the view states an {@link
     * FeatureView.Builder#eventId event id}, of a key's rows with one id the first to happen counts
     * (ties: the first known).
     *
     * @throws FeatureDefinitionException if it was stated before where the view's rows are
     */
    public Builder inPlace(FeatureView view, RowSource source) {
      checkUnstated(view, "inPlace");
      inPlace.put(view, source.hiding(view.sensitive()));
      return this;
    }

    private void checkUnstated(FeatureView view, String setting) {
      String before =
          sources.containsKey(view) ? "source" : inPlace.containsKey(view) ? "inPlace" : null;
      if (before != null) {
        throw new FeatureDefinitionException(
            "view \""
                + view.name()
                + "\": "
                + (before.equals(setting)
                    ? setting + "(...) is stated twice"
                    : before + "(...) and " + setting + "(...) exclude each other"));
      }
    }

    /**
     * How far after the clock an event time may lie; without end unless stated. What lies further
     * is refused with a {@link FeatureDataException}, because a year that was mistyped would be the
     * latest event for good.
     *
     * @throws FeatureDefinitionException if it is negative
     */
    public Builder futureTolerance(Duration tolerance) {
      if (tolerance.isNegative() || !Micros.isWhole(tolerance)) {
        throw new FeatureDefinitionException(
            "futureTolerance is " + tolerance + "; it is zero or more, of whole microseconds");
      }
      this.futureTolerance = tolerance;
      return this;
    }

    /** Keeps windows as it says, for one store. */
    Builder hotWindows(HotWindows kept) {
      this.hotWindows = kept;
      return this;
    }

    /**
     * About how many bytes of the heap the events have from which one training set or replay is
     * made, of all its views together; a quarter of the heap's greatest size unless stated. What is
     * more is written to temporary files and read from there, which is slower. While events are put
     * in order they need some two times as much for a moment.
     *
     * @throws FeatureDefinitionException if it is less than 1
     */
    public Builder historyMemory(long bytes) {
      if (bytes < 1) {
        throw new FeatureDefinitionException("historyMemory is " + bytes + "; it is at least 1");
      }
      return history(HistoryLimits.of(bytes, historyLimits.directory()));
    }

    /** The same to the last detail. */
    Builder history(HistoryLimits limits) {
      this.historyLimits = limits;
      return this;
    }

    /** The feature store; closed with its workspace. */
    public FeatureStore open() {
      FeatureStore store = new FeatureStore(this);
      if (workspace != null) {
        workspace.onClose(store);
      }
      return store;
    }
  }
}
