package dev.mlops4j.registry;

import dev.mlops4j.data.Timestamps;
import dev.mlops4j.storage.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The history of models, and the changes it tells of, in {@link JdbcRegistrySchema}. */
final class JdbcHistory {

  private static final String DELETION = "DELETION";
  private static final String GATES = "GATES";

  private JdbcHistory() {}

  /** Appends an entry, and changes what it says. */
  static void put(Transaction tx, long modelNo, HistoryEntry entry) throws SQLException {
    if (entry instanceof StageChange change) {
      apply(tx, modelNo, change);
    } else if (entry instanceof AliasChange change) {
      apply(tx, modelNo, change);
    } else if (entry instanceof VersionDeletion deletion) {
      apply(tx, modelNo, deletion);
    } else if (entry instanceof GateRequirement requirement) {
      apply(tx, modelNo, requirement);
    }
  }

  private static void apply(Transaction tx, long modelNo, StageChange change) throws SQLException {
    tx.update(
        "UPDATE model_version SET stage = ?, moved_in = ? WHERE model_no = ? AND number = ?",
        change.to().name(),
        change.sequence(),
        modelNo,
        change.version());
    tx.update(
        "INSERT INTO model_history (model_no, sequence, version, from_stage, to_stage, cause, at,"
            + " changed_by, reason, overridden, gates) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        modelNo,
        change.sequence(),
        change.version(),
        change.from().name(),
        change.to().name(),
        change.cause().name(),
        Timestamps.toMicros(change.at()),
        change.by(),
        change.reason(),
        change.overridden().isEmpty() ? null : String.join("\n", change.overridden()),
        change.gates() == null ? null : lines(change.gates()));
  }

  private static void apply(Transaction tx, long modelNo, VersionDeletion deletion)
      throws SQLException {
    tx.update(
        "INSERT INTO model_version_deleted (model_no, number, stage, package_digest, format,"
            + " feature_set, feature_fingerprint, run_id, registered_at)"
            + " SELECT model_no, number, stage, package_digest, format, feature_set,"
            + " feature_fingerprint, run_id, registered_at FROM model_version"
            + " WHERE model_no = ? AND number = ?",
        modelNo,
        deletion.version());
    tx.update(
        "DELETE FROM model_version WHERE model_no = ? AND number = ?", modelNo, deletion.version());
    tx.update(
        "INSERT INTO model_history (model_no, sequence, version, from_stage, to_stage, cause, at,"
            + " changed_by, reason, event) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        modelNo,
        deletion.sequence(),
        deletion.version(),
        deletion.from().name(),
        deletion.from().name(),
        StageChange.Cause.PROMOTION.name(),
        Timestamps.toMicros(deletion.at()),
        deletion.by(),
        deletion.reason(),
        DELETION);
  }

  private static void apply(Transaction tx, long modelNo, AliasChange change) throws SQLException {
    if (change.to() == null) {
      tx.update(
          "DELETE FROM model_alias WHERE model_no = ? AND alias = ?", modelNo, change.alias());
    } else {
      tx.update(
          "INSERT INTO model_alias (model_no, alias, version) VALUES (?, ?, ?)"
              + " ON CONFLICT (model_no, alias) DO UPDATE SET version = excluded.version",
          modelNo,
          change.alias(),
          change.to());
    }
    tx.update(
        "INSERT INTO model_history (model_no, sequence, alias, from_version, to_version, at,"
            + " changed_by, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        modelNo,
        change.sequence(),
        change.alias(),
        change.from(),
        change.to(),
        Timestamps.toMicros(change.at()),
        change.by(),
        change.reason());
  }

  /** To a library that does not know requirements it is a change that changes nothing. */
  private static void apply(Transaction tx, long modelNo, GateRequirement requirement)
      throws SQLException {
    tx.update(
        "INSERT INTO model_history (model_no, sequence, version, from_stage, to_stage, cause, at,"
            + " changed_by, reason, event, gates) VALUES (?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?)",
        modelNo,
        requirement.sequence(),
        Stage.NONE.name(),
        Stage.NONE.name(),
        StageChange.Cause.PROMOTION.name(),
        Timestamps.toMicros(requirement.at()),
        requirement.by(),
        requirement.reason(),
        GATES,
        lines(requirement.gates()));
  }

  /** Each with a line's end, so that none and an empty one differ. */
  private static String lines(List<String> names) {
    StringBuilder lines = new StringBuilder();
    names.forEach(name -> lines.append(name).append('\n'));
    return lines.toString();
  }

  /** An entry of a query of {@code model_history} with the model's name. */
  static HistoryEntry entry(ResultSet row) throws SQLException {
    String model = row.getString("name");
    long sequence = row.getLong("sequence");
    Instant at = Timestamps.fromMicros(row.getLong("at"));
    String by = row.getString("changed_by");
    String reason = row.getString("reason");
    String alias = row.getString("alias");
    if (alias != null) {
      return new AliasChange(
          model,
          sequence,
          alias,
          number(row, "from_version"),
          number(row, "to_version"),
          at,
          by,
          reason);
    }
    String event = row.getString("event");
    String gates = row.getString("gates");
    if (GATES.equals(event) && gates != null) {
      return new GateRequirement(model, sequence, gates.lines().toList(), at, by, reason);
    }
    if (DELETION.equals(event)) {
      return new VersionDeletion(
          model,
          sequence,
          row.getInt("version"),
          Stage.valueOf(row.getString("from_stage")),
          at,
          by,
          reason);
    }
    String overridden = row.getString("overridden");
    return new StageChange(
        model,
        sequence,
        row.getInt("version"),
        Stage.valueOf(row.getString("from_stage")),
        Stage.valueOf(row.getString("to_stage")),
        StageChange.Cause.valueOf(row.getString("cause")),
        at,
        by,
        reason,
        overridden == null ? List.of() : overridden.lines().toList(),
        gates == null ? null : gates.lines().toList());
  }

  private static @Nullable Integer number(ResultSet row, String column) throws SQLException {
    int number = row.getInt(column);
    return row.wasNull() ? null : number;
  }
}
