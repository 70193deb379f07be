package dev.mlops4j.tracking;

import dev.mlops4j.data.Timestamps;
import dev.mlops4j.storage.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What concerns a run together with its children, theirs and so on. Families change one at a time,
 * so that no child comes to a run that is being deleted.
 */
final class JdbcRunFamily {

  private static final String MEMBERS =
      "WITH RECURSIVE family (id, deleted_at) AS (SELECT id, deleted_at FROM run WHERE id = ?"
          + " UNION SELECT r.id, r.deleted_at FROM run r JOIN family f ON r.parent_id = f.id)"
          + " SELECT id FROM family WHERE ";

  private final Transaction tx;

  private JdbcRunFamily(Transaction tx) {
    this.tx = tx;
  }

  /** Nobody else changes a family until the transaction ends. */
  static JdbcRunFamily locked(Transaction tx) throws SQLException {
    tx.lock("families of runs");
    return new JdbcRunFamily(tx);
  }

  /** Checks that a run can have a child more. */
  void requireParent(String parentId) throws SQLException {
    requireNotDeleted(parentId, require(parentId), "to get a child");
  }

  /** Checks that a run may come that had this parent elsewhere. */
  void requireNotDeletedIfThere(@Nullable String parentId) throws SQLException {
    if (parentId != null) {
      Optional<Found> parent = find(parentId);
      if (parent.isPresent()) {
        requireNotDeleted(parentId, parent.get(), "to get a child");
      }
    }
  }

  void delete(String runId, Instant at, Liveness liveness) throws SQLException {
    if (require(runId).deletedAt() == null) {
      for (String id :
          lock(tx.query(MEMBERS + "deleted_at IS NULL", row -> row.getString(1), runId))) {
        requireEnded(id, liveness);
        tx.update("UPDATE run SET deleted_at = ? WHERE id = ?", Timestamps.toMicros(at), id);
      }
    }
  }

  private void requireEnded(String runId, Liveness liveness) throws SQLException {
    String running = "run.status = '" + RunStatus.RUNNING + "' AND run.id = ?";
    for (RunRecord run : new JdbcRunReader(tx, running, runId).runs()) {
      if (liveness.judge(run).status() == RunStatus.RUNNING) {
        throw new RunNotEndedException(run, "deleted");
      }
    }
  }

  /** Restores runs, each after those of them that it is a part of. */
  void restore(List<String> runIds) throws SQLException {
    Set<String> waiting = new LinkedHashSet<>(runIds);
    for (String runId : runIds) {
      for (String id : ancestorsFirst(runId)) {
        if (waiting.remove(id)) {
          restore(id);
        }
      }
    }
  }

  private List<String> ancestorsFirst(String runId) throws SQLException {
    Deque<String> line = new ArrayDeque<>();
    String next = runId;
    while (next != null && !line.contains(next)) {
      line.push(next);
      next = find(next).map(Found::parentId).orElse(null);
    }
    return List.copyOf(line);
  }

  private void restore(String runId) throws SQLException {
    Found found = require(runId);
    if (found.deletedAt() == null) {
      return;
    }
    if (found.parentId() != null) {
      Optional<Found> parent = find(found.parentId());
      if (parent.isPresent()) {
        requireNotDeleted(
            found.parentId(), parent.get(), "to have its child " + runId + " restored");
      }
    }
    List<String> members =
        tx.query(MEMBERS + "deleted_at = ?", row -> row.getString(1), runId, found.deletedAt());
    for (String id : lock(members)) {
      tx.update("UPDATE run SET deleted_at = NULL WHERE id = ?", id);
    }
  }

  /** In one order, so that two processes never wait for each other. */
  private List<String> lock(List<String> ids) throws SQLException {
    List<String> sorted = ids.stream().sorted().toList();
    for (String id : sorted) {
      tx.lock("run " + id);
    }
    return sorted;
  }

  private static void requireNotDeleted(String runId, Found found, String asked) {
    if (found.deletedAt() != null) {
      throw new DeletedRunException(runId, asked);
    }
  }

  private Found require(String runId) throws SQLException {
    return find(runId).orElseThrow(() -> new NoSuchRunException(runId));
  }

  private Optional<Found> find(String runId) throws SQLException {
    return tx.first(
        "SELECT parent_id, deleted_at FROM run WHERE id = ?",
        row -> new Found(row.getString(1), row.getObject(2) == null ? null : row.getLong(2)),
        runId);
  }

  private record Found(@Nullable String parentId, @Nullable Long deletedAt) {}
}
