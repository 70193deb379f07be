package dev.mlops4j.registry;

import dev.mlops4j.Digest;
import dev.mlops4j.data.Timestamps;
import dev.mlops4j.model.Manifest;
import dev.mlops4j.model.StoredPackage;
import dev.mlops4j.storage.Database;
import dev.mlops4j.storage.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The registry in a relational database. Its tables are made at the first use. */
public final class JdbcRegistryStore implements RegistryStore {

  private static final String VERSIONS =
      "SELECT m.name, v.* FROM model m JOIN model_version v ON v.model_no = m.no WHERE m.name = ?";

  private final Database database;

  /** A store in this database, which stays the caller's to close. */
  public JdbcRegistryStore(Database database) {
    this.database = database.withSchema(JdbcRegistrySchema.COMPONENT, JdbcRegistrySchema.STEPS);
  }

  @Override
  public List<ModelVersion> register(List<Registration> registrations, Instant at) {
    // In one order for all, or two that register several models would wait for each other.
    List<String> models =
        registrations.stream().map(Registration::model).distinct().sorted().toList();
    return database.write(
        tx -> {
          for (String model : models) {
            lock(tx, model);
          }
          List<ModelVersion> versions = new ArrayList<>();
          for (Registration registration : registrations) {
            Optional<ModelVersion> known = find(tx, registration);
            versions.add(known.isPresent() ? known.get() : add(tx, registration, at));
          }
          return versions;
        });
  }

  @Override
  public Optional<Origin> origin(String model, int number) {
    return database.read(
        tx ->
            tx.first(
                        "SELECT no FROM model WHERE name = ? AND ? BETWEEN 1 AND last_number",
                        row -> row.getLong(1),
                        model,
                        number)
                    .isEmpty()
                ? Optional.empty()
                : Optional.of(JdbcOrigins.find(tx, modelNo(tx, model), number)));
  }

  @Override
  public Optional<ModelInfo> info(String model) {
    return database.read(tx -> JdbcModelInfo.find(tx, model));
  }

  @Override
  public boolean describe(ModelInfo expected, ModelInfo next) {
    return database.write(
        tx -> {
          lock(tx, expected.model());
          boolean asExpected =
              JdbcModelInfo.find(tx, expected.model()).filter(expected::equals).isPresent();
          if (asExpected) {
            JdbcModelInfo.put(tx, modelNo(tx, expected.model()), next);
          }
          return asExpected;
        });
  }

  @Override
  public Optional<ModelVersion> deletedVersion(String model, int number) {
    return database.read(
        tx ->
            tx.first(
                "SELECT m.name, v.* FROM model m JOIN model_version_deleted v ON v.model_no = m.no"
                    + " WHERE m.name = ? AND v.number = ?",
                JdbcRegistryStore::version,
                model,
                number));
  }

  @Override
  public List<String> models() {
    return database.read(
        tx ->
            tx.query("SELECT name FROM model", row -> row.getString(1)).stream().sorted().toList());
  }

  @Override
  public List<ModelVersion> versions(String model) {
    return database.read(
        tx -> tx.query(VERSIONS + " ORDER BY v.number", JdbcRegistryStore::version, model));
  }

  @Override
  public Optional<ModelVersion> version(String model, int number) {
    return database.read(
        tx -> tx.first(VERSIONS + " AND v.number = ?", JdbcRegistryStore::version, model, number));
  }

  @Override
  public Optional<ModelVersion> currentIn(String model, Stage stage) {
    if (stage == Stage.NONE) {
      return Optional.empty();
    }
    return database.read(
        tx ->
            tx.first(
                VERSIONS + " AND v.stage = ? ORDER BY v.moved_in DESC LIMIT 1",
                JdbcRegistryStore::version,
                model,
                stage.name()));
  }

  @Override
  public long changeCount(String model) {
    return database.read(tx -> changeCount(tx, model));
  }

  @Override
  public boolean append(String model, long expectedCount, List<HistoryEntry> entries) {
    return database.write(
        tx -> {
          lock(tx, model);
          if (changeCount(tx, model) != expectedCount) {
            return false;
          }
          long modelNo = modelNo(tx, model);
          for (HistoryEntry entry : entries) {
            JdbcHistory.put(tx, modelNo, entry);
          }
          tx.update(
              "UPDATE model SET changes = ? WHERE no = ?", expectedCount + entries.size(), modelNo);
          return true;
        });
  }

  @Override
  public List<HistoryEntry> history(String model, long after) {
    return database.read(
        tx ->
            tx.query(
                "SELECT m.name, h.* FROM model m JOIN model_history h ON h.model_no = m.no"
                    + " WHERE m.name = ? AND h.sequence > ? ORDER BY h.sequence",
                JdbcHistory::entry,
                model,
                after));
  }

  @Override
  public SortedMap<String, Integer> aliases(String model) {
    return database.read(
        tx -> {
          SortedMap<String, Integer> aliases = new TreeMap<>();
          tx.scan(
              "SELECT a.alias, a.version FROM model m JOIN model_alias a ON a.model_no = m.no"
                  + " WHERE m.name = ?",
              row -> {
                aliases.put(row.getString(1), row.getInt(2));
                return true;
              },
              model);
          return aliases;
        });
  }

  @Override
  public void putFollower(FollowerRecord follower) {
    database.write(
        tx -> {
          JdbcFollowers.put(tx, follower);
          return true;
        });
  }

  @Override
  public void removeFollower(String followerId) {
    database.write(
        tx -> {
          JdbcFollowers.remove(tx, followerId);
          return true;
        });
  }

  @Override
  public List<FollowerRecord> followers(String model) {
    return database.read(tx -> JdbcFollowers.of(tx, model));
  }

  /**
   * Whoever gives a model a version or a history entry does so alone: numbers have no gaps, a
   * package is registered once, and the count of changes that is compared is the one that is
   * raised.
   */
  private static void lock(Transaction tx, String model) throws SQLException {
    tx.lock("model " + model);
  }

  private static Optional<ModelVersion> find(Transaction tx, Registration registration)
      throws SQLException {
    StoredPackage stored = registration.stored();
    String runId = stored.manifest().runId();
    return tx
        .query(
            VERSIONS + " AND v.package_digest = ? ORDER BY v.number",
            JdbcRegistryStore::version,
            registration.model(),
            stored.digest().hex())
        .stream()
        .filter(version -> Objects.equals(version.runId(), runId))
        .findFirst();
  }

  private static ModelVersion add(Transaction tx, Registration registration, Instant at)
      throws SQLException {
    String model = registration.model();
    StoredPackage stored = registration.stored();
    tx.update(
        "INSERT INTO model (name, last_number, changes) VALUES (?, 0, 0)"
            + " ON CONFLICT (name) DO NOTHING",
        model);
    long modelNo = modelNo(tx, model);
    tx.update("UPDATE model SET last_number = last_number + 1 WHERE no = ?", modelNo);
    Manifest manifest = stored.manifest();
    Digest fingerprint = manifest.featureFingerprint();
    tx.update(
        "INSERT INTO model_version (model_no, number, stage, moved_in, package_digest, format,"
            + " feature_set, feature_fingerprint, run_id, registered_at)"
            + " SELECT no, last_number, ?, 0, ?, ?, ?, ?, ?, ? FROM model WHERE no = ?",
        Stage.NONE.name(),
        stored.digest().hex(),
        manifest.format(),
        manifest.featureSet(),
        fingerprint == null ? null : fingerprint.hex(),
        manifest.runId(),
        Timestamps.toMicros(at),
        modelNo);
    ModelVersion added =
        find(tx, registration)
            .orElseThrow(() -> new IllegalStateException("the version just added is not there"));
    JdbcOrigins.put(
        tx, modelNo, added.number(), new Origin(stored.facts(), registration.importedFrom()));
    return added;
  }

  private static long changeCount(Transaction tx, String model) throws SQLException {
    return tx.first("SELECT changes FROM model WHERE name = ?", row -> row.getLong(1), model)
        .orElse(0L);
  }

  private static long modelNo(Transaction tx, String model) throws SQLException {
    return tx.first("SELECT no FROM model WHERE name = ?", row -> row.getLong(1), model)
        .orElseThrow(() -> new IllegalArgumentException("there is no model \"" + model + "\""));
  }

  private static ModelVersion version(ResultSet row) throws SQLException {
    String fingerprint = row.getString("feature_fingerprint");
    return new ModelVersion(
        row.getString("name"),
        row.getInt("number"),
        Stage.valueOf(row.getString("stage")),
        new Digest(row.getString("package_digest")),
        row.getString("format"),
        row.getString("feature_set"),
        fingerprint == null ? null : new Digest(fingerprint),
        row.getString("run_id"),
        Timestamps.fromMicros(row.getLong("registered_at")));
  }
}
