package dev.mlops4j.feature;

import dev.mlops4j.storage.Database;
import dev.mlops4j.storage.Transaction;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Removes the events of a view that are older than a moment, from key to key, and the keys that
 * have none then: as many steps as there are keys, however many events they keep.
 */
final class JdbcRetention {

  /** How many events are removed in one transaction, as other writers wait for its end. */
  static final int MOST_EVENTS = 10_000;

  private static final int MOST_KEYS = 10_000;

  private static final String AFTER_MANY =
      "SELECT place FROM feature_event WHERE place >= ? AND place < ? ORDER BY place"
          + " LIMIT 1 OFFSET ?";

  private final Database database;
  private final long view;
  private final int keyColumns;
  private final long eventTime;

  /**
   * A removal.
   *
   * @param view its number
   * @param keyColumns how many columns its key has
   * @param eventTime of the earliest events that stay
   */
  JdbcRetention(Database database, long view, int keyColumns, long eventTime) {
    this.database = database;
    this.view = view;
    this.keyColumns = keyColumns;
    this.eventTime = eventTime;
  }

  /**
   * Removes them, each part in a transaction of its own.
   *
   * @param gone is shown what the places of each key began with that has no events any more
   * @return how many events were removed
   */
  int run(Consumer<byte[]> gone) {
    int discarded = 0;
    Optional<byte[]> next = Optional.of(EventPlace.ofView(view));
    while (next.isPresent()) {
      byte[] from = next.get();
      Part part = database.write(tx -> part(tx, from));
      part.gone.forEach(gone);
      discarded += part.discarded;
      next = part.next;
    }
    return discarded;
  }

  /**
   * What one transaction did.
   *
   * @param next where to go on, if that was not all
   */
  private record Part(int discarded, List<byte[]> gone, Optional<byte[]> next) {}

  private Part part(Transaction tx, byte[] start) throws SQLException {
    JdbcOnlineStore.lock(tx, view);
    byte[] end = EventPlace.after(EventPlace.ofView(view));
    Optional<byte[]> from = Optional.of(start);
    int discarded = 0;
    long changes = 0;
    List<byte[]> gone = new ArrayList<>();
    for (int keys = 0; from.isPresent() && keys < MOST_KEYS && discarded < MOST_EVENTS; keys++) {
      Optional<byte[]> first =
          tx.first(JdbcOnlineStore.NEXT, row -> row.getBytes(1), from.get(), end);
      if (first.isEmpty()) {
        from = Optional.empty();
      } else {
        byte[] ofKey = EventPlace.ofKey(keyColumns, first.get());
        int ofThis = discard(tx, ofKey, first.get(), MOST_EVENTS - discarded);
        discarded += ofThis;
        if (ofThis > 0 && !JdbcOnlineStore.hasEvents(tx, ofKey)) {
          changes = Math.max(changes, JdbcOnlineStore.removeEntity(tx, view, entity(ofKey)));
          gone.add(ofKey);
        }
        // Of this key there may be more.
        from = Optional.of(discarded < MOST_EVENTS ? EventPlace.after(ofKey) : ofKey);
      }
    }
    if (discarded > 0) {
      // More than the keys' own changes that are gone, or the sums would repeat themselves.
      tx.update(JdbcOnlineStore.VIEW_CHANGED, changes + 1, view);
    }
    return new Part(discarded, gone, from);
  }

  private int discard(Transaction tx, byte[] ofKey, byte[] first, int most) throws SQLException {
    byte[] end = EventPlace.after(ofKey, eventTime - 1);
    if (Arrays.compareUnsigned(first, end) >= 0) {
      return 0;
    }
    Optional<byte[]> afterMany = tx.first(AFTER_MANY, row -> row.getBytes(1), ofKey, end, most);
    return tx.update(JdbcOnlineStore.DISCARD, ofKey, afterMany.orElse(end));
  }

  private static byte[] entity(byte[] ofKey) {
    return Arrays.copyOfRange(ofKey, Integer.BYTES, ofKey.length);
  }
}
