package dev.mlops4j.feature;

import dev.mlops4j.Digest;
import dev.mlops4j.data.Timestamps;
import dev.mlops4j.storage.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Which views and sets there are, in the tables of {@link JdbcOnlineStore}. */
final class JdbcFeatureCatalog {

  private static final String VIEWS =
      "SELECT name, version, fingerprint, definition, registered, description, owner, tags,"
          + " materialized, number FROM feature_view WHERE version IS NOT NULL"
          + " ORDER BY name, version";
  private static final String EVENTS =
      "SELECT COUNT(*), MAX(event_time) FROM feature_event WHERE place >= ? AND place < ?";
  private static final String FIND_SETS =
      "SELECT version, fingerprint FROM feature_set WHERE name = ? ORDER BY version DESC";
  private static final String ADD_SET =
      "INSERT INTO feature_set (name, version, fingerprint, definition, views, registered,"
          + " description, owner) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
  private static final String SETS =
      "SELECT name, version, fingerprint, definition, views, registered, description, owner"
          + " FROM feature_set ORDER BY name, version";

  private JdbcFeatureCatalog() {}

  static List<ViewInfo> views(Transaction tx) throws SQLException {
    List<ViewInfo> views = new ArrayList<>();
    for (Counted counted : tx.query(VIEWS, JdbcFeatureCatalog::view)) {
      byte[] ofView = EventPlace.ofView(counted.number);
      views.addAll(tx.query(EVENTS, row -> counted.with(row), ofView, EventPlace.after(ofView)));
    }
    return views;
  }

  private static Counted view(ResultSet row) throws SQLException {
    String tags = row.getString(8);
    long materialized = row.getLong(9);
    boolean neverMaterialized = row.wasNull();
    ViewInfo view =
        new ViewInfo(
            row.getString(1),
            (int) row.getLong(2),
            new Digest(row.getString(3)),
            row.getString(4),
            Timestamps.fromMicros(row.getLong(5)),
            row.getString(6),
            row.getString(7),
            tags.isEmpty() ? List.of() : List.of(tags.split("\n")),
            0,
            null,
            neverMaterialized ? null : Timestamps.fromMicros(materialized));
    return new Counted(row.getLong(10), view);
  }

  /** Takes up a set as the next version of its name, if it is not there; returns how many. */
  static int register(Transaction tx, SetInfo set) throws SQLException {
    List<Named> named =
        tx.query(FIND_SETS, row -> new Named((int) row.getLong(1), row.getString(2)), set.name());
    String fingerprint = set.fingerprint().hex();
    if (named.stream().anyMatch(one -> one.fingerprint.equals(fingerprint))) {
      return 0;
    }
    return tx.update(
        ADD_SET,
        set.name(),
        named.isEmpty() ? 1 : named.get(0).version + 1,
        fingerprint,
        set.definition(),
        set.views().stream().map(Digest::hex).collect(Collectors.joining("\n")),
        Timestamps.toMicros(set.registered()),
        set.description(),
        set.owner());
  }

  static List<SetInfo> sets(Transaction tx) throws SQLException {
    return tx.query(
        SETS,
        row ->
            new SetInfo(
                row.getString(1),
                (int) row.getLong(2),
                new Digest(row.getString(3)),
                row.getString(4),
                row.getString(5).lines().map(Digest::new).toList(),
                Timestamps.fromMicros(row.getLong(6)),
                row.getString(7),
                row.getString(8)));
  }

  /** A view by its number, whose events are to be counted. */
  private record Counted(long number, ViewInfo view) {

    ViewInfo with(ResultSet events) throws SQLException {
      long count = events.getLong(1);
      return new ViewInfo(
          view.name(),
          view.version(),
          view.fingerprint(),
          view.definition(),
          view.registered(),
          view.description(),
          view.owner(),
          view.tags(),
          count,
          count == 0 ? null : Timestamps.fromMicros(events.getLong(2)),
          view.materialized());
    }
  }

  /** A version of the name. */
  private record Named(int version, String fingerprint) {}
}
