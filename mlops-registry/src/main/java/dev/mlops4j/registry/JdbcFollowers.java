package dev.mlops4j.registry;

import dev.mlops4j.Digest;
import dev.mlops4j.data.Timestamps;
import dev.mlops4j.storage.Transaction;
import dev.mlops4j.workspace.ProcessIdentity;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Followers in the tables of {@link JdbcRegistrySchema}. */
final class JdbcFollowers {

  private static final String FEATURES = "FEATURES";
  private static final String FORMAT = "FORMAT";

  private JdbcFollowers() {}

  static void put(Transaction tx, FollowerRecord follower) throws SQLException {
    remove(tx, follower.id());
    Set<Digest> features = follower.capabilities().featureFingerprints();
    Set<String> formats = follower.capabilities().formats();
    tx.update(
        "INSERT INTO follower (id, name, model, stage, alias, host, process_space, pid, process_started,"
            + " any_features, any_format, started_at, seen_at, loaded)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        follower.id(),
        follower.name(),
        follower.model(),
        (follower.followed().stage() == null ? Stage.NONE : follower.followed().stage()).name(),
        follower.followed().alias(),
        follower.process().host(),
        follower.process().space(),
        follower.process().pid(),
        follower.process().started(),
        features == null,
        formats == null,
        Timestamps.toMicros(follower.startedAt()),
        Timestamps.toMicros(follower.seenAt()),
        follower.loaded());
    if (features != null) {
      putCapabilities(
          tx,
          follower.id(),
          FEATURES,
          features.stream().map(Digest::hex).collect(Collectors.toSet()));
    }
    if (formats != null) {
      putCapabilities(tx, follower.id(), FORMAT, formats);
    }
  }

  static void remove(Transaction tx, String id) throws SQLException {
    // A follower is in several rows; whoever else puts or removes it waits.
    tx.lock("follower " + id);
    tx.update("DELETE FROM follower_capability WHERE follower_id = ?", id);
    tx.update("DELETE FROM follower WHERE id = ?", id);
  }

  static List<FollowerRecord> of(Transaction tx, String model) throws SQLException {
    Map<String, Set<String>> features = capabilities(tx, model, FEATURES);
    Map<String, Set<String>> formats = capabilities(tx, model, FORMAT);
    return tx.query(
        "SELECT * FROM follower WHERE model = ? ORDER BY started_at, id",
        row -> follower(row, features, formats),
        model);
  }

  private static void putCapabilities(
      Transaction tx, String followerId, String kind, Set<String> values) throws SQLException {
    for (String value : values) {
      tx.update(
          "INSERT INTO follower_capability (follower_id, kind, value) VALUES (?, ?, ?)",
          followerId,
          kind,
          value);
    }
  }

  private static Map<String, Set<String>> capabilities(Transaction tx, String model, String kind)
      throws SQLException {
    Map<String, Set<String>> values = new TreeMap<>();
    tx.scan(
        "SELECT c.follower_id, c.value FROM follower f"
            + " JOIN follower_capability c ON c.follower_id = f.id"
            + " WHERE f.model = ? AND c.kind = ?",
        row -> {
          values.computeIfAbsent(row.getString(1), id -> new HashSet<>()).add(row.getString(2));
          return true;
        },
        model,
        kind);
    return values;
  }

  /** A follower of an alias has the stage NONE, which nobody follows. */
  private static Followed followed(String stage, @Nullable String alias) {
    return alias == null ? Followed.stage(Stage.valueOf(stage)) : Followed.alias(alias);
  }

  private static FollowerRecord follower(
      ResultSet row, Map<String, Set<String>> features, Map<String, Set<String>> formats)
      throws SQLException {
    String id = row.getString("id");
    Set<Digest> fingerprints =
        features.getOrDefault(id, Set.of()).stream().map(Digest::new).collect(Collectors.toSet());
    Capabilities capabilities =
        new Capabilities(
            row.getInt("any_features") != 0 ? null : fingerprints,
            row.getInt("any_format") != 0 ? null : formats.getOrDefault(id, Set.of()));
    int loaded = row.getInt("loaded");
    @Nullable Integer loadedOrNull = row.wasNull() ? null : loaded;
    return new FollowerRecord(
        id,
        row.getString("name"),
        row.getString("model"),
        followed(row.getString("stage"), row.getString("alias")),
        new ProcessIdentity(
            row.getString("host"),
            row.getString("process_space"),
            row.getLong("pid"),
            row.getString("process_started")),
        capabilities,
        Timestamps.fromMicros(row.getLong("started_at")),
        Timestamps.fromMicros(row.getLong("seen_at")),
        loadedOrNull);
  }
}
