package dev.mlops4j.feature;

import dev.mlops4j.storage.Database;
import dev.mlops4j.storage.Dialect;
import dev.mlops4j.storage.Migration;
import dev.mlops4j.storage.RowVisitor;
import dev.mlops4j.storage.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
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

  private static final List<Migration> SCHEMA =
      List.of(new Migration(1, 1, JdbcOnlineStore::first));

  /** Held to give a view its number or definition, of which there is one. */
  private static final String VIEWS_LOCK = "feature views";

  private static final String FIND_VIEW =
      "SELECT number, definition FROM feature_view WHERE name = ?";
  private static final String ADD_VIEW =
      "INSERT INTO feature_view (name, definition) VALUES (?, ?)";
  private static final String DEFINE_VIEW = "UPDATE feature_view SET definition = ? WHERE name = ?";
  private static final String ADD_EVENT =
      "INSERT INTO feature_event (view, entity, event_time, known, id, content)"
          + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
  private static final String CHANGED =
      "INSERT INTO feature_entity (view, entity, changes, horizon) VALUES (?, ?, 1, ?)"
          + " ON CONFLICT (view, entity) DO UPDATE SET changes = feature_entity.changes + 1,"
          + " horizon = CASE WHEN excluded.horizon > feature_entity.horizon"
          + " THEN excluded.horizon ELSE feature_entity.horizon END";
  private static final String ENTITY =
      "SELECT changes, horizon FROM feature_entity WHERE view = ? AND entity = ?";
  private static final String SCAN =
      "SELECT event_time, known, id, content FROM feature_event"
          + " WHERE view = ? AND entity = ? AND event_time <= ?"
          + " ORDER BY event_time DESC, known DESC, id DESC";
  private static final String SCAN_ALL =
      "SELECT event_time, known, id, content, entity FROM feature_event WHERE view = ?"
          + " ORDER BY entity, event_time, known, id";
  private static final String DISCARD =
      "DELETE FROM feature_event WHERE view = ? AND entity = ?"
          + " AND (event_time, known, id) < (?, ?, ?)";

  private final Database database;
  private final HotKeys hotKeys = new HotKeys();
  private final Map<String, Stored> views = new ConcurrentHashMap<>();

  private JdbcOnlineStore(Database database) {
    this.database = database.withSchema("feature", SCHEMA);
  }

  /** The store in this database, which stays open when the store is closed. */
  public static JdbcOnlineStore in(Database database) {
    return new JdbcOnlineStore(database);
  }

  @Override
  public int add(FeatureView view, Iterable<FeatureEvent> events) {
    Stored stored = stored(view);
    List<Change> changes = new ArrayList<>();
    int added =
        database.write(
            tx -> {
              lock(tx, stored);
              return add(tx, stored, events, changes);
            });
    takeUp(stored, changes);
    return added;
  }

  @Override
  public Optional<FeatureEvent> push(FeatureView view, Supplier<FeatureEvent> event) {
    Stored stored = stored(view);
    List<Change> changes = new ArrayList<>();
    Optional<FeatureEvent> added =
        database.write(
            tx -> {
              lock(tx, stored);
              FeatureEvent made = event.get();
              return add(tx, stored, List.of(made), changes) > 0
                  ? Optional.of(made)
                  : Optional.<FeatureEvent>empty();
            });
    takeUp(stored, changes);
    return added;
  }

  private void takeUp(Stored stored, List<Change> changes) {
    for (Change change : changes) {
      hotKeys.added(
          new HotKeys.Name(stored.number, change.event.key()), change.event, change.number);
    }
  }

  @Override
  public long scan(FeatureView view, EntityKey key, long latest, Visitor visitor) {
    Optional<Stored> known = known(view);
    if (known.isEmpty()) {
      return Long.MIN_VALUE;
    }
    Stored stored = known.get();
    HotKeys.Name name = new HotKeys.Name(stored.number, key);
    byte[] entity = key.toBytes();
    return database.read(
        tx -> {
          Entity found = entity(tx, stored.number, entity);
          HotKeys.Latest hot = hotKeys.get(name, found.changes);
          if (hot == null) {
            hot = read(tx, stored, key, entity, latest, found.changes);
            hotKeys.put(name, hot);
          }
          boolean[] more = {true};
          EventIndex.descend(hot.ascending(), latest, event -> more[0] = visitor.visit(event));
          if (more[0]) {
            tx.scan(
                SCAN,
                row -> visitor.visit(event(row, key, stored.codec)),
                stored.number,
                entity,
                Math.min(latest, hot.from()));
          }
          return found.horizon;
        });
  }

  /** A key's latest events: some more than those later than asked for, none if these are many. */
  private static HotKeys.Latest read(
      Transaction tx, Stored stored, EntityKey key, byte[] entity, long asked, long changes)
      throws SQLException {
    List<FeatureEvent> descending = new ArrayList<>();
    int[] later = {0};
    tx.scan(
        SCAN,
        row -> {
          FeatureEvent event = event(row, key, stored.codec);
          descending.add(event);
          later[0] += event.eventTime() > asked ? 1 : 0;
          return later[0] < READ_AHEAD && descending.size() < later[0] + READ_AHEAD;
        },
        stored.number,
        entity,
        Long.MAX_VALUE);
    if (later[0] >= READ_AHEAD) {
      return new HotKeys.Latest(changes, Long.MAX_VALUE, List.of());
    }
    boolean all = descending.size() < later[0] + READ_AHEAD;
    // Of the last event's time there may be more, so it does not count as read.
    long from = all ? Long.MIN_VALUE : descending.get(descending.size() - 1).eventTime();
    List<FeatureEvent> ascending = new ArrayList<>();
    for (int i = descending.size() - 1; i >= 0; i--) {
      if (descending.get(i).eventTime() > from) {
        ascending.add(descending.get(i));
      }
    }
    return new HotKeys.Latest(changes, from, ascending);
  }

  private static FeatureEvent event(ResultSet row, EntityKey key, EventCodec codec)
      throws SQLException {
    return new FeatureEvent(
        key, row.getLong(1), row.getLong(2), row.getString(3), codec.decode(row.getBytes(4)));
  }

  @Override
  public void discard(FeatureView view, EntityKey key, Position firstKept, long horizon) {
    Stored stored = stored(view);
    byte[] entity = key.toBytes();
    database.write(
        tx -> {
          lock(tx, stored);
          tx.update(
              DISCARD,
              stored.number,
              entity,
              firstKept.eventTime(),
              firstKept.known(),
              firstKept.id());
          return tx.update(CHANGED, stored.number, entity, horizon);
        });
  }

  /** Does nothing: the database belongs to whoever opened it. */
  @Override
  public void close() {
    views.clear();
    hotKeys.clear();
  }

  @Override
  public boolean contains(FeatureView view) {
    Stored known = views.get(view.name());
    if (known != null && known.definition != null) {
      check(view, known.definition);
      return true;
    }
    Optional<Stored> found = database.read(tx -> find(tx, view));
    found.map(stored -> stored.definition).ifPresent(definition -> check(view, definition));
    found.ifPresent(stored -> views.put(view.name(), stored));
    return found.isPresent() && found.get().definition != null;
  }

  @Override
  public void define(FeatureView view) {
    if (contains(view)) {
      return;
    }
    database.write(
        tx -> {
          tx.lock(VIEWS_LOCK);
          Optional<Stored> found = find(tx, view);
          if (found.isEmpty()) {
            return tx.update(ADD_VIEW, view.name(), view.definition());
          }
          if (found.get().definition == null) {
            return tx.update(DEFINE_VIEW, view.definition(), view.name());
          }
          return 0;
        });
    views.remove(view.name());
    contains(view);
  }

  @Override
  public EventIndex index(FeatureView view) {
    EventIndex.Builder index = new EventIndex.Builder(view);
    forEachEvent(
        view,
        event -> {
          index.add(event);
          return true;
        });
    return index.build();
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
    database.read(
        tx -> {
          tx.scan(SCAN_ALL, all, stored.number);
          return all;
        });
  }

  private static List<String> first(Dialect dialect) {
    return List.of(
        "CREATE TABLE feature_view (number "
            + dialect.identity()
            + ", name TEXT NOT NULL UNIQUE, definition TEXT)",
        "CREATE TABLE feature_event (view BIGINT NOT NULL, entity "
            + dialect.bytes()
            + " NOT NULL, event_time BIGINT NOT NULL, known BIGINT NOT NULL, id "
            + dialect.orderedText()
            + " NOT NULL,"
            + " content "
            + dialect.bytes()
            + " NOT NULL, PRIMARY KEY (view, entity, event_time, known, id))"
            + dialect.keptByPrimaryKey(),
        "CREATE UNIQUE INDEX feature_event_id ON feature_event (view, id)",
        "CREATE TABLE feature_entity (view BIGINT NOT NULL, entity "
            + dialect.bytes()
            + " NOT NULL, changes BIGINT NOT NULL, horizon BIGINT NOT NULL,"
            + " PRIMARY KEY (view, entity))"
            + dialect.keptByPrimaryKey());
  }

  /**
   * Writers of one view one after the other, wherever they run: an event that is pushed gets its
   * known time when all writes before have ended.
   */
  private static void lock(Transaction tx, Stored stored) throws SQLException {
    tx.lock("feature view " + stored.number);
  }

  private static int add(
      Transaction tx, Stored stored, Iterable<FeatureEvent> events, List<Change> changes)
      throws SQLException {
    changes.clear();
    Set<String> ids = new HashSet<>();
    Map<EntityKey, List<FeatureEvent>> byKey = new LinkedHashMap<>();
    for (FeatureEvent event : events) {
      if (ids.add(event.id())) {
        byKey.computeIfAbsent(event.key(), key -> new ArrayList<>()).add(event);
      }
    }
    int added = 0;
    for (Map.Entry<EntityKey, List<FeatureEvent>> one : byKey.entrySet()) {
      byte[] entity = one.getKey().toBytes();
      List<FeatureEvent> list = one.getValue();
      int ofKey =
          tx.batch(
              ADD_EVENT,
              () ->
                  list.stream()
                      .map(
                          event ->
                              new @Nullable Object[] {
                                stored.number,
                                entity,
                                event.eventTime(),
                                event.known(),
                                event.id(),
                                stored.codec.encode(event.values())
                              })
                      .iterator());
      if (ofKey > 0) {
        long number =
            tx.insertReturningId(
                CHANGED + " RETURNING changes", stored.number, entity, Long.MIN_VALUE);
        if (list.size() == 1) {
          changes.add(new Change(list.get(0), number));
        }
      }
      added += ofKey;
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
              Optional<Stored> meanwhile = find(tx, view);
              if (meanwhile.isPresent()) {
                return meanwhile.get();
              }
              tx.update(ADD_VIEW, view.name(), null);
              return find(tx, view).orElseThrow();
            });
    views.put(view.name(), added);
    return added;
  }

  private Optional<Stored> known(FeatureView view) {
    Stored known = views.get(view.name());
    if (known != null && known.codec.isOf(view)) {
      return Optional.of(known);
    }
    Optional<Stored> found = database.read(tx -> find(tx, view));
    found.ifPresent(stored -> views.put(view.name(), stored));
    return found;
  }

  private static Optional<Stored> find(Transaction tx, FeatureView view) throws SQLException {
    return tx.first(
        FIND_VIEW,
        row -> new Stored(row.getLong(1), row.getString(2), new EventCodec(view)),
        view.name());
  }

  private static Entity entity(Transaction tx, long view, byte[] entity) throws SQLException {
    return tx.first(ENTITY, row -> new Entity(row.getLong(1), row.getLong(2)), view, entity)
        .orElse(Entity.NONE);
  }

  private static void check(FeatureView view, String definition) {
    if (!definition.equals(view.definition())) {
      throw new FeatureDefinitionChangedException(
          view.name(), ViewDefinition.difference(definition, view.definition()));
    }
  }

  /** A view as it is stored; without definition if nobody defined it, as in a store by itself. */
  private record Stored(long number, @Nullable String definition, EventCodec codec) {}

  /** An event that was the one thing in its key's change of this number. */
  private record Change(FeatureEvent event, long number) {}

  private record Entity(long changes, long horizon) {
    static final Entity NONE = new Entity(0, Long.MIN_VALUE);
  }

  /** Makes events of the rows of a whole view, which come key by key. */
  private static final class AllEvents implements RowVisitor {

    private final FeatureView view;
    private final EventCodec codec;
    private final Visitor visitor;
    private byte[] entity = {};
    private @Nullable EntityKey key;

    AllEvents(FeatureView view, EventCodec codec, Visitor visitor) {
      this.view = view;
      this.codec = codec;
      this.visitor = visitor;
    }

    @Override
    public boolean visit(ResultSet row) throws SQLException {
      byte[] next = row.getBytes(5);
      EntityKey current = key;
      if (current == null || !Arrays.equals(entity, next)) {
        current = EntityKey.fromBytes(view, next);
        entity = next;
        key = current;
      }
      return visitor.visit(event(row, current, codec));
    }
  }
}
