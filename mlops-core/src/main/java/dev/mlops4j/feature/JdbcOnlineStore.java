package dev.mlops4j.feature;

import dev.mlops4j.Digest;
import dev.mlops4j.data.Timestamps;
import dev.mlops4j.storage.Database;
import dev.mlops4j.storage.RowVisitor;
import dev.mlops4j.storage.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps events in a database, durably. The same tables are a workspace's history and its online
 * store: an event is written once, in one transaction, and a key's events lie side by side in their
 * order, so that a lookup reads only what it needs however long the history is.
 */
public final class JdbcOnlineStore implements History {

  /** How many events are read beyond what a lookup asks for, to have them for the next. */
  private static final int READ_AHEAD = 256;

  /** Held to give a view its number or definition, of which there is one. */
  private static final String VIEWS_LOCK = "feature views";

  /**
   * How much is written in one transaction of a bulk that need not be one: the disk is not to be
   * busy with it for long, as a promotion's commit waits behind.
   */
  private static final long PART_BYTES = 2 << 20;

  private static final String FIND_VIEW =
      "SELECT number, version FROM feature_view WHERE name = ? AND fingerprint = ?";
  private static final String NUMBER =
      "SELECT number FROM feature_view WHERE name = ? AND fingerprint = ?";
  private static final String VERSIONS =
      "SELECT fingerprint, definition FROM feature_view WHERE name = ? AND version IS NOT NULL"
          + " ORDER BY version";
  private static final String ADD_VIEW =
      "INSERT INTO feature_view (name, fingerprint, definition, changes) VALUES (?, ?, ?, 0)";
  private static final String LAST_VERSION =
      "SELECT version, definition FROM feature_view WHERE name = ? AND version IS NOT NULL"
          + " ORDER BY version DESC";
  private static final String DEFINE_VIEW =
      "UPDATE feature_view SET version = ?, registered = ?, description = ?, owner = ?, tags = ?"
          + " WHERE number = ?";
  private static final String DESCRIBE_VIEW =
      "UPDATE feature_view SET description = ?, owner = ?, tags = ? WHERE number = ?";
  private static final String INTO_EVENTS =
      "INSERT INTO feature_event (place, event_time, content) VALUES";
  private static final String INTO_STATED_EVENTS =
      "INSERT INTO feature_event (place, event_time, content, stated_id) VALUES";
  private static final String UNLESS_KNOWN = "ON CONFLICT DO NOTHING";
  static final String VIEW_CHANGED =
      "UPDATE feature_view SET changes = changes + ? WHERE number = ?";
  private static final String CHANGED =
      "INSERT INTO feature_entity (view, entity, changes, horizon) VALUES (?, ?, 1, ?)"
          + " ON CONFLICT (view, entity) DO UPDATE SET changes = feature_entity.changes + 1";
  private static final String BROUGHT_UP =
      "INSERT INTO feature_entity (view, entity, changes, horizon) VALUES (?, ?, 0, ?)"
          + " ON CONFLICT (view, entity) DO UPDATE SET"
          + " horizon = CASE WHEN excluded.horizon > feature_entity.horizon"
          + " THEN excluded.horizon ELSE feature_entity.horizon END";

  /**
   * A key's changes are its own and those of its view, each of which only rises: the sum is the
   * same only if nothing has changed.
   */
  private static final String ENTITY =
      "SELECT v.changes + COALESCE(e.changes, 0), e.horizon FROM feature_view v"
          + " LEFT JOIN feature_entity e ON e.view = v.number AND e.entity = ?"
          + " WHERE v.number = ?";

  private static final String OWN_CHANGES =
      "SELECT changes FROM feature_entity WHERE view = ? AND entity = ?";

  private static final String SCAN =
      "SELECT place, content FROM feature_event WHERE place >= ? AND place < ?"
          + " ORDER BY place DESC";
  private static final String SCAN_ALL =
      "SELECT place, content FROM feature_event WHERE place >= ? AND place < ? ORDER BY place";
  private static final String RAISE =
      "UPDATE feature_entity SET horizon = ?"
          + " WHERE view = ? AND entity = ? AND horizon > ? AND horizon < ?";
  static final String NEXT =
      "SELECT place FROM feature_event WHERE place >= ? AND place < ? ORDER BY place LIMIT 1";
  static final String DISCARD = "DELETE FROM feature_event WHERE place >= ? AND place < ?";
  private static final String FORGET = "DELETE FROM feature_entity WHERE view = ? AND entity = ?";
  private static final String RECORD_ERASURE =
      "INSERT INTO feature_erasure (view, entity_digest, erased, events) VALUES (?, ?, ?, ?)";
  private static final String ERASURES =
      "SELECT erased, events, entity_digest FROM feature_erasure WHERE view = ? ORDER BY number";
  private static final String WATERMARK = "SELECT materialized FROM feature_view WHERE number = ?";
  private static final String SET_WATERMARK =
      "UPDATE feature_view SET materialized = ? WHERE number = ?";

  private final Database database;
  private final HotKeys hotKeys = new HotKeys();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final Map<FeatureView, Stored> views = new ConcurrentHashMap<>();

  private JdbcOnlineStore(Database database) {
    this.database = database.withSchema("feature", JdbcFeatureSchema.STEPS);
  }

  /** The store in this database, which stays open when the store is closed. */
  public static JdbcOnlineStore in(Database database) {
    return new JdbcOnlineStore(database);
  }

  @Override
  public int add(FeatureView view, Iterable<FeatureEvent> events) {
    Stored stored = stored(view);
    return write(view, stored, prepared(stored, List.of(events), Long.MAX_VALUE), Long.MIN_VALUE);
  }

  private static PreparedEvents prepared(
      Stored stored, List<? extends Iterable<FeatureEvent>> batches, long partBytes) {
    return PreparedEvents.of(
        batches,
        () -> new PackedEvents(stored.number, stored.stated, stored.codec),
        stored.stated,
        partBytes);
  }

  /** Writes each part in a transaction of its own, the last one with the watermark. */
  private int write(FeatureView view, Stored stored, PreparedEvents events, long watermark) {
    int added = 0;
    int last = events.parts().size() - 1;
    for (Iterable<Object[]> part : events.parts().subList(0, Math.max(0, last))) {
      added +=
          database.write(
              tx -> {
                lock(tx, stored);
                return addInBulk(tx, stored, part);
              });
    }
    List<Change.Added> changes = new ArrayList<>();
    added +=
        database.write(
            tx -> {
              lock(tx, stored);
              if (watermark != Long.MIN_VALUE) {
                tx.update(SET_WATERMARK, watermark, stored.number);
              }
              return last < 0
                  ? add(tx, stored, events.few(), changes)
                  : addInBulk(tx, stored, events.parts().get(last));
            });
    takeUp(view, stored, changes);
    return added;
  }

  @Override
  public Optional<FeatureEvent> push(FeatureView view, Supplier<FeatureEvent> event) {
    Stored stored = stored(view);
    List<Change.Added> changes = new ArrayList<>();
    Optional<FeatureEvent> added =
        database.write(
            tx -> {
              lock(tx, stored);
              FeatureEvent made = event.get();
              return add(tx, stored, List.of(made), changes) > 0
                  ? Optional.of(made)
                  : Optional.<FeatureEvent>empty();
            });
    takeUp(view, stored, changes);
    return added;
  }

  /** Brings what is kept in memory up to changes that are committed. */
  private void takeUp(FeatureView view, Stored stored, List<Change.Added> changes) {
    for (Change.Added change : changes) {
      EntityKey key = change.events().get(0).key();
      hotKeys.added(new HotKeys.Name(stored.number, key), change);
      listeners.forEach(listener -> listener.changed(view, key, change));
    }
  }

  @Override
  public void listen(Listener listener) {
    listeners.add(listener);
  }

  @Override
  public void ignore(Listener listener) {
    listeners.remove(listener);
  }

  @Override
  public long scan(FeatureView view, EntityKey key, long latest, Visitor visitor) {
    // Seen once and in one go: such a visitor does not begin anew.
    return known(view)
        .map(stored -> scan(stored, key, key.toBytes(), new AllFrom(latest, visitor)))
        .orElse(Long.MIN_VALUE);
  }

  @Override
  public long scan(FeatureView view, EntityKey key, Reader reader) {
    Optional<Stored> known = known(view);
    if (known.isEmpty()) {
      reader.begin(0, Long.MIN_VALUE);
      return Long.MIN_VALUE;
    }
    Stored stored = known.get();
    byte[] entity = key.toBytes();
    if (!database.dialect().hasOneWriter()) {
      return scan(stored, key, entity, reader); // a statement is a transaction there too
    }
    Entity seen = database.readStatement(tx -> entity(tx, stored.number, entity));
    if (!reader.begin(seen.changes, seen.horizon)) {
      return seen.horizon;
    }
    HotKeys.Latest hot = hotKeys.get(new HotKeys.Name(stored.number, key), seen.changes);
    if (hot != null && !descend(hot, reader)) {
      return seen.horizon;
    }
    // Older events are needed too, of the same moment as the number: begun anew.
    return scan(stored, key, entity, reader);
  }

  private long scan(Stored stored, EntityKey key, byte[] entity, Reader reader) {
    return database.read(
        tx -> {
          Entity found = entity(tx, stored.number, entity);
          if (reader.begin(found.changes, found.horizon)) {
            show(tx, stored, key, entity, found.changes, reader);
          }
          return found.horizon;
        });
  }

  private void show(
      Transaction tx, Stored stored, EntityKey key, byte[] entity, long changes, Reader reader)
      throws SQLException {
    HotKeys.Name name = new HotKeys.Name(stored.number, key);
    byte[] ofKey = EventPlace.ofKey(stored.number, entity);
    HotKeys.Latest hot = hotKeys.get(name, changes);
    if (hot == null) {
      hot = read(tx, stored, key, ofKey, reader.latest(), changes);
      hotKeys.put(name, hot);
    }
    if (descend(hot, reader)) {
      tx.scan(
          SCAN,
          row -> reader.visit(event(row, key, ofKey, stored.codec)),
          ofKey,
          EventPlace.after(ofKey, Math.min(reader.latest(), hot.from())));
    }
  }

  /** Shows the events at hand; returns whether the reader wants to see older ones, and some are. */
  private static boolean descend(HotKeys.Latest hot, Reader reader) {
    boolean[] more = {true};
    EventIndex.descend(hot.ascending(), reader.latest(), event -> more[0] = reader.visit(event));
    return more[0] && hot.from() != Long.MIN_VALUE;
  }

  /** A key's latest events: some more than those later than asked for, none if these are many. */
  private static HotKeys.Latest read(
      Transaction tx, Stored stored, EntityKey key, byte[] ofKey, long asked, long changes)
      throws SQLException {
    List<FeatureEvent> descending = new ArrayList<>();
    int[] later = {0};
    tx.scan(
        SCAN,
        row -> {
          FeatureEvent event = event(row, key, ofKey, stored.codec);
          descending.add(event);
          later[0] += event.eventTime() > asked ? 1 : 0;
          return later[0] < READ_AHEAD && descending.size() < later[0] + READ_AHEAD;
        },
        ofKey,
        EventPlace.after(ofKey));
    if (later[0] >= READ_AHEAD) {
      return new HotKeys.Latest(changes, Long.MAX_VALUE, List.of());
    }
    boolean all = descending.size() < later[0] + READ_AHEAD;
    // Of the last event's time there may be more, so it does not count as read.
    long from = all ? Long.MIN_VALUE : descending.get(descending.size() - 1).eventTime();
    if (!all && from == Long.MIN_VALUE) {
      return new HotKeys.Latest(changes, Long.MAX_VALUE, List.of());
    }
    List<FeatureEvent> ascending = new ArrayList<>();
    for (int i = descending.size() - 1; i >= 0; i--) {
      if (all || descending.get(i).eventTime() > from) {
        ascending.add(descending.get(i));
      }
    }
    return new HotKeys.Latest(changes, from, ascending);
  }

  private static FeatureEvent event(ResultSet row, EntityKey key, byte[] ofKey, EventCodec codec)
      throws SQLException {
    return EventPlace.event(key, row.getBytes(1), ofKey.length, codec, row.getBytes(2));
  }

  @Override
  public void bringUp(
      FeatureView view, EntityKey key, Iterable<FeatureEvent> events, long horizon) {
    Stored stored = stored(view);
    byte[] entity = key.toBytes();
    List<FeatureEvent> all = new ArrayList<>();
    events.forEach(all::add);
    List<Change.Added> changes = new ArrayList<>();
    database.write(
        tx -> {
          lock(tx, stored);
          int added = add(tx, stored, all, changes);
          if (hasEvents(tx, EventPlace.ofKey(stored.number, entity))) {
            tx.update(BROUGHT_UP, stored.number, entity, horizon);
          }
          return added;
        });
    takeUp(view, stored, changes);
  }

  static boolean hasEvents(Transaction tx, byte[] ofKey) throws SQLException {
    return tx.first(NEXT, row -> true, ofKey, EventPlace.after(ofKey)).isPresent();
  }

  @Override
  public boolean discard(FeatureView view, EntityKey key, Position firstKept, long horizon) {
    Stored stored = stored(view);
    byte[] entity = key.toBytes();
    byte[] ofKey = EventPlace.ofKey(stored.number, entity);
    byte[] kept = EventPlace.of(ofKey, firstKept.eventTime(), firstKept.known(), firstKept.id());
    int[] discarded = {0};
    Entity left =
        database.write(
            tx -> {
              lock(tx, stored);
              discarded[0] = tx.update(DISCARD, ofKey, kept);
              boolean hasEvents = hasEvents(tx, ofKey);
              if (discarded[0] > 0 && hasEvents) {
                tx.update(CHANGED, stored.number, entity, Long.MIN_VALUE);
              } else if (discarded[0] > 0) {
                forget(tx, stored.number, entity);
              }
              if (hasEvents) {
                tx.update(RAISE, horizon, stored.number, entity, Long.MIN_VALUE, horizon);
              }
              return entity(tx, stored.number, entity);
            });
    if (discarded[0] > 0) {
      Change change = new Change.Discarded(left.changes, firstKept);
      listeners.forEach(listener -> listener.changed(view, key, change));
    }
    return left.horizon != Long.MIN_VALUE;
  }

  /** Forgets what is kept of a key besides its events. */
  private static void forget(Transaction tx, long view, byte[] entity) throws SQLException {
    // The key's own changes are gone: without them the sum would repeat itself.
    tx.update(VIEW_CHANGED, removeEntity(tx, view, entity) + 1, view);
  }

  /** Removes what is kept of a key besides its events; returns how many changes it had had. */
  static long removeEntity(Transaction tx, long view, byte[] entity) throws SQLException {
    long own = tx.first(OWN_CHANGES, row -> row.getLong(1), view, entity).orElse(0L);
    tx.update(FORGET, view, entity);
    return own;
  }

  @Override
  public void visitKeys(FeatureView view, Consumer<EntityKey> keys) {
    visitKeysAfter(view, null, keys);
  }

  @Override
  public void visitKeysAfter(FeatureView view, @Nullable EntityKey last, Consumer<EntityKey> keys) {
    Stored stored = stored(view);
    byte[] ofView = EventPlace.ofView(stored.number);
    byte[] end = EventPlace.after(ofView);
    byte[] from =
        last == null ? ofView : EventPlace.after(EventPlace.ofKey(stored.number, last.toBytes()));
    // From key to key: that is as many steps as there are keys, however many events they have.
    Optional<byte[]> next = next(from, end);
    while (next.isPresent()) {
      byte[] ofKey = EventPlace.ofKey(view, next.get());
      keys.accept(EventPlace.key(view, ofKey));
      next = next(EventPlace.after(ofKey), end);
    }
  }

  private Optional<byte[]> next(byte[] from, byte[] end) {
    return database.read(tx -> tx.first(NEXT, row -> row.getBytes(1), from, end));
  }

  /** Lets go of what is kept in memory: the database belongs to whoever opened it. */
  @Override
  public void close() {
    views.clear();
    hotKeys.clear();
  }

  @Override
  public boolean contains(FeatureView view) {
    return isKnownAsDefined(view) || database.read(tx -> contains(tx, view));
  }

  private boolean isKnownAsDefined(FeatureView view) {
    Stored known = views.get(view);
    return known != null && known.defined;
  }

  private boolean contains(Transaction tx, FeatureView view) throws SQLException {
    // The last version is read first: one that another registers after it is the view itself.
    Optional<Version> last = lastVersion(tx, view.name());
    Optional<Stored> found = find(tx, view);
    found.ifPresent(stored -> views.put(view, stored));
    if (found.isPresent() && found.get().defined) {
      return true;
    }
    if (last.isPresent()) {
      throw new FeatureDefinitionChangedException(
          view.name(), ViewDefinition.difference(last.get().definition, view.definition()));
    }
    return false;
  }

  @Override
  public void define(FeatureView view, long now) {
    if (!contains(view)) {
      database.write(
          tx -> {
            tx.lock(VIEWS_LOCK);
            return contains(tx, view) ? 0 : register(tx, view, now);
          });
      views.remove(view);
    }
  }

  @Override
  public int register(FeatureView view, long now) {
    int version =
        database.write(
            tx -> {
              tx.lock(VIEWS_LOCK);
              return register(tx, view, now);
            });
    views.remove(view);
    return version;
  }

  private static int register(Transaction tx, FeatureView view, long now) throws SQLException {
    Stored stored = findOrAdd(tx, view);
    Object[] described = {
      view.description(), view.owner(), String.join("\n", view.tags()), stored.number
    };
    if (stored.defined) {
      tx.update(DESCRIBE_VIEW, described);
      return stored.version;
    }
    int next = lastVersion(tx, view.name()).map(last -> last.version).orElse(0) + 1;
    tx.update(DEFINE_VIEW, next, now, described[0], described[1], described[2], stored.number);
    return next;
  }

  @Override
  public List<ViewInfo> views() {
    return database.read(JdbcFeatureCatalog::views);
  }

  @Override
  public void registerSet(SetInfo set) {
    database.write(
        tx -> {
          tx.lock(VIEWS_LOCK);
          return JdbcFeatureCatalog.register(tx, set);
        });
  }

  @Override
  public List<SetInfo> sets() {
    return database.read(JdbcFeatureCatalog::sets);
  }

  @Override
  public int erase(String view, Digest version, EntityKey key) {
    return erase(view, version, key, null);
  }

  @Override
  public int eraseRecorded(ViewVersion version, EntityKey key, long now) {
    return erase(version.view(), version.fingerprint(), key, now);
  }

  private int erase(String view, Digest version, EntityKey key, @Nullable Long recorded) {
    Optional<Long> known = database.read(tx -> number(tx, view, version));
    if (known.isEmpty()) {
      return 0;
    }
    long number = known.get();
    byte[] entity = key.toBytes();
    int events =
        database.write(
            tx -> {
              lock(tx, number);
              byte[] ofKey = EventPlace.ofKey(number, entity);
              int erased = tx.update(DISCARD, ofKey, EventPlace.after(ofKey));
              forget(tx, number, entity);
              if (recorded != null) {
                record(tx, number, entity, erased, recorded);
              }
              return erased;
            });
    hotKeys.forget(new HotKeys.Name(number, key));
    used(view, version).ifPresent(of -> listeners.forEach(listener -> listener.erased(of, key)));
    return events;
  }

  /** The version of a view as it was used here, if it was. */
  private Optional<FeatureView> used(String view, Digest version) {
    return views.keySet().stream()
        .filter(of -> of.name().equals(view) && of.fingerprint().equals(version))
        .findFirst();
  }

  private static Optional<Long> number(Transaction tx, String view, Digest version)
      throws SQLException {
    return tx.first(NUMBER, row -> row.getLong(1), view, version.hex());
  }

  @Override
  public void recordErasure(ViewVersion version, EntityKey key, int events, long now) {
    database.write(
        tx -> {
          long number = number(tx, version.view(), version.fingerprint()).orElseThrow();
          record(tx, number, key.toBytes(), events, now);
          return events;
        });
  }

  private static void record(Transaction tx, long view, byte[] entity, int events, long now)
      throws SQLException {
    tx.update(RECORD_ERASURE, view, Digest.of(entity).hex(), now, events);
  }

  @Override
  public List<ViewVersion> versions(String view) {
    return database.read(
        tx ->
            tx.query(
                VERSIONS,
                row -> new ViewVersion(view, new Digest(row.getString(1)), row.getString(2)),
                view));
  }

  @Override
  public void removeTraces() {
    database.truncateLog();
  }

  @Override
  public List<Erasure> erasures(FeatureView view) {
    Stored stored = stored(view);
    return database.read(
        tx ->
            tx.query(
                ERASURES,
                row ->
                    new Erasure(
                        Timestamps.fromMicros(row.getLong(1)),
                        (int) row.getLong(2),
                        new Digest(row.getString(3))),
                stored.number));
  }

  @Override
  public int discardBefore(ViewVersion version, long eventTime) {
    Optional<Long> known = database.read(tx -> number(tx, version.view(), version.fingerprint()));
    if (known.isEmpty() || eventTime == Long.MIN_VALUE) {
      return 0;
    }
    long number = known.get();
    return new JdbcRetention(database, number, version.keyColumns(), eventTime)
        .run(ofKey -> forgetInMemory(version, number, ofKey));
  }

  private void forgetInMemory(ViewVersion version, long number, byte[] ofKey) {
    used(version.view(), version.fingerprint())
        .ifPresent(
            view -> {
              EntityKey key = EventPlace.key(view, ofKey);
              hotKeys.forget(new HotKeys.Name(number, key));
              listeners.forEach(listener -> listener.erased(view, key));
            });
  }

  @Override
  public long watermark(FeatureView view) {
    Stored stored = stored(view);
    return database.read(
        tx ->
            tx.first(
                    WATERMARK,
                    row -> {
                      long watermark = row.getLong(1);
                      return row.wasNull() ? Long.MIN_VALUE : watermark;
                    },
                    stored.number)
                .orElse(Long.MIN_VALUE));
  }

  @Override
  public int addUpTo(
      FeatureView view, List<? extends Iterable<FeatureEvent>> batches, long watermark) {
    Stored stored = stored(view);
    return write(view, stored, prepared(stored, batches, PART_BYTES), watermark);
  }

  @Override
  public void addTo(EventIndex.Builder index, FeatureView view) {
    forEachEvent(
        view,
        event -> {
          index.add(event);
          return true;
        });
  }

  @Override
  public void forEachKey(FeatureView view, BiConsumer<EntityKey, List<FeatureEvent>> keys) {
    List<FeatureEvent> ofKey = new ArrayList<>();
    forEachEvent(
        view,
        event -> {
          if (!ofKey.isEmpty() && !ofKey.get(0).key().equals(event.key())) {
            keys.accept(ofKey.get(0).key(), List.copyOf(ofKey));
            ofKey.clear();
          }
          ofKey.add(event);
          return true;
        });
    if (!ofKey.isEmpty()) {
      keys.accept(ofKey.get(0).key(), List.copyOf(ofKey));
    }
  }

  /** Shows all events of a view, key by key, each key's in ascending order. */
  private void forEachEvent(FeatureView view, Visitor visitor) {
    Stored stored = stored(view);
    AllEvents all = new AllEvents(view, stored.codec, visitor);
    byte[] ofView = EventPlace.ofView(stored.number);
    database.read(
        tx -> {
          tx.scan(SCAN_ALL, all, ofView, EventPlace.after(ofView));
          return all;
        });
  }

  /**
   * Writers of one view one after the other, wherever they run: an event that is pushed gets its
   * known time when all writes before have ended.
   */
  private static void lock(Transaction tx, Stored stored) throws SQLException {
    lock(tx, stored.number);
  }

  static void lock(Transaction tx, long view) throws SQLException {
    tx.lock("feature view " + view);
  }

  private static int add(
      Transaction tx, Stored stored, List<FeatureEvent> events, List<Change.Added> changes)
      throws SQLException {
    changes.clear();
    Map<EntityKey, List<FeatureEvent>> byKey = new LinkedHashMap<>();
    for (FeatureEvent event : events) {
      byKey.computeIfAbsent(event.key(), key -> new ArrayList<>()).add(event);
    }
    int added = 0;
    for (Map.Entry<EntityKey, List<FeatureEvent>> one : byKey.entrySet()) {
      byte[] entity = one.getKey().toBytes();
      byte[] ofKey = EventPlace.ofKey(stored.number, entity);
      List<FeatureEvent> list = one.getValue();
      int ofThis =
          insert(
              tx,
              stored,
              () -> list.stream().map(event -> columns(stored, ofKey, event)).iterator());
      if (ofThis > 0) {
        tx.update(CHANGED, stored.number, entity, Long.MIN_VALUE);
        if (ofThis == list.size()) {
          changes.add(new Change.Added(entity(tx, stored.number, entity).changes, list));
        }
      }
      added += ofThis;
    }
    return added;
  }

  private static int insert(Transaction tx, Stored stored, Iterable<Object[]> rows)
      throws SQLException {
    return stored.stated
        ? tx.insert(INTO_STATED_EVENTS, "(?, ?, ?, ?)", UNLESS_KNOWN, rows)
        : tx.insert(INTO_EVENTS, "(?, ?, ?)", UNLESS_KNOWN, rows);
  }

  private static Object[] columns(Stored stored, byte[] ofKey, FeatureEvent event) {
    byte[] place = EventPlace.of(ofKey, event.eventTime(), event.known(), event.id());
    byte[] content = stored.codec.encode(event.values());
    return stored.stated
        ? new Object[] {place, event.eventTime(), content, EventPlace.statedId(place, ofKey.length)}
        : new Object[] {place, event.eventTime(), content};
  }

  /** Adds many events in the order in which they lie in the table, as one change of their view. */
  private static int addInBulk(Transaction tx, Stored stored, Iterable<Object[]> rows)
      throws SQLException {
    int added = insert(tx, stored, rows);
    if (added > 0) {
      tx.update(VIEW_CHANGED, 1, stored.number);
    }
    return added;
  }

  /** The view's number, given to it if it has none. */
  private Stored stored(FeatureView view) {
    Optional<Stored> known = known(view);
    if (known.isPresent()) {
      return known.get();
    }
    Stored added =
        database.write(
            tx -> {
              tx.lock(VIEWS_LOCK);
              return findOrAdd(tx, view);
            });
    views.put(view, added);
    return added;
  }

  private Optional<Stored> known(FeatureView view) {
    Stored known = views.get(view);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<Stored> found = database.read(tx -> find(tx, view));
    found.ifPresent(stored -> views.put(view, stored));
    return found;
  }

  private static Stored findOrAdd(Transaction tx, FeatureView view) throws SQLException {
    Optional<Stored> found = find(tx, view);
    if (found.isPresent()) {
      return found.get();
    }
    tx.update(ADD_VIEW, view.name(), view.fingerprint().hex(), view.definition());
    return find(tx, view).orElseThrow();
  }

  private static Optional<Stored> find(Transaction tx, FeatureView view) throws SQLException {
    return tx.first(
        FIND_VIEW,
        row -> {
          long number = row.getLong(1);
          int version = (int) row.getLong(2);
          boolean defined = !row.wasNull();
          return new Stored(
              number, version, defined, view.eventId().isPresent(), new EventCodec(view));
        },
        view.name(),
        view.fingerprint().hex());
  }

  private static Optional<Version> lastVersion(Transaction tx, String name) throws SQLException {
    return tx.first(LAST_VERSION, row -> new Version((int) row.getLong(1), row.getString(2)), name);
  }

  private static Entity entity(Transaction tx, long view, byte[] entity) throws SQLException {
    return tx.first(
            ENTITY,
            row -> {
              long changes = row.getLong(1);
              long horizon = row.getLong(2);
              return new Entity(changes, row.wasNull() ? Long.MIN_VALUE : horizon);
            },
            entity,
            view)
        .orElse(Entity.NONE);
  }

  /**
   * A view as it is stored.
   *
   * @param version its number among those of its name, if it is defined
   * @param defined whether somebody has registered it, as nobody does in a store by itself
   * @param stated whether its events have ids of their own, by which they are told apart
   */
  private record Stored(
      long number, int version, boolean defined, boolean stated, EventCodec codec) {}

  /** A number, and the definition that it is the number of. */
  private record Version(int version, String definition) {}

  /** Shows a visitor all events up to a time. */
  private record AllFrom(long latest, Visitor visitor) implements Reader {

    @Override
    public boolean begin(long number, long horizon) {
      return true;
    }

    @Override
    public boolean visit(FeatureEvent event) {
      return visitor.visit(event);
    }
  }

  private record Entity(long changes, long horizon) {
    static final Entity NONE = new Entity(0, Long.MIN_VALUE);
  }

  /** Makes events of the rows of a whole view, which come key by key. */
  private static final class AllEvents implements RowVisitor {

    private final FeatureView view;
    private final EventCodec codec;
    private final Visitor visitor;
    private byte[] ofKey = {};
    private @Nullable EntityKey key;

    AllEvents(FeatureView view, EventCodec codec, Visitor visitor) {
      this.view = view;
      this.codec = codec;
      this.visitor = visitor;
    }

    @Override
    public boolean visit(ResultSet row) throws SQLException {
      byte[] place = row.getBytes(1);
      EntityKey current = key;
      if (current == null || !EventPlace.isOf(place, ofKey)) {
        ofKey = EventPlace.ofKey(view, place);
        current = EventPlace.key(view, ofKey);
        key = current;
      }
      return visitor.visit(EventPlace.event(current, place, ofKey.length, codec, row.getBytes(2)));
    }
  }
}
